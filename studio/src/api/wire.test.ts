import { describe, expect, it } from 'vitest';
import { MLMODEL } from '../../dev/mock/samples.mjs';
import { join, parseListing } from './blob';
import { reachable } from './endpoints';
import { jobDuration, jobTimes, parentOf, type Job } from './jobs';
import { artifactUrl, metricValue } from './mlflow';
import { parseMlModel, requestFromExample, requestFromSignature } from './signature';

describe('blob listings', () => {
  const xml = `<?xml version="1.0"?><EnumerationResults><Blobs><BlobPrefix><Name>p/model/</Name></BlobPrefix>
    <Blob><Name>p/a&amp;b.txt</Name><Properties><Content-Length>12</Content-Length></Properties></Blob></Blobs><NextMarker>m2</NextMarker></EnumerationResults>`;
  it('are read relative to their prefix', () => {
    expect(parseListing(xml, 'p/')).toEqual({
      entries: [
        { path: 'model', name: 'model', folder: true, bytes: null },
        { path: 'a&b.txt', name: 'a&b.txt', folder: false, bytes: 12 },
      ],
      next: 'm2',
    });
  });
  it('end at an empty marker', () => {
    expect(parseListing('<Blobs/><NextMarker />', '').next).toBe('');
  });
  it('join paths without doubled slashes', () => {
    expect(join('a/', '/b', '', 'c')).toBe('a/b/c');
  });
});

describe('jobs', () => {
  const job = (properties: Partial<Job['properties']>): Job => ({
    id: 'i',
    name: 'j',
    systemData: { createdAt: '2026-01-01T00:00:00Z' },
    properties: { jobType: 'Command', ...properties },
  });
  it('take their times from wherever they are', () => {
    const times = jobTimes(
      job({ properties: { StartTimeUtc: '2026-01-01T00:00:10Z', EndTimeUtc: '2026-01-01T00:00:15Z' } }),
    );
    expect(times.ended! - times.started!).toBe(5000);
  });
  it('have no duration before they start, and a growing one while they run', () => {
    expect(jobDuration(job({}), Date.now(), true)).toBeNull();
    const running = job({ startTimeUtc: '2026-01-01T00:00:10Z' });
    expect(jobDuration(running, Date.UTC(2026, 0, 1, 0, 0, 40), true)).toBe(30_000);
    expect(jobDuration(running, Date.UTC(2026, 0, 1, 0, 0, 40), false)).toBeNull();
  });
  it('know their pipeline by any of its names', () => {
    expect(parentOf(job({ parentJobName: 'p' }))).toBe('p');
    expect(parentOf(job({ properties: { 'azureml.pipelinerunid': 'q' } }))).toBe('q');
    expect(parentOf(job({}))).toBeNull();
  });
});

describe('mlflow', () => {
  const ws = { subscriptionId: 's', resourceGroup: 'rg', name: 'main', location: 'l', workspaceId: 'w' };
  it('reads NaN from text', () => {
    expect(metricValue('NaN')).toBeNaN();
    expect(metricValue(0.5)).toBe(0.5);
  });
  it('addresses proxied artifacts, with and without an authority', () => {
    expect(artifactUrl(ws, 'mlflow-artifacts:/1/run/artifacts', 'plots/a b.png')).toMatch(
      /\/mlflow-artifacts\/artifacts\/1\/run\/artifacts\/plots\/a%20b\.png$/,
    );
    expect(artifactUrl(ws, 'mlflow-artifacts://host:1/x/', 'f')).toMatch(/\/artifacts\/x\/f$/);
    expect(artifactUrl(ws, 's3://bucket/x', 'f')).toBeNull();
  });
});

describe('MLmodel files', () => {
  it('give signature, example and flavors, through folded YAML', () => {
    const model = parseMlModel(MLMODEL);
    expect(model.inputs.map((c) => c.name)).toEqual(['age', 'gender', 'diet', 'bmi', 'glucose', 'systolic', 'smoker']);
    expect(model.inputs[2]).toEqual({ name: 'diet', type: 'string', required: false });
    expect(model.outputs[0]?.type).toBe('tensor(int64, [-1])');
    expect(model.example).toBe('input_example.json');
    expect(model.flavors).toEqual(['python_function', 'sklearn']);
  });
  it('may have no signature', () => {
    expect(parseMlModel('flavors: {}\n').inputs).toEqual([]);
    expect(() => parseMlModel('')).toThrow('empty');
  });
  it('turn examples of every form into one row in split form', () => {
    const row = { input_data: { columns: ['a', 'b'], index: [0], data: [[1, 'x']] } };
    expect(
      requestFromExample({
        columns: ['a', 'b'],
        data: [
          [1, 'x'],
          [2, 'y'],
        ],
      }),
    ).toEqual(row);
    expect(requestFromExample({ dataframe_split: { columns: ['a', 'b'], data: [[1, 'x']] } })).toEqual(row);
    expect(requestFromExample([{ a: 1, b: 'x' }])).toEqual(row);
    expect(requestFromExample([[1, 2]])).toBeNull();
    expect(requestFromExample('text')).toBeNull();
  });
  it('turn signatures into a request of fitting types', () => {
    const request = requestFromSignature(parseMlModel(MLMODEL).inputs);
    expect(request?.input_data.data[0]).toEqual([0, '', '', 0.5, 0, 0, false]);
    expect(requestFromSignature([])).toBeNull();
  });
});

it('scores over the page’s own origin when the host is this machine', () => {
  expect(reachable('https://localhost:8443/endpoints/main/d/score', '127.0.0.1')).toBe('/endpoints/main/d/score');
  expect(reachable('https://models.example.org/score', 'localhost')).toBe('https://models.example.org/score');
});
