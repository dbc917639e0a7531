import { afterEach, describe, expect, it, vi } from 'vitest';
import { armList, armLongRunning, orNull, type Workspace } from './arm';
import { ApiError, json, onSessionEnded, readError, sameOrigin, send, withQuery } from './http';

const ws: Workspace = { subscriptionId: 's', resourceGroup: 'rg', name: 'main', location: 'local', workspaceId: 'w' };

function answer(...responses: (Response | Error)[]) {
  const fake = vi.fn<(url: string, init: RequestInit) => Promise<Response>>();
  for (const r of responses) {
    if (r instanceof Error) fake.mockRejectedValueOnce(r);
    else fake.mockResolvedValueOnce(r);
  }
  vi.stubGlobal('fetch', fake);
  return fake;
}

const body = (value: unknown, init: ResponseInit = {}) => new Response(JSON.stringify(value), init);

afterEach(() => vi.unstubAllGlobals());

describe('send', () => {
  it('marks requests that change something, and only those', async () => {
    const fetch = answer(body({}), body({}));
    await send('/x');
    await send('/x', { method: 'PUT', json: { a: 1 } });
    expect(fetch.mock.calls[0]![1].headers).not.toHaveProperty('X-Atelier-Studio');
    expect(fetch.mock.calls[1]![1].headers).toMatchObject({
      'X-Atelier-Studio': '1',
      'Content-Type': 'application/json',
    });
    expect(fetch.mock.calls[1]![1].credentials).toBe('same-origin');
  });
  it('gives the server its words', async () => {
    answer(
      body(
        { error: { code: 'Invalid', message: 'Version 1 of patients exists already.' } },
        { status: 409, headers: { 'x-ms-request-id': 'r-7' } },
      ),
    );
    const problem = await send('/x').catch((e: unknown) => e);
    expect(problem).toMatchObject({
      message: 'Version 1 of patients exists already.',
      status: 409,
      code: 'Invalid',
      requestId: 'r-7',
    });
  });
  it('says so when nobody answers', async () => {
    answer(new TypeError('fetch failed'));
    await expect(send('/x')).rejects.toMatchObject({ status: 0, code: 'NoAnswer' });
  });
  it('announces a 401 as the end of the session, except for an endpoint key', async () => {
    const ended = vi.fn();
    const stop = onSessionEnded(ended);
    answer(body({ message: 'no' }, { status: 401 }), body({}, { status: 401 }));
    await send('/score', { method: 'POST', ownAuthorization: true }).catch(() => undefined);
    expect(ended).not.toHaveBeenCalled();
    await send('/atelier/me').catch(() => undefined);
    expect(ended).toHaveBeenCalledOnce();
    stop();
  });
  it('refuses an answer that is not JSON', async () => {
    answer(new Response('<html>', { status: 200 }));
    await expect(json('/x')).rejects.toMatchObject({ code: 'BadAnswer' });
  });
});

describe('readError', () => {
  it.each([
    ['{"error":{"code":"NotFound","message":"No such job."}}', 'No such job.', 'NotFound'],
    ['{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"Run not found"}', 'Run not found', 'RESOURCE_DOES_NOT_EXIST'],
    [
      '<?xml version="1.0"?><Error><Code>BlobNotFound</Code><Message>The blob is gone.</Message></Error>',
      'The blob is gone.',
      'BlobNotFound',
    ],
    ['plain words', 'plain words', null],
    ['<html>proxy page</html>', null, null],
    ['', null, null],
  ])('reads %s', (text, message, code) => {
    expect(readError(text)).toEqual({ message, code });
  });
});

it('keeps calls on the page’s own origin', () => {
  expect(sameOrigin('https://localhost:8443/a/b?c=1')).toBe('/a/b?c=1');
  expect(sameOrigin('/a')).toBe('/a');
  expect(withQuery('/a?x=1', { y: 'b c', z: undefined })).toBe('/a?x=1&y=b+c');
});

describe('lists', () => {
  it('follow nextLink to the end', async () => {
    const fetch = answer(
      body({ value: [{ name: 'a' }], nextLink: 'https://localhost:1/p2?skip=1' }),
      body({ value: [{ name: 'b' }], nextLink: null }),
    );
    expect((await armList(ws, '/data')).map((d) => d.name)).toEqual(['a', 'b']);
    expect(fetch.mock.calls[0]![0]).toContain('/workspaces/main/data?api-version=');
    expect(fetch.mock.calls[1]![0]).toBe('/p2?skip=1');
  });
  it('orNull makes null of 404 and of nothing else', async () => {
    await expect(orNull(Promise.reject(new ApiError('gone', 404)))).resolves.toBeNull();
    await expect(orNull(Promise.reject(new ApiError('broken', 500)))).rejects.toThrow('broken');
  });
});

describe('long-running operations', () => {
  const sleep = () => Promise.resolve();
  const started = () =>
    body({}, { status: 201, headers: { 'Azure-AsyncOperation': 'https://localhost:1/op/1', 'Retry-After': '0' } });

  it('are polled until they succeed', async () => {
    const fetch = answer(started(), body({ status: 'InProgress' }), body({ status: 'Succeeded' }));
    const seen: string[] = [];
    await armLongRunning(ws, '/x', { method: 'PUT' }, { sleep, onStatus: (s) => seen.push(s) });
    expect(seen).toEqual(['InProgress', 'Succeeded']);
    expect(fetch.mock.calls[1]![0]).toBe('/op/1');
  });
  it('fail with the operation’s own message', async () => {
    answer(started(), body({ status: 'Failed', error: { code: 'ModelBroken', message: 'The model did not start.' } }));
    await expect(armLongRunning(ws, '/x', { method: 'PUT' }, { sleep })).rejects.toMatchObject({
      message: 'The model did not start.',
      code: 'ModelBroken',
    });
  });
  it('by Location end when it no longer answers 202', async () => {
    const fetch = answer(
      body({}, { status: 202, headers: { Location: '/poll' } }),
      body({}, { status: 202 }),
      new Response(null, { status: 204 }),
    );
    await armLongRunning(ws, '/x', { method: 'DELETE' }, { sleep });
    expect(fetch).toHaveBeenCalledTimes(3);
  });
});
