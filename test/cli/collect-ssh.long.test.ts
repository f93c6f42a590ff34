import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { makeHostOnDisk, readHostFixture } from '../support/fixture-hosts.ts';
import { temporaryFolder } from '../support/trees.ts';

const COMMAND = fileURLToPath(new URL('../../bin/mesos-ckpt.js', import.meta.url));

/** The lines of a document's code blocks that name the script of a host. */
const linesOf = (document: string): readonly string[] =>
  [...fs.readFileSync(document, 'utf8').matchAll(/```\n([\s\S]*?)```/g)]
    .flatMap(([, block = '']) => block.split('\n'))
    .filter((line) => /collect|n1[\w-]*\.tar/.test(line) && /^(?:ssh|mesos-ckpt|tar) /.test(line));

it.each(['README.md', 'docs/collect.md'])('%s: the way by ssh works as it is written', (document) => {
  const lines = linesOf(document);
  expect(lines.some((line) => line.startsWith('ssh '))).toBe(true);
  const folder = temporaryFolder();
  const programs = path.join(folder, 'programs');
  fs.mkdirSync(programs);
  const put = (name: string, text: string): void =>
    fs.writeFileSync(path.join(programs, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  // A host in the place of n1, whose root is a folder here.
  put('ssh', 'shift\nexec "$@"');
  put('sudo', 'exec "$@" -- "$HOST_ROOT"');
  put('mesos-ckpt', `exec '${process.execPath}' '${COMMAND}' "$@"`);
  for (const line of lines) {
    const { status, stderr } = spawnSync('sh', ['-c', line], {
      cwd: folder,
      env: {
        ...process.env,
        PATH: `${programs}:${process.env['PATH']}`,
        HOST_ROOT: makeHostOnDisk(readHostFixture('checkpoint')),
      },
    });
    expect([line, stderr.toString()]).toEqual([line, '']);
    expect([line, [0, 1, 2].includes(status ?? 3)]).toEqual([line, true]);
  }
});
