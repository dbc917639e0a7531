// Looks at every page in a real browser: a screenshot in light and dark, the console's errors, an axe check.
// Usage: npm run build && npm run shots [-- name-filter]     CHROMIUM=/path/to/chromium
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { startMock } from './mock-server.mjs';

const PAGES = {
  home: '/',
  data: '/data',
  'data-profile': '/data/patients',
  'data-preview': '/data/patients?view=preview',
  'data-details': '/data/patients?view=details',
  upload: '/data/upload',
  environments: '/environments',
  'env-build': '/environments/AzureML-sklearn-1.5',
  'env-spec': '/environments/diabetes?view=spec',
  'env-failed': '/environments/broken-env',
  experiments: '/jobs',
  jobs: '/jobs?view=jobs',
  experiment: '/experiments/1',
  compare: '/experiments/1?view=compare&runs=tidy_lamp_ax0k4,tidy_lamp_cx2k4,tidy_lamp_dx3k4',
  job: '/jobs/tidy_lamp_dx3k4',
  'job-metrics': '/jobs/tidy_lamp_dx3k4/metrics',
  'job-logs': '/jobs/tidy_lamp_dx3k4/logs',
  'job-artifacts': '/jobs/jolly_river_1a2b3c_train_boosting/artifacts',
  sweep: '/jobs/brave_wave_5w33p0',
  'sweep-live': '/jobs/quiet_wave_5w33p1',
  run: '/jobs/1f0c7b2ad2f94a9c8f1f5a3e77aa0001',
  pipelines: '/pipelines',
  pipeline: '/jobs/calm_stone_9z8y7x',
  'pipeline-node': '/jobs/calm_stone_9z8y7x?node=train_boosting',
  'pipeline-done': '/jobs/jolly_river_1a2b3c',
  schedules: '/schedules',
  models: '/models',
  model: '/models/diabetes-classifier',
  endpoints: '/endpoints',
  endpoint: '/endpoints/diabetes',
  'endpoint-test': '/endpoints/diabetes/test',
  'endpoint-metrics': '/endpoints/diabetes/metrics',
  'endpoint-consume': '/endpoints/diabetes/consume',
  'endpoint-logs': '/endpoints/diabetes/logs',
  'batch-list': '/batch-endpoints',
  batch: '/batch-endpoints/nightly',
  'batch-jobs': '/batch-endpoints/nightly/jobs',
  compute: '/compute',
  settings: '/settings',
  'not-found': '/nowhere',
  'job-missing': '/jobs/nobody',
};
const filter = process.argv[2];
const out = new URL('../shots/', import.meta.url).pathname;
await mkdir(out, { recursive: true });
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const full = await startMock(0);
const bare = await startMock(0, { empty: true });
const wide = { width: 1440, height: 900 };
let failures = 0;

async function look(name, server, path, scheme, viewport = wide, then) {
  const context = await browser.newContext({ colorScheme: scheme, viewport, bypassCSP: false });
  const page = await context.newPage();
  const errors = [];
  page.on('console', (m) => m.type() === 'error' && !/404|401|400/.test(m.text()) && errors.push(m.text()));
  page.on('pageerror', (e) => errors.push(String(e)));
  await page.goto(`http://127.0.0.1:${server.address().port}/studio${path}`);
  await page.waitForSelector('h1', { timeout: 15_000 });
  await page.waitForTimeout(1300);
  if (then) await then(page);
  await page.screenshot({ path: `${out}${name}-${scheme}.png` });
  // Tabster's focus sentinels are hidden and focusable by design. DevTools' evaluation is not bound by the page's policy, a script tag would be.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    window.axe.run({ exclude: ['[data-tabster-dummy]'] }, { resultTypes: ['violations'] }),
  );
  for (const v of violations)
    errors.push(
      `axe ${v.impact} ${v.id}: ${v.help}; ${v.nodes.length}x, e.g. ${v.nodes[0]?.html.slice(0, 160)} ${v.nodes[0]?.failureSummary?.split('\n')[1] ?? ''}`,
    );
  failures += errors.length;
  console.log(`${errors.length ? 'FAIL' : 'ok  '} ${name} ${scheme}`);
  for (const e of errors) console.log(`       ${e}`);
  await context.close();
}

for (const [name, path] of Object.entries(PAGES)) {
  if (filter && !name.includes(filter)) continue;
  for (const scheme of ['light', 'dark']) await look(name, full, path, scheme);
}
if (!filter || 'empty'.includes(filter)) {
  for (const p of ['', 'data', 'environments', 'jobs', 'models', 'endpoints', 'compute', 'pipelines'])
    await look(`empty-${p || 'home'}`, bare, `/${p}`, 'light');
}
if (!filter || 'narrow'.includes(filter)) {
  for (const n of ['home', 'data-profile', 'pipeline-node', 'endpoint-test', 'experiment'])
    await look(`narrow-${n}`, full, PAGES[n], 'light', { width: 1024, height: 768 });
}
if (!filter || 'acts'.includes(filter)) {
  await look('act-score', full, '/endpoints/diabetes/test', 'light', wide, async (page) => {
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText('Latency').waitFor();
  });
  await look('act-deploy', full, '/models/diabetes-classifier', 'light', wide, async (page) => {
    await page.getByRole('button', { name: 'Deploy' }).click();
    await page.getByRole('combobox', { name: 'Endpoint' }).fill('second-endpoint');
    await page.getByRole('dialog').getByRole('button', { name: 'Deploy' }).click();
    await page.waitForTimeout(1500);
  });
  await look('act-upload', full, '/data/upload', 'light', wide, async (page) => {
    await page.setInputFiles('input[type=file]', {
      name: 'my patients.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('a,b\n1,2\n'),
    });
    await page.getByRole('button', { name: 'Upload' }).click();
    await page.waitForURL(/data\/my-patients\/1/);
  });
  await look('act-keys', full, '/endpoints/diabetes', 'light', wide, async (page) => {
    await page.getByRole('button', { name: 'Show the keys' }).click();
    await page.getByText('MockPrimaryKey').waitFor();
  });
  await look('act-image', full, '/jobs/jolly_river_1a2b3c_train_boosting/artifacts', 'light', wide, async (page) => {
    await page.getByText('plots').click();
    await page.getByText('roc.svg').click();
    await page.waitForTimeout(600);
  });
}
await browser.close();
full.close();
bare.close();
console.log(failures ? `${failures} problems` : 'no problems');
process.exit(failures ? 1 : 0);
