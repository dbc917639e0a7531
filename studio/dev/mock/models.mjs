// A model's history, and what was in production.
import { json } from './handler.mjs';

const iso = (ms) => new Date(ms).toISOString();

export function modelHistory(name, url, now) {
  const model = 'diabetes-classifier';
  const change = (version, kind, ago, more) => ({
    name: model,
    version,
    kind,
    what: kind,
    before: '',
    after: '',
    who: 'ada',
    at: iso(now - ago),
    ...more,
  });
  const served = { endpointType: 'online', endpoint: 'diabetes', deployment: 'blue' };
  if (name !== 'production')
    return json({
      value: [
        change('2', 'deployment', 3_000_000, { ...served, before: '0', after: '100' }),
        change('2', 'stage', 3_300_000, { before: 'None', after: 'Production' }),
        change('2', 'created', 3_600_000, { after: '2' }),
      ].filter((c) => c.name === name),
    });
  const at = url.searchParams.get('at');
  const because = [
    { kind: 'stage', stage: 'Production', who: 'ada', since: iso(now - 3_300_000) },
    { kind: 'deployment', ...served, traffic: 100, who: 'ada', since: iso(now - 3_000_000) },
  ];
  return json({
    at: at ? `${at}T23:59:59.999Z` : iso(now),
    aliases: ['champion', 'production'],
    value: at && Date.parse(at) < now - 86_400_000 ? [] : [{ name: model, version: '2', because }],
  });
}
