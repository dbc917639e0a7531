import { describe, expect, it } from 'vitest';
import { parseAssetRef, parseBlobPlace, refLabel, refPath } from './refs';

const ws = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/main';

describe('parseAssetRef', () => {
  it.each([
    [`${ws}/data/patients/versions/2`, 'data', 'patients', '2'],
    [`azureml:${ws}/environments/diabetes/versions/1`, 'environments', 'diabetes', '1'],
    ['azureml://subscriptions/s/resourcegroups/rg/workspaces/main/models/m/versions/3', 'models', 'm', '3'],
    [`${ws}/computes/aml-cluster`, 'computes', 'aml-cluster', null],
    [`${ws}/jobs/calm_stone`, 'jobs', 'calm_stone', null],
  ])('reads %s', (text, kind, name, version) => {
    expect(parseAssetRef(text)).toEqual({ kind, name, version, registry: null });
  });
  it('reads short forms with the kind the place implies', () => {
    expect(parseAssetRef('azureml:patients:2', 'data')).toEqual({
      kind: 'data',
      name: 'patients',
      version: '2',
      registry: null,
    });
    expect(parseAssetRef('azureml:AzureML-sklearn-1.5@latest', 'environments')).toMatchObject({
      name: 'AzureML-sklearn-1.5',
      version: 'latest',
    });
  });
  it('reads registry labels', () => {
    const ref = parseAssetRef('azureml://registries/azureml/environments/sklearn-1.5/labels/latest');
    expect(ref).toEqual({ kind: 'environments', name: 'sklearn-1.5', version: 'latest', registry: 'azureml' });
    expect(refLabel(ref!)).toBe('sklearn-1.5@latest');
  });
  it('is null for paths and literals', () => {
    expect(parseAssetRef('azureml://datastores/workspaceblobstore/paths/data/x.csv')).toBeNull();
    expect(parseAssetRef('azureml://jobs/j/outputs/model')).toBeNull();
    expect(parseAssetRef('0.1')).toBeNull();
    expect(parseAssetRef(null)).toBeNull();
  });
  it('leads to pages, the latest version without naming it', () => {
    expect(refPath({ kind: 'data', name: 'a b', version: '1', registry: null })).toBe('/data/a%20b/1');
    expect(refPath({ kind: 'environments', name: 'e', version: 'latest', registry: null })).toBe('/environments/e');
    expect(refPath({ kind: 'components', name: 'c', version: '1', registry: null })).toBeNull();
  });
});

describe('parseBlobPlace', () => {
  it.each([
    [
      'azureml://datastores/workspaceblobstore/paths/UI/x/patients.csv',
      { kind: 'datastore', datastore: 'workspaceblobstore', path: 'UI/x/patients.csv' },
    ],
    [
      'azureml://subscriptions/s/resourcegroups/rg/workspaces/w/datastores/d/paths/LocalUpload/h/f/',
      { kind: 'datastore', datastore: 'd', path: 'LocalUpload/h/f' },
    ],
    ['azureml://jobs/j1/outputs/artifacts/paths/model/', { kind: 'artifacts', job: 'j1', path: 'model' }],
    ['azureml://jobs/j1/outputs/train_data', { kind: 'output', job: 'j1', output: 'train_data', path: '' }],
    [
      'azureml://subscriptions/s/resourcegroups/rg/workspaces/w/jobs/j1/outputs/out/paths/a/b',
      { kind: 'output', job: 'j1', output: 'out', path: 'a/b' },
    ],
    ['runs:/abc/model', { kind: 'artifacts', job: 'abc', path: 'model' }],
    ['mlflow-artifacts:/ExperimentRun/dcid.r1/model', { kind: 'artifacts', job: 'r1', path: 'model' }],
  ])('reads %s', (uri, place) => {
    expect(parseBlobPlace(uri)).toEqual(place);
  });
  it('is null for what it cannot reach', () => {
    expect(parseBlobPlace('https://example.org/x')).toBeNull();
    expect(parseBlobPlace(undefined)).toBeNull();
  });
});
