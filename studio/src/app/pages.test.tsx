// @vitest-environment jsdom
// Whole pages against the mock APIs: what is shown, what is sent, and what axe finds.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeHandler } from '../../dev/mock/handler.mjs';
import { makeWorld } from '../../dev/mock/world.mjs';
import { ThemeProvider } from '../theme/mode';
import { App } from './App';

// jsdom has no canvas to draw on; what a chart says in words stays.
vi.mock('../components/ChartCanvas', () => ({ default: () => null }));

// Pages load their code when first opened, which is slow on a busy machine; a failure says its name, not the whole page.
configure({ asyncUtilTimeout: 12_000, getElementError: (message) => new Error(message ?? 'not found') });

const NOW = Date.UTC(2026, 0, 15, 12);
const calls: { method: string; path: string }[] = [];

function serve({ empty = false, status = 0 } = {}) {
  // The clock of the mock stands 8 s after its world began, in the middle of the running pipeline.
  const handle = makeHandler(makeWorld({ now: NOW, empty }), { clock: () => NOW + 8_000 });
  vi.stubGlobal('fetch', async (input: string, init: RequestInit = {}) => {
    init.signal?.throwIfAborted();
    const { signal: _, ...rest } = init;
    const url = new URL(input, 'http://localhost');
    calls.push({ method: rest.method ?? 'GET', path: decodeURIComponent(url.pathname) });
    if (status) return new Response('{}', { status });
    return handle(new Request(url, rest));
  });
}

function open(path: string) {
  window.history.replaceState(null, '', path);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <QueryClientProvider client={client}>
      <ThemeProvider>
        <App />
      </ThemeProvider>
    </QueryClientProvider>,
  );
}

async function violations(): Promise<string[]> {
  const { violations: found } = await axe.run(
    { include: [document.body], exclude: ['[data-tabster-dummy]'] },
    // jsdom paints nothing, so contrast is left to the browser run (`npm run shots`); the page's language is index.html's.
    {
      resultTypes: ['violations'],
      rules: { 'color-contrast': { enabled: false }, 'html-has-lang': { enabled: false } },
    },
  );
  return found.map((v) => `${v.id}: ${v.nodes[0]?.html.slice(0, 200)}`);
}

beforeEach(() => {
  vi.stubEnv('BASE_URL', '/');
  calls.length = 0;
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

describe.each([
  ['/', 'main', 'Recent jobs'],
  ['/data', 'Data', 'clinic-notes'],
  ['/data/patients', 'patients', 'glucose'],
  ['/environments/broken-env', 'broken-env', 'The build failed'],
  ['/jobs?view=jobs', 'Jobs', 'train-without-pandas'],
  ['/experiments/1', 'diabetes-training', 'notebook-run-42'],
  ['/jobs/tidy_lamp_dx3k4', 'gradient-boosting-4', 'learning_rate'],
  ['/jobs/brave_wave_5w33p0', 'tune-boosting', 'optimizer.beta'],
  ['/models/diabetes-classifier', 'diabetes-classifier', 'systolic'],
  ['/models/diabetes-classifier?view=lineage', 'diabetes-classifier', 'diabetes-classifier 2'],
  ['/models/diabetes-classifier?view=history', 'diabetes-classifier', 'Stage from None to Production'],
  ['/models?view=production', 'Models', 'diabetes/blue (online), 100 % of the traffic'],
  [
    '/experiments/1?view=compare&part=parallel&runs=tidy_lamp_ax0k4,tidy_lamp_dx3k4',
    'diabetes-training',
    /Coloured by/,
  ],
  ['/endpoints/diabetes', 'diabetes', 'blue'],
  ['/schedules', 'Schedules', 'nightly'],
  ['/batch-endpoints', 'Batch endpoints', 'nightly'],
  ['/batch-endpoints/nightly', 'nightly', '2 files a mini-batch, 1 × 2 processes, 3 retries, failures are ignored'],
  ['/batch-endpoints/nightly/jobs', 'nightly', 'batchjob-1'],
  ['/compute', 'Compute', 'aml-cluster'],
  ['/settings', 'Settings', 'About'],
])('%s', (path, title, content) => {
  it(`is headed ${title}, shows ${content}, and axe finds nothing`, async () => {
    serve();
    open(path);
    expect(await screen.findByRole('heading', { level: 1, name: title })).toBeTruthy();
    expect((await screen.findAllByText(content)).length).toBeGreaterThan(0);
    expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1);
    expect(screen.getByRole('navigation', { name: 'Studio' })).toBeTruthy();
    expect(screen.getByRole('main')).toBeTruthy();
    expect(await violations()).toEqual([]);
  });
});

describe('an empty workspace', () => {
  it.each([
    '/data',
    '/environments',
    '/jobs',
    '/pipelines',
    '/schedules',
    '/models',
    '/endpoints',
    '/batch-endpoints',
    '/compute',
  ])('%s says what to do next', async (path) => {
    serve({ empty: true });
    open(path);
    expect(await screen.findByRole('heading', { level: 2, name: /^No / })).toBeTruthy();
    expect(document.querySelector('pre')?.textContent).toBeTruthy();
  });
  it('starts at the environment', async () => {
    serve({ empty: true });
    open('/');
    const badge = await screen.findByText('Next step');
    expect(within(badge.closest('li')!).getByText('Environment')).toBeTruthy();
  });
});

it('a 401 ends the session, plainly', async () => {
  serve({ status: 401 });
  open('/data');
  expect(await screen.findByRole('heading', { name: 'This session has ended.' })).toBeTruthy();
  expect(screen.getByText('atelier open')).toBeTruthy();
});

it('an error keeps the server’s words and can be tried again', async () => {
  serve();
  open('/data/clinic-notes');
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('clinic-notes is a folder without a table');
  const before = calls.length;
  fireEvent.click(within(alert).getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(calls.slice(before).some((c) => c.path.endsWith('/profile'))).toBe(true));
});

it('cancelling asks first, then says so to the server', async () => {
  serve();
  open('/jobs/calm_stone_9z8y7x/overview');
  fireEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect(calls.some((c) => c.method === 'POST' && c.path.endsWith('/cancel'))).toBe(false);
  fireEvent.click(await screen.findByRole('button', { name: 'Cancel the job' }));
  await waitFor(() =>
    expect(calls.some((c) => c.method === 'POST' && c.path.endsWith('/jobs/calm_stone_9z8y7x/cancel'))).toBe(true),
  );
  await waitFor(() => expect(screen.getAllByText('Canceled').length).toBeGreaterThan(0));
});

it('a batch job is started over a data asset, and its predictions are looked at', async () => {
  serve();
  open('/batch-endpoints/nightly');
  fireEvent.click(await screen.findByRole('button', { name: 'Create job' }));
  // jsdom gives no focus to the dialog, so it stays hidden for roles.
  const start = (await screen.findByRole('button', { name: 'Start', hidden: true })) as HTMLButtonElement;
  expect(start.disabled).toBe(true);
  fireEvent.click(await screen.findByRole('combobox', { name: 'Data asset', hidden: true }));
  fireEvent.click(await screen.findByRole('option', { name: /^patients/, hidden: true }));
  fireEvent.click(start);
  expect(await screen.findByText('batchjob-new')).toBeTruthy();
  expect(calls.some((c) => c.method === 'POST' && c.path.endsWith('/batchEndpoints/nightly/jobs'))).toBe(true);
  fireEvent.click(await screen.findByRole('button', { name: 'Show predictions of batchjob-1', hidden: true }));
  fireEvent.click(await screen.findByText('predictions.csv'));
  expect((await screen.findAllByText('day-1.csv')).length).toBeGreaterThan(0);
});

it('a schedule is run, disabled, and deleted only after that', async () => {
  serve();
  open('/schedules');
  const row = () => screen.getByText('nightly').closest('tr')!;
  await screen.findByText('nightly');
  expect(within(row()).getByTitle('nightly-20260115T030000Z')).toBeTruthy();
  const weekly = screen.getByText('weekly').closest('tr')!;
  expect(weekly.textContent).toContain('The job was refused');
  const remove = within(row()).getByRole('button', { name: /^Delete nightly/ }) as HTMLButtonElement;
  expect(remove.disabled).toBe(true);
  fireEvent.click(within(row()).getByRole('button', { name: 'Run nightly' }));
  await waitFor(() => expect(within(row()).getByText(/by hand/)).toBeTruthy());
  fireEvent.click(within(row()).getByRole('button', { name: 'Disable nightly' }));
  await waitFor(() => expect(within(row()).getByText('Disabled')).toBeTruthy());
  fireEvent.click(within(row()).getByRole('button', { name: /^Delete nightly/ }));
  expect(calls.some((c) => c.method === 'DELETE')).toBe(false);
  fireEvent.click(await screen.findByRole('button', { name: 'Delete the schedule' }));
  await waitFor(() => expect(screen.queryByText('nightly')).toBeNull());
  expect(calls.some((c) => c.method === 'DELETE' && c.path.endsWith('/schedules/nightly'))).toBe(true);
});

it('keys are asked for on a click, not before', async () => {
  serve();
  open('/endpoints/diabetes');
  const show = await screen.findByRole('button', { name: 'Show the keys' });
  expect(calls.some((c) => c.path.endsWith('/listKeys'))).toBe(false);
  fireEvent.click(show);
  expect(await screen.findByText(/^MockPrimaryKey/)).toBeTruthy();
});

it('the test form is filled from the model, sends, and shows the prediction', async () => {
  serve();
  open('/endpoints/diabetes/test');
  const glucose = (await screen.findByLabelText('glucose')) as HTMLInputElement;
  expect(glucose.value).toBe('158');
  fireEvent.change(glucose, { target: { value: '90' } });
  fireEvent.click(screen.getByRole('button', { name: 'Test' }));
  await screen.findByText('Latency');
  // The mock predicts 1 above a glucose of 130, so a 0 proves that the change was sent.
  expect(screen.getByText('0')).toBeTruthy();
});

it('a log is read to its end and then left alone', async () => {
  serve();
  open('/jobs/gray_fox_failed1/logs');
  expect(await screen.findByText(/ModuleNotFoundError: No module named 'pandas'/)).toBeTruthy();
  await waitFor(() => expect(screen.getByText(/· complete/)).toBeTruthy());
  expect(document.querySelector('pre')?.textContent).not.toContain('\u001b');
});

it('chosen runs are compared by what differs', async () => {
  serve();
  open('/experiments/1?view=compare&part=table&runs=tidy_lamp_ax0k4,tidy_lamp_dx3k4');
  const table = await screen.findByRole('table', { name: 'Parameters compared' });
  expect(within(table).getByRole('rowheader', { name: 'model' })).toBeTruthy();
  expect(within(table).queryByRole('rowheader', { name: 'seed' })).toBeNull();
});

it('runs are filtered and sorted by the server, and a refused filter says where', async () => {
  serve();
  open('/experiments/1');
  const box = await screen.findByRole('combobox', { name: 'Filter runs' });
  await screen.findByText('notebook-run-42');
  fireEvent.focus(box);
  fireEvent.change(box, { target: { value: 'learn' } });
  const option = await screen.findByRole('option', { name: /params\.learning_rate/ });
  fireEvent.mouseDown(option);
  expect((box as HTMLInputElement).value).toBe('params.learning_rate ');
  fireEvent.change(box, { target: { value: 'nonsense' } });
  fireEvent.keyDown(box, { key: 'Enter' });
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('(at character 1)');
  expect(alert.querySelector('pre')?.textContent).toBe('nonsense\n▲');
  expect(new URLSearchParams(window.location.search).get('filter')).toBe('nonsense');
  fireEvent.click(screen.getByRole('button', { name: 'Clear the filter' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Run' }));
  await waitFor(() => expect(new URLSearchParams(window.location.search).get('order')).toBe('a:name asc'));
});

it('what was in production is asked for a day', async () => {
  serve();
  open('/models?view=production');
  await screen.findByText('diabetes-classifier');
  fireEvent.change(screen.getByLabelText(/On this day/), { target: { value: '2020-01-01' } });
  expect(await screen.findByText(/Nothing was\./)).toBeTruthy();
  expect(new URLSearchParams(window.location.search).get('at')).toBe('2020-01-01');
});

it('an alias is set on a version', async () => {
  serve();
  open('/models/diabetes-classifier');
  fireEvent.change(await screen.findByLabelText('New alias'), { target: { value: 'champion' } });
  fireEvent.click(screen.getByRole('button', { name: 'Set alias' }));
  await waitFor(() => expect(screen.getByLabelText('Aliases').textContent).toContain('champion'));
});

it('runs are deleted after a question, and come back', async () => {
  serve();
  open('/experiments/1');
  fireEvent.click(await screen.findByRole('checkbox', { name: 'Select notebook-run-42' }));
  fireEvent.click(screen.getByRole('button', { name: 'Delete' }));
  expect(calls.some((c) => c.path.endsWith('/runs/delete'))).toBe(false);
  fireEvent.click(await screen.findByRole('button', { name: 'Delete 1 run', hidden: true }));
  await waitFor(() => expect(screen.queryByText('notebook-run-42')).toBeNull());
  fireEvent.click(screen.getByRole('switch', { name: 'Deleted runs', hidden: true }));
  expect(await screen.findByText('notebook-run-42')).toBeTruthy();
});

it('a sweep marks its best trial, says why others were stopped, and sorts by the metric', async () => {
  serve();
  open('/jobs/brave_wave_5w33p0');
  const table = await screen.findByRole('table', { name: 'Trials' });
  const best = within(table).getByText('Best').closest('tr')!;
  expect(best.textContent).toContain('Completed');
  expect(within(table).getAllByText(/Stopped early at interval 5/)).toHaveLength(2);
  fireEvent.click(within(table).getByRole('button', { name: 'AUC' }));
  fireEvent.click(within(table).getByRole('button', { name: 'AUC' }));
  expect(within(table).getAllByRole('row')[1]).toBe(best);
  expect(screen.getByText(/18 of at most 20: 15 completed, 1 failed, 2 canceled/)).toBeTruthy();
});

it('tables sort by a press on their headers', async () => {
  serve();
  open('/data');
  const table = await screen.findByRole('table', { name: 'Data assets' });
  const header = within(table).getByRole('columnheader', { name: 'Name' });
  fireEvent.click(within(header).getByRole('button'));
  expect(header.getAttribute('aria-sort')).toBe('ascending');
  fireEvent.click(within(header).getByRole('button'));
  expect(within(table).getAllByRole('row')[1]?.textContent).toContain('patients');
});
