// The MLflow half of the mock: experiments, runs, histories and artifact listings.
import { blob, json } from './handler.mjs';
import { random } from './samples.mjs';
import { allJobs } from './world.mjs';

export async function mlflow(w, rpc, url, request, clock) {
  const q = url.searchParams;
  const body = request.method === 'POST' ? await request.json() : {};
  const mlError = (message, status = 404) =>
    json({ error_code: status === 404 ? 'RESOURCE_DOES_NOT_EXIST' : 'INVALID_PARAMETER_VALUE', message }, status);
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
    case 'mlflow/runs/search': {
      const matches = filterOf(body.filter ?? '');
      if (!matches) return mlError(`Invalid clause(s) in filter string: '${body.filter}' (at character 1)`, 400);
      const deleted = { ACTIVE_ONLY: false, DELETED_ONLY: true }[body.run_view_type ?? 'ACTIVE_ONLY'];
      const found = allRuns(w, clock())
        .filter((r) => body.experiment_ids?.includes(r.info.experiment_id))
        .filter((r) => deleted === undefined || deleted === (w.deletedRuns?.has(r.info.run_id) ?? false))
        .filter(matches)
        .sort(orderOf(body.order_by?.[0] ?? 'attributes.start_time DESC'));
      const from = Number(body.page_token ?? 0),
        to = from + (body.max_results ?? 1000);
      return json({ runs: found.slice(from, to), ...(to < found.length ? { next_page_token: String(to) } : {}) });
    }
    case 'mlflow/runs/delete':
      (w.deletedRuns ??= new Set()).add(body.run_id);
      return json({});
    case 'mlflow/runs/restore':
      w.deletedRuns?.delete(body.run_id);
      return json({});
    case 'mlflow/metrics/get-history-bulk-interval':
      return json({
        metrics: q.getAll('run_ids').flatMap((id) =>
          (histories(w, id, clock())[q.get('metric_key')] ?? []).map((p) => ({
            key: q.get('metric_key'),
            run_id: id,
            ...p,
          })),
        ),
      });
    case 'mlflow/runs/get': {
      const r = allRuns(w, clock()).find((x) => x.info.run_id === q.get('run_id'));
      return r ? json({ run: r }) : mlError(`Run '${q.get('run_id')}' not found`);
    }
    case 'mlflow/metrics/get-history': {
      const points = histories(w, q.get('run_id'), clock())[q.get('metric_key')] ?? [];
      return json({ metrics: points.map((p) => ({ key: q.get('metric_key'), ...p })) });
    }
    case 'mlflow/model-versions/get': {
      const v = w.models.get(q.get('name'))?.versions.get(q.get('version'));
      if (!v) return mlError(`Model Version (name=${q.get('name')}, version=${q.get('version')}) not found`);
      return json({ model_version: registered(w, q.get('name'), v) });
    }
    case 'mlflow/registered-models/get': {
      const name = q.get('name');
      const aliases = Object.entries(w.aliases?.[name] ?? {}).map(([alias, version]) => ({ alias, version }));
      return json({ registered_model: { name, aliases } });
    }
    case 'mlflow/registered-models/alias':
      ((w.aliases ??= {})[body.name] ??= {})[body.alias] = body.version;
      return json({});
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

function registered(w, name, v) {
  const aliases = Object.entries(w.aliases?.[name] ?? {}).filter(([, version]) => version === v.name);
  return {
    name,
    version: v.name,
    current_stage: v.properties.stage ?? 'None',
    description: v.properties.description,
    aliases: aliases.map(([alias]) => alias),
    tags: Object.entries(v.properties.tags ?? {}).map(([key, value]) => ({ key, value })),
  };
}

/** The two comparisons that the tests make; null for anything else. */
function filterOf(filter) {
  if (!filter) return () => true;
  const ids = /^attributes\.run_id IN \((.*)\)$/.exec(filter);
  if (ids) return (r) => ids[1].split(',').includes(`'${r.info.run_id}'`);
  const param = /^params\.(\w+) = '(.*)'$/.exec(filter);
  if (param) return (r) => r.data.params.some((p) => p.key === param[1] && p.value === param[2]);
  return null;
}

function orderOf(clause) {
  const [, name, direction] = /^(\S+) (ASC|DESC)$/.exec(clause);
  const value = (r) =>
    name.startsWith('metrics.')
      ? r.data.metrics.find((m) => m.key === name.slice(8))?.value
      : r.info[name.replace('attributes.', '')];
  const sign = direction === 'DESC' ? -1 : 1;
  return (a, b) => {
    const x = value(a),
      y = value(b);
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
    return sign * (x < y ? -1 : x > y ? 1 : 0);
  };
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
