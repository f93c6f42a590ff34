import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { buildSync } from 'esbuild';

/** Packages that are not ES modules ask for Node's own by `require`. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/**
 * What a program beside this file has counted and printed. It runs in a process of its own: what this one has compiled
 * already would not be counted.
 */
export const counted = (name: string): Readonly<Record<string, readonly number[]>> => {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-test-'));
  const outfile = path.join(folder, `${name}.mjs`);
  buildSync({
    entryPoints: [path.resolve('test/bounds', `${name}.ts`)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile,
    banner: { js: REQUIRE },
  });
  // Optimised code, which is made at moments of its own, loses counts.
  const said = execFileSync(process.execPath, ['--no-opt', outfile], { encoding: 'utf8' });
  fs.rmSync(folder, { recursive: true });
  return JSON.parse(said) as Readonly<Record<string, readonly number[]>>;
};
