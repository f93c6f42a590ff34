import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tar } from '../support/archives.ts';
import { run } from '../support/session.ts';
import { materialise } from '../support/trees.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-test-'));
const command = path.join(folder, 'command.mjs');

beforeAll(async () => {
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/cli/run.ts'],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outfile: command,
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" },
  });
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Runs the command in a process of its own, with bytes on its standard input. */
const runWith = (input: Buffer, argv: readonly string[]) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [command, ...argv], { input, encoding: 'utf8' });
  return { out: stdout, err: stderr, exitCode: status };
};

describe('standard input', () => {
  it('is an archive: of verify', async () => {
    const folder = materialise('marathon');
    const wanted = await run(['verify', path.join(folder, 'meta')]);
    const bytes = tar(['-C', folder, '-cf', '-', 'meta']);
    expect(runWith(bytes, ['verify', '-'])).toEqual(wanted);
    expect(runWith(gzipSync(bytes), ['verify', '-'])).toEqual(wanted);
  });

  it('is an archive: of inspect', async () => {
    const folder = materialise('marathon');
    const json = (text: string): object => ({ ...JSON.parse(text), path: '' });
    const wanted = await run(['inspect', folder, '--json']);
    const found = runWith(gzipSync(tar(['-C', folder, '-cf', '-', '.'])), ['inspect', '-', '--json']);
    expect(found.exitCode).toBe(0);
    expect(json(found.out)).toEqual(json(wanted.out));
  });

  it('may be something else, or nothing', () => {
    for (const input of ['', 'hello', gzipSync('hello'), gzipSync(Buffer.alloc(10240)).subarray(0, 30)]) {
      const { out, err, exitCode } = runWith(Buffer.from(input), ['verify', '-']);
      expect(exitCode).toBe(3);
      expect(out).toBe('');
      expect(err).toMatch(/^mesos-ckpt: -: .*(it is empty|no tar archive|cut off or damaged).*\n$/);
    }
  });
});
