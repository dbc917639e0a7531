// After the build: beside each text file of the bundle its gzip, made once, so that the server sends it as it is.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const bundle = new URL('../dist/', import.meta.url).pathname;
for (const name of readdirSync(bundle, { recursive: true })) {
  const file = join(bundle, name);
  if (/\.(js|css|html|svg|json)$/.test(name) && statSync(file).isFile()) {
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
  }
}
