// `npm run dev:mock`: the mock APIs and Vite's development server in one process.
import { createServer } from 'vite';
import { startMock } from './mock-server.mjs';

const mock = await startMock(0, { empty: process.env.MOCK === 'empty' });
process.env.ATELIER_URL = `http://127.0.0.1:${mock.address().port}`;
const vite = await createServer();
await vite.listen();
vite.printUrls();
