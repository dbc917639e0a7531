// Answers the public APIs for a mock world. Fetch-style: (Request) -> Promise<Response>, so tests can call it without a port.
import { modelHistory } from './models.mjs';
import { randomUUID } from 'node:crypto';
import { mlflow } from './mlflow.mjs';
import { COLUMNS, random } from './samples.mjs';
import { allJobs, arm, logOf, nodes, workspace, WS, trials } from './world.mjs';

export const json = (body, status = 200, headers = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
const armError = (status, code, message) =>
  json({ error: { code, message } }, status, { 'x-ms-request-id': 'mock-0001' });
const notFound = (what) => armError(404, 'ResourceNotFound', `${what} was not found.`);
const list = (value) => json({ value, nextLink: null });
const iso = (ms) => new Date(ms).toISOString();

export function makeHandler(w, { clock = Date.now } = {}) {
  return async function handle(request) {
    const url = new URL(request.url);
    // The scoring addresses of batch endpoints are below a service of their own.
    const path = url.pathname.replace(/^\/mferp\/managementfrontend/, '');
    const method = request.method;
    if (method !== 'GET' && method !== 'HEAD' && request.headers.get('x-atelier-studio') !== '1')
      return armError(403, 'MissingHeader', 'A request that changes something needs the X-Atelier-Studio header.');
    if (path === '/atelier/me')
      return json({
        user: 'ada@example.org',
        version: '0.1.0',
        workspaces: [workspace],
        tracking: `/mlflow/v1.0${WS}`,
      });
    if (path.startsWith('/blob/')) return blob(w, url, method, request);
    if (path.startsWith('/endpoints/')) return score(w, path, request, clock);
    if (path.startsWith('/mlflow/')) return mlflow(w, path.slice(path.indexOf('/api/2.0/') + 9), url, request, clock);
    if (path.toLowerCase().startsWith(WS.toLowerCase()))
      return resources(
        w,
        path.slice(WS.length).split('/').slice(1).map(decodeURIComponent),
        url,
        method,
        request,
        clock,
      );
    return notFound(path);
  };
}

function container(kind, name, c) {
  const newest = c.versions.get(c.latest);
  return {
    ...arm(
      kind,
      name,
      { ...newest.properties, latestVersion: c.latest, nextVersion: String(Number(c.latest) + 1) },
      c.modified,
    ),
  };
}

async function schedules(w, name, verb, method, request, now) {
  const found = w.schedules.get(name);
  if (!found) return notFound(`Schedule ${name}`);
  if (verb === 'trigger') {
    const jobName = `${name}-${iso(now).replace(/[-:]|\.\d+/g, '')}`;
    const fire = { number: found.lastFires.length + 1, scheduledTime: iso(now), firedTime: iso(now), jobName };
    found.lastFires.unshift({ ...fire, trigger: 'Manual', status: 'Submitted' });
    return json({ scheduleActionType: 'CreateJob', submissionId: jobName });
  }
  if (method === 'DELETE') {
    if (found.properties.isEnabled) return armError(409, 'ScheduleEnabled', `Schedule ${name} is enabled.`);
    w.schedules.delete(name);
    return new Response(null, { status: 204 });
  }
  if (method === 'PUT') {
    const { properties } = await request.json();
    w.schedules.set(name, { ...found, properties, nextFireTime: properties.isEnabled ? iso(now + 3_600_000) : null });
  }
  return json(w.schedules.get(name));
}

async function resources(w, p, url, method, request, clock) {
  const now = clock();
  const [kind, name] = p;
  if (kind === 'atelier') return additions(w, p.slice(1), url, method, now);
  if (kind === 'opstatus') return json({ status: now >= (w.operations.get(name) ?? 0) ? 'Succeeded' : 'InProgress' });
  if (kind === 'datastores') {
    const c = { workspaceblobstore: 'azureml-blobstore-6b1d', workspaceartifactstore: 'azureml' }[name];
    return c
      ? json(
          arm(
            'datastores',
            name,
            {
              datastoreType: 'AzureBlob',
              accountName: 'localhost:8443/atelier',
              containerName: c,
              isDefault: name === 'workspaceblobstore',
            },
            0,
          ),
        )
      : notFound(`Datastore ${name}`);
  }
  if (kind === 'computes') return list(w.computes);
  if (kind === 'schedules') return schedules(w, name, p[2], method, request, now);
  if (kind === 'jobs' && name === 'batchjob-1-step')
    return json(
      arm(
        'jobs',
        name,
        {
          jobType: 'Parallel',
          status: 'Completed',
          outputs: { score: { uri: 'azureml://datastores/workspaceblobstore/paths/azureml/batchjob-1-step/score' } },
        },
        now,
      ),
    );
  if (kind === 'jobs') {
    const jobs = allJobs(w, now);
    if (!name) return list(jobs.map(jobResource));
    const job = jobs.find((j) => j.name === name);
    if (!job) return notFound(`Job ${name}`);
    if (p[2] === 'cancel') {
      const stored = w.jobs.get(name);
      stored.cancelled = now;
      return new Response(null, { status: 202, headers: { location: `http://x${WS}/jobs/${name}` } });
    }
    return json(jobResource(job));
  }
  const assets = { data: w.data, environments: w.environments, models: w.models }[kind];
  if (assets) {
    if (!name) return list([...assets].map(([n, c]) => container(kind, n, c)));
    const c = assets.get(name);
    if (method === 'PUT') {
      const { properties } = await request.json();
      w.version(assets, name, p[3], kind, properties, now);
      if (kind === 'data') w.profiles.set(name, w.profiles.get('patients') ?? { rows: 1, columns: [] });
      return json(assets.get(name).versions.get(p[3]), 201);
    }
    if (!c) return notFound(`${kind} ${name}`);
    if (p[2] !== 'versions') return json(container(kind, name, c));
    if (!p[3]) return list([...c.versions.values()]);
    return c.versions.has(p[3]) ? json(c.versions.get(p[3])) : notFound(`Version ${p[3]} of ${name}`);
  }
  if (kind === 'onlineEndpoints') return endpoints(w, p.slice(1), url, method, request, now);
  if (kind === 'batchEndpoints') return batchEndpoints(w, p.slice(1), url, method, request, now);
  return notFound(p.join('/'));
}

function jobResource(j) {
  const env = `${WS}/environments/diabetes/versions/1`;
  const inputs =
    j.type === 'Pipeline' || j.step === 'prepare'
      ? {
          raw_data: { jobInputType: 'uri_file', uri: `${WS}/data/patients/versions/2` },
          target: { jobInputType: 'literal', value: 'diabetic' },
        }
      : {
          train_data: { jobInputType: 'uri_folder', uri: `azureml://jobs/${j.parent ?? j.name}/outputs/train_data` },
          learning_rate: { jobInputType: 'literal', value: '0.1' },
        };
  return arm(
    'jobs',
    j.name,
    {
      jobType: j.type,
      status: j.status,
      displayName: j.display,
      experimentName: j.experiment,
      environmentId: j.type === 'Pipeline' ? null : env,
      computeId: `${WS}/computes/aml-cluster`,
      command:
        j.type === 'Pipeline'
          ? undefined
          : 'python train.py --data ${{inputs.train_data}} --learning-rate ${{inputs.learning_rate}} --model ${{outputs.model}}',
      inputs,
      outputs:
        j.type === 'Pipeline'
          ? { report: { jobOutputType: 'uri_folder' } }
          : { model: { jobOutputType: 'mlflow_model' } },
      tags: { team: 'clinic' },
      services: {},
      properties: {
        ...(j.start ? { StartTimeUtc: iso(j.start) } : {}),
        ...(j.end ? { EndTimeUtc: iso(j.end) } : {}),
        ...(j.parent ? { 'azureml.pipelinerunid': j.parent } : {}),
      },
    },
    j.created,
  );
}

function additions(w, p, url, method, now) {
  const [kind, name] = p;
  if (kind === 'schedules') return list([...w.schedules.values()]);
  if (kind === 'models') return modelHistory(name, url, now);
  if (kind === 'data') {
    const prof = w.profiles.get(name);
    if (!prof) return armError(400, 'NotTabular', `${name} is a folder without a table, so it has no ${p[4]}.`);
    if (p[4] === 'profile') return json(prof);
    const offset = Number(url.searchParams.get('offset') ?? 0),
      limit = Number(url.searchParams.get('limit') ?? 50);
    return json({ columns: COLUMNS, rows: w.rows.slice(offset, offset + limit), total: w.rows.length });
  }
  if (kind === 'environments') {
    if (method === 'POST') {
      w.builds.set(name, { started: now });
      return json({}, 202);
    }
    const b = w.builds.get(name);
    if (!b)
      return json({
        status: 'NotBuilt',
        python: null,
        hash: null,
        lock: null,
        log: null,
        sizeBytes: null,
        startedAt: null,
        finishedAt: null,
        error: null,
      });
    if (!b.started) return json(b);
    const done = now - b.started > 6000;
    const log = [
      'Resolved 46 packages in 214ms',
      'Downloading scikit-learn (12.4MiB)',
      'Downloading pandas (11.6MiB)',
      'Installed 46 packages in 1.82s',
    ]
      .slice(0, 1 + Math.floor((now - b.started) / 1600))
      .join('\n');
    return json({
      ...w.builds.get('AzureML-sklearn-1.5'),
      status: done ? 'Succeeded' : 'Building',
      log,
      startedAt: iso(b.started),
      finishedAt: done ? iso(b.started + 6000) : null,
      ...(done ? {} : { lock: null, sizeBytes: null, hash: null }),
    });
  }
  if (kind === 'jobs' && name === 'batchjob-1')
    return json({ nodes: [{ name: 'batchscoring', job: 'batchjob-1-step', status: 'Completed' }], edges: [] });
  if (kind === 'jobs') {
    const job = allJobs(w, now).find((j) => j.name === name);
    if (!job) return notFound(`Job ${name}`);
    if (p[2] === 'trials') return json(trials(w.jobs.get(name)));
    if (p[2] === 'graph') return json(nodes(w.jobs.get(name), now));
    const text = Buffer.from(logOf(job, now));
    const complete = !['Running', 'Preparing', 'Queued'].includes(job.status);
    if (!p[3])
      return json({
        value: [
          {
            name: job.type === 'Pipeline' ? 'logs/azureml/executionlogs.txt' : 'user_logs/std_log.txt',
            bytes: text.length,
          },
          ...(job.type === 'Pipeline' ? [] : [{ name: 'system_logs/lifecycler.log', bytes: 812 }]),
        ],
        complete,
      });
    const offset = Math.min(Number(url.searchParams.get('offset') ?? 0), text.length);
    return new Response(text.subarray(offset), {
      headers: {
        'content-type': 'text/plain',
        'x-atelier-next-offset': String(text.length),
        'x-atelier-complete': String(complete),
      },
    });
  }
  if (kind === 'onlineEndpoints') {
    if (!w.endpoints.has(name)) return notFound(`Endpoint ${name}`);
    const minutes = Number(url.searchParams.get('minutes') ?? 60),
      r = random(3),
      series = [];
    for (let i = minutes; i >= 0; i -= Math.max(1, minutes / 60))
      series.push({
        time: iso(now - i * 60_000),
        requests: Math.round(20 + 14 * Math.sin(i / 7) + 8 * r()),
        errors: r() < 0.06 ? 1 : 0,
        p50: 6 + 2 * r(),
        p95: 14 + 9 * r(),
      });
    const sum = (k) => series.reduce((s, x) => s + x[k], 0);
    return json({
      requests: sum('requests'),
      errors: sum('errors'),
      latencyMs: { p50: 6.8, p95: 18.4, p99: 31.2 },
      series,
    });
  }
  return notFound(p.join('/'));
}

async function endpoints(w, p, url, method, request, now) {
  const [name, sub, deployment, verb] = p;
  const base = `${url.protocol}//${url.host}`;
  const resource = (n, e) =>
    arm(
      'onlineEndpoints',
      n,
      {
        authMode: 'Key',
        provisioningState: 'Succeeded',
        scoringUri: `${base}/endpoints/main/${n}/score`,
        swaggerUri: `${base}/endpoints/main/${n}/swagger.json`,
        traffic: e.traffic,
        description: 'Diabetes risk of one patient',
      },
      e.at,
      { location: 'local', tags: {} },
    );
  const dep = (n, d) =>
    arm(
      `onlineEndpoints/${name}/deployments`,
      n,
      {
        endpointComputeType: 'Managed',
        model: d.model,
        instanceType: 'Standard_DS3_v2',
        provisioningState: now >= d.ready ? 'Succeeded' : 'Creating',
        scaleSettings: { scaleType: 'Default' },
      },
      d.at,
    );
  const accepted = (body, ms) => {
    const id = randomUUID();
    w.operations.set(id, now + ms);
    return json(body, 201, { 'azure-asyncoperation': `${base}${WS}/opstatus/${id}?api-version=x` });
  };
  if (!name) return list([...w.endpoints].map(([n, e]) => resource(n, e)));
  if (method === 'PUT' && !sub) {
    const body = await request.json();
    const e = w.endpoints.get(name) ?? { at: now, traffic: {}, deployments: new Map() };
    if (body.properties.traffic) e.traffic = body.properties.traffic;
    w.endpoints.set(name, e);
    return accepted(resource(name, e), 700);
  }
  const e = w.endpoints.get(name);
  if (!e) return notFound(`Endpoint ${name}`);
  if (!sub) {
    if (method !== 'DELETE') return json(resource(name, e));
    w.endpoints.delete(name);
    return new Response(null, { status: 202, headers: { location: `${base}${WS}/opstatus/gone` } });
  }
  if (sub === 'listKeys')
    return json({
      primaryKey: 'MockPrimaryKey0123456789abcdefghijkl',
      secondaryKey: 'MockSecondaryKey0123456789abcdefghij',
    });
  if (!deployment) return list([...e.deployments].map(([n, d]) => dep(n, d)));
  if (verb === 'getLogs')
    return json({
      content: Array.from(
        { length: 40 },
        (_, i) => `${iso(now - (40 - i) * 3000)} POST /score 200 ${(5 + ((i * 7) % 11)).toFixed(1)} ms`,
      ).join('\n'),
    });
  if (method === 'PUT') {
    const body = await request.json();
    const d = { at: now, model: body.properties.model, ready: now + 2500 };
    e.deployments.set(deployment, d);
    return accepted(dep(deployment, d), 2500);
  }
  return e.deployments.has(deployment)
    ? json(dep(deployment, e.deployments.get(deployment)))
    : notFound(`Deployment ${deployment}`);
}

async function batchEndpoints(w, p, url, method, request, now) {
  const [name, sub] = p;
  const base = `${url.protocol}//${url.host}`;
  const resource = ([n, e]) =>
    arm(
      'batchEndpoints',
      n,
      {
        authMode: 'aadToken',
        provisioningState: 'Succeeded',
        scoringUri: `${base}/mferp/managementfrontend${WS}/batchEndpoints/${n}/jobs`,
        defaults: { deploymentName: e.chosen },
        description: 'Diabetes risk of a day of patients',
      },
      e.at,
    );
  if (!name) return list([...w.batch].map(resource));
  const e = w.batch.get(name);
  if (!e) return notFound(`Batch endpoint ${name}`);
  if (sub === 'deployments')
    return list([
      arm(
        `batchEndpoints/${name}/deployments`,
        e.chosen,
        {
          model: { referenceType: 'Id', assetId: `${WS}/models/diabetes-classifier/versions/2` },
          provisioningState: 'Succeeded',
          miniBatchSize: 2,
          maxConcurrencyPerInstance: 2,
          errorThreshold: -1,
          outputAction: 'AppendRow',
          outputFileName: 'predictions.csv',
          retrySettings: { maxRetries: 3, timeout: 'PT30S' },
          resources: { instanceCount: 1 },
        },
        e.at,
      ),
    ]);
  const job = (j) =>
    arm('batchEndpoints/jobs', j.name, { status: j.status, tags: { 'azureml.deploymentname': e.chosen } }, j.at);
  if (sub === 'jobs') {
    if (method === 'POST') {
      const { properties } = await request.json();
      e.jobs.unshift({ name: 'batchjob-new', status: 'Running', at: now, input: properties.inputData.data });
      return json(job(e.jobs[0]), 201);
    }
    return list(e.jobs.map(job));
  }
  if (method === 'DELETE') {
    w.batch.delete(name);
    return new Response(null, { status: 202, headers: { location: `${base}${WS}/opstatus/gone` } });
  }
  return json(resource([name, e]));
}

async function score(w, path, request, clock) {
  if (!request.headers.get('authorization')?.endsWith('MockPrimaryKey0123456789abcdefghijkl'))
    return json({ message: 'The key is not one of this endpoint.' }, 401);
  let rows;
  try {
    rows = JSON.parse(await request.text()).input_data.data;
  } catch {
    return json({ message: 'The body must be JSON with input_data.' }, 400);
  }
  w.scores.push(clock());
  return json(
    rows.map((r) => (Number(r[4]) > 130 ? 1 : 0)),
    200,
    { 'azureml-model-deployment': 'blue' },
  );
}

export async function blob(w, url, method, request) {
  const [, , , box, ...rest] = url.pathname.split('/').map(decodeURIComponent);
  const path = rest.join('/');
  if (method === 'PUT') {
    w.blob(box, path, Buffer.from(await request.arrayBuffer()));
    return new Response(null, { status: 201 });
  }
  if (url.searchParams.get('comp') === 'list') {
    const prefix = url.searchParams.get('prefix') ?? '';
    const folders = new Set(),
      files = [];
    for (const [key, body] of w.blobs) {
      if (!key.startsWith(`${box}/${prefix}`)) continue;
      const tail = key.slice(box.length + 1 + prefix.length),
        slash = tail.indexOf('/');
      if (slash >= 0) folders.add(prefix + tail.slice(0, slash + 1));
      else
        files.push(
          `<Blob><Name>${prefix + tail}</Name><Properties><Content-Length>${body.length}</Content-Length></Properties></Blob>`,
        );
    }
    return new Response(
      `<?xml version="1.0"?><EnumerationResults><Blobs>${[...folders].map((f) => `<BlobPrefix><Name>${f}</Name></BlobPrefix>`).join('')}${files.join('')}</Blobs><NextMarker /></EnumerationResults>`,
      { headers: { 'content-type': 'application/xml' } },
    );
  }
  const body = w.blobs.get(`${box}/${path}`);
  if (!body)
    return new Response(
      '<?xml version="1.0"?><Error><Code>BlobNotFound</Code><Message>The specified blob does not exist.</Message></Error>',
      { status: 404 },
    );
  return new Response(body, {
    headers: { 'content-type': path.endsWith('.svg') ? 'image/svg+xml' : 'application/octet-stream' },
  });
}
