// Writes dist/index.d.ts, the types of the library in one file: the compiler's declarations, a file a module, are rolled up.
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const folder = fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-types-'));
try {
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', path.join(root, 'tsconfig.build.json'), '--outDir', folder], {
    stdio: 'inherit',
  });
  const bundle = await rolldown({
    input: path.join(folder, 'index.d.ts'),
    plugins: dts({ dtsInput: true, emitDtsOnly: true, tsconfig: false }),
  });
  const { output } = await bundle.generate({ format: 'es' });
  const { code } = output.find(({ fileName }) => fileName === 'index.d.ts');
  fs.mkdirSync(path.join(root, 'dist'), { recursive: true });
  fs.writeFileSync(path.join(root, 'dist/index.d.ts'), `/// <reference types="node" />\n${code}`);
} finally {
  fs.rmSync(folder, { recursive: true });
}
