import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { HOSTILE } from '../support/hostile-archives.ts';

/** So many blocks of code a byte of an archive may run: its headers are looked at byte by byte. */
const MOST = 10;

describe('what reading an archive takes grows as its bytes, whatever they are', () => {
  let counted: Readonly<Record<string, readonly [number, number, number, number]>> = {};

  // What this process has compiled already would not be counted.
  beforeAll(() => {
    const folder = fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-test-'));
    const outfile = path.join(folder, 'count-archives.mjs');
    const entry = path.resolve('test/bounds/count-archives.ts');
    buildSync({
      entryPoints: [entry],
      bundle: true,
      format: 'esm',
      platform: 'node',
      outfile,
      banner: { js: REQUIRE },
    });
    // Optimised code, which is made at moments of its own, loses counts.
    counted = JSON.parse(execFileSync(process.execPath, ['--no-opt', outfile], { encoding: 'utf8' }));
    fs.rmSync(folder, { recursive: true });
  });

  it.each(Object.keys(HOSTILE))('%s', (name) => {
    const [one, again, two, four] = counted[name] as (typeof counted)[string];
    expect(one).toBeGreaterThan(0);
    // The same bytes cost the same, but for what is done once in a process: it is counted, not timed.
    expect(again / one).toBeGreaterThan(0.99);
    expect(again).toBeLessThanOrEqual(one);
    expect(Math.max(one, two, four)).toBeLessThan(MOST);
    expect(two).toBeLessThan(one * 1.3);
    expect(four).toBeLessThan(two * 1.3);
  });
});

/** Packages that are not ES modules ask for Node's own by `require`. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
