// The MLflow half of the mock: experiments, runs, histories and artifact listings.
import { blob, json } from './handler.mjs';
import { random } from './samples.mjs';
import { allJobs } from './world.mjs';

export async function mlflow(w, rpc, url, request, clock) {
  const q = url.searchParams;
  const body = request.method === 'POST' ? await request.json() : {};
  const mlError = (message) => json({ error_code: 'RESOURCE_DOES_NOT_EXIST', message }, 404);
  if (rpc.startsWith('mlflow-artifacts/artifacts/')) {
    return blob(
      w,
      new URL(`http://x/blob/atelier/azureml/${rpc.slice('mlflow-artifacts/artifacts/'.length)}`),
      'GET',
      request,
    );
  }
  switch (rpc) {
    case 'mlflow/experiments/search':
      return json({ experiments: w.experiments });
    case 'mlflow/experiments/get': {
      const e = w.experiments.find((x) => x.experiment_id === q.get('experiment_id'));
      return e ? json({ experiment: e }) : mlError(`No Experiment with id=${q.get('experiment_id')} exists`);
    }
    case 'mlflow/runs/search':
      return json({
        runs: allRuns(w, clock())
          .filter((r) => body.experiment_ids?.includes(r.info.experiment_id))
          .sort((a, b) => b.info.start_time - a.info.start_time),
      });
    case 'mlflow/runs/get': {
      const r = allRuns(w, clock()).find((x) => x.info.run_id === q.get('run_id'));
      return r ? json({ run: r }) : mlError(`Run '${q.get('run_id')}' not found`);
    }
    case 'mlflow/metrics/get-history': {
      const points = histories(w, q.get('run_id'), clock())[q.get('metric_key')] ?? [];
      return json({ metrics: points.map((p) => ({ key: q.get('metric_key'), ...p })) });
    }
    case 'mlflow/artifacts/list': {
      const id = q.get('run_id'),
        root = `azureml/ExperimentRun/dcid.${id}/`,
        at = q.get('path') ? `${q.get('path')}/` : '';
      const seen = new Map();
      for (const [key, b] of w.blobs) {
        if (!key.startsWith(root + at)) continue;
        const [head, ...more] = key.slice((root + at).length).split('/');
        seen.set(
          head,
          more.length ? { path: at + head, is_dir: true } : { path: at + head, is_dir: false, file_size: b.length },
        );
      }
      return json({ root_uri: `mlflow-artifacts:/ExperimentRun/dcid.${id}`, files: [...seen.values()] });
    }
    default:
      return mlError(`${rpc} is not mocked`);
  }
}

function histories(w, id, now) {
  if (w.runs.has(id)) return w.runs.get(id).metrics;
  const job = allJobs(w, now).find((j) => j.name === id && j.step?.startsWith('train'));
  if (!job) return {};
  const r = random(job.step.length),
    steps = Math.floor(((job.end ?? now) - job.start) / 200);
  const loss = Array.from({ length: steps }, (_, i) => ({
    value: 0.05 + 0.64 * Math.exp(-i / 12) + 0.02 * r(),
    step: i,
    timestamp: job.start + i * 200,
  }));
  return job.end
    ? {
        AUC: [{ value: 0.964, step: 0, timestamp: job.end }],
        accuracy: [{ value: 0.921, step: 0, timestamp: job.end }],
        loss,
      }
    : { loss };
}

function allRuns(w, now) {
  const kv = (o) => Object.entries(o).map(([key, value]) => ({ key, value }));
  const latest = (h) =>
    Object.entries(h)
      .filter(([, l]) => l.length)
      .map(([key, l]) => ({ key, ...l.at(-1) }));
  const plain = [...w.runs.values()].map((r) => ({
    info: {
      run_id: r.id,
      run_name: r.name,
      experiment_id: r.experiment,
      status: r.status,
      start_time: r.start,
      end_time: r.end,
      user_id: 'ada',
      artifact_uri: `mlflow-artifacts:/ExperimentRun/dcid.${r.id}`,
    },
    data: { metrics: latest(r.metrics), params: kv(r.params), tags: kv({ 'mlflow.runName': r.name, ...r.tags }) },
    inputs: {},
  }));
  const status = {
    Completed: 'FINISHED',
    Running: 'RUNNING',
    Preparing: 'RUNNING',
    Canceled: 'KILLED',
    Failed: 'FAILED',
  };
  const fromJobs = allJobs(w, now)
    .filter((j) => !w.runs.has(j.name))
    .map((j) => ({
      info: {
        run_id: j.name,
        run_name: j.display,
        experiment_id: '2',
        status: status[j.status] ?? 'SCHEDULED',
        start_time: j.start,
        end_time: j.end ?? undefined,
      },
      data: {
        metrics: latest(histories(w, j.name, now)),
        params: j.step?.startsWith('train') ? kv({ model: j.step.slice(6), seed: '7' }) : [],
        tags: kv({ 'mlflow.runName': j.display, ...(j.parent ? { 'mlflow.parentRunId': j.parent } : {}) }),
      },
      inputs: {},
    }));
  return [...plain, ...fromJobs];
}
