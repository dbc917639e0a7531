// Serves the mock APIs and, when it has been built, the bundle under /studio/ with the policy the real server sends.
// Usage: node dev/mock-server.mjs [port]     MOCK=empty for a workspace with nothing in it.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeHandler } from './mock/handler.mjs';
import { makeWorld } from './mock/world.mjs';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const CSP =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

export function startMock(port, { empty = false, speed = 1 } = {}) {
  const handle = makeHandler(makeWorld({ empty, speed }));
  const server = createServer(async (req, res) => {
    const url = new URL(req.url ?? '/', `http://${req.headers.host}`);
    if (url.pathname.startsWith('/studio')) {
      const wanted = normalize(url.pathname.slice('/studio'.length)).replace(/^[/.]+/, '');
      // Asset names may have dots (AzureML-sklearn-1.5), so an ending does not make a file.
      const file = /^(assets\/[\w.-]+|favicon\.svg)$/.test(wanted) ? wanted : 'index.html';
      const body = await readFile(join(DIST, file)).catch(() => null);
      res.writeHead(body ? 200 : 404, {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': CSP,
      });
      res.end(body ?? 'Build the studio first: npm run build');
      return;
    }
    const chunks = [];
    for await (const c of req) chunks.push(c);
    const hasBody = req.method !== 'GET' && req.method !== 'HEAD';
    const response = await handle(
      new Request(url, {
        method: req.method,
        headers: req.headers,
        ...(hasBody ? { body: Buffer.concat(chunks) } : {}),
      }),
    );
    res.writeHead(response.status, Object.fromEntries(response.headers));
    res.end(Buffer.from(await response.arrayBuffer()));
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = Number(process.argv[2] ?? 8444);
  const server = await startMock(port, { empty: process.env.MOCK === 'empty' });
  console.log(`Mock APIs on http://127.0.0.1:${server.address().port}/studio/`);
}
