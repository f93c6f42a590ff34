import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tar } from '../support/archives.ts';
import { run } from '../support/session.ts';
import { materialise, pathIn, temporaryFolder, treeNames } from '../support/trees.ts';

const COMMAND = fileURLToPath(new URL('../../bin/mesos-ckpt.js', import.meta.url));

/** The built command, which has threads; the sources have none. */
const built = (argv: readonly string[], input = '') => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [COMMAND, ...argv], {
    encoding: 'utf8',
    input,
    env: { ...process.env, COLUMNS: '100', NO_COLOR: '1' },
  });
  return { out: stdout, err: stderr, exitCode: status };
};

const timeless = (text: string): string => text.replaceAll(/"time":"[^"]*"/g, '"time":""');

describe('several threads', () => {
  const folder = (): string => {
    const all = temporaryFolder();
    for (const [number, name] of treeNames.entries()) {
      const at = path.join(all, `n${String(number).padStart(2, '0')}.tar.gz`);
      const edits =
        name === 'marathon' ? [{ op: 'truncate', path: pathIn(name, /executor\.info$/), size: 3 } as const] : [];
      const root = materialise(name, edits);
      // Of less than 2 MiB nothing is judged in threads.
      if (number === 0) fs.writeFileSync(path.join(root, 'stderr'), randomBytes(3 * 1024 * 1024));
      fs.writeFileSync(at, number % 7 === 3 ? 'bad' : tar(['-C', root, '-zcf', '-', '.']));
    }
    return all;
  };

  it.each([
    ['verify', []],
    ['verify', ['--json', '--state']],
    ['verify', ['--summary']],
    ['prune', ['--salvage']],
    ['prune', ['--json']],
    ['preflight', ['--json']],
  ] as const)('say what one says, in the same order: %s %j', async (command, words) => {
    const all = folder();
    const one = await run([command, all, ...words], { columns: 100, wide: true, zone: 'local' });
    const many = built([command, all, ...words]);
    expect(one.out.length).toBeGreaterThan(100);
    expect(timeless(many.out)).toBe(timeless(one.out));
    expect(many.err).toBe(one.err);
    expect(many.exitCode).toBe(one.exitCode);
  });

  it('read standard input among others', () => {
    const archive = tar(['-C', materialise('legacy'), '-cf', '-', '.']);
    const others = Array.from({ length: 9 }, () => materialise('marathon'));
    const { stdout } = spawnSync(process.execPath, [COMMAND, 'verify', ...others, '-', '--json'], {
      input: archive,
      encoding: 'utf8',
    });
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => 'error' in JSON.parse(line)),
    ).toEqual([...others, '-'].map(() => false));
  });

  it('end with a wrong option as one does', async () => {
    const words = ['prune', materialise('legacy'), materialise('legacy'), '--adopt'];
    const one = await run(words, { columns: 100, wide: true, zone: 'local' });
    expect(built(words)).toEqual(one);
  });
});
