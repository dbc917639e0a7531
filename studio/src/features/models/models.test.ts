import { describe, expect, it } from 'vitest';
import type { ModelChange } from '../../api/registry';
import { graphOf, inWords, place, type Sources } from './lineage';
import { said } from './ModelHistory';
import { why } from './Production';

const nothing: Sources = {
  model: 'churn',
  version: '2',
  runId: null,
  job: null,
  pipeline: null,
  run: null,
  served: [],
};

describe('lineage', () => {
  it('goes from the data a run logged over the run to what serves the model', () => {
    const graph = graphOf({
      ...nothing,
      runId: 'r1',
      run: {
        info: { run_id: 'r1', run_name: 'winner', experiment_id: '1', status: 'FINISHED' },
        data: {},
        inputs: { dataset_inputs: [{ dataset: { name: 'reviews', digest: 'ab12' } }] },
      },
      served: [
        { endpoint: 'shop', deployment: 'blue', batch: false },
        { endpoint: 'nightly', deployment: 'main', batch: true },
      ],
    });
    expect(inWords(graph)).toBe(
      'winner to churn 2; reviews (ab12) to winner; churn 2 to shop/blue; churn 2 to nightly/main',
    );
    expect(graph.nodes.find((n) => n.label === 'nightly/main')?.to).toBe('/batch-endpoints/nightly');
    expect(graph.nodes.find((n) => n.kind === 'Run')?.to).toBe('/jobs/r1');
    const { at } = place(graph);
    const x = (label: string) => at.get(graph.nodes.find((n) => n.label === label)!.id)!.x;
    expect(x('reviews (ab12)')).toBeLessThan(x('winner'));
    expect(x('churn 2')).toBeLessThan(x('shop/blue'));
  });
  it('says when nothing is known, and does not link to a run that is gone', () => {
    expect(inWords(graphOf(nothing))).toContain('not recorded');
    expect(graphOf({ ...nothing, runId: 'gone' }).nodes.find((n) => n.kind === 'Run')?.to).toBeNull();
  });
});

describe('history', () => {
  const change = (c: Partial<ModelChange>): ModelChange => ({
    name: 'churn',
    version: '2',
    kind: 'stage',
    what: '',
    before: '',
    after: '',
    who: 'maria',
    at: '2026-01-01T00:00:00Z',
    ...c,
  });
  it.each([
    [change({ before: 'None', after: 'Production' }), 'Stage from None to Production'],
    [change({ kind: 'alias', alias: 'champion', before: '1', after: '2' }), 'Alias champion from version 1 to 2'],
    [change({ kind: 'alias', alias: 'champion', after: '2' }), 'Alias champion set on version 2'],
    [change({ kind: 'alias', alias: 'champion', before: '2' }), 'Alias champion removed from version 2'],
    [
      change({ kind: 'deployment', endpoint: 'e', deployment: 'd', after: '0' }),
      'Deployed to e/d with 0 % of the traffic',
    ],
    [change({ kind: 'deployment', endpoint: 'e', deployment: 'd', before: '100' }), 'No longer served by e/d'],
    [
      change({ kind: 'deployment', endpoint: 'e', deployment: 'd', before: '0', after: '100' }),
      'Traffic of e/d from 0 % to 100 %',
    ],
    [change({ kind: 'deleted', version: '' }), 'Model deleted'],
  ])('%#', (c, text) => expect(said(c)).toBe(text));
  it('tells why a version was in production', () => {
    const by = { who: 'maria', since: '2026-01-01T00:00:00Z' };
    expect(why({ kind: 'alias', alias: 'champion', ...by })).toBe('champion');
    expect(
      why({ kind: 'deployment', endpointType: 'online', endpoint: 'e', deployment: 'd', traffic: 40, ...by }),
    ).toBe('e/d (online), 40 % of the traffic');
  });
});
