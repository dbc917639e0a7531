import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Where `npm run dev` sends API calls: a running Atelier, or the mock of `npm run dev:mock`.
const target = process.env.ATELIER_URL ?? 'http://127.0.0.1:8444';
const apiPrefixes = ['/subscriptions', '/atelier', '/mlflow', '/history', '/blob', '/endpoints', '/metadata'];

export default defineConfig({
  base: '/studio/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    // `default-src 'self'` forbids data: URLs, so small assets stay files.
    assetsInlineLimit: 0,
    sourcemap: false,
    chunkSizeWarningLimit: 700,
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(apiPrefixes.map((p) => [p, { target, secure: false, changeOrigin: false }])),
  },
  test: {
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/testSetup.ts'],
    testTimeout: 30_000,
  },
});
