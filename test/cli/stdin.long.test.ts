import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { tar } from '../support/archives.ts';
import { run } from '../support/session.ts';
import { materialise } from '../support/trees.ts';

const COMMAND = fileURLToPath(new URL('../../bin/mesos-ckpt.js', import.meta.url));

/** Runs the built command in a process of its own, with bytes on its standard input. */
const runWith = (input: Buffer, argv: readonly string[]) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [COMMAND, ...argv], { input, encoding: 'utf8' });
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
      expect(err).toMatch(/^mesos-ckpt: -: .*(the file is empty|nor a tar archive|cut off or damaged).*\n$/);
    }
  });
});
