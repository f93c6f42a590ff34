import * as fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { COMMANDS } from '../../src/cli/main.ts';
import { FakeProcesses } from '../apply/support.ts';
import type { Edit } from '../support/cases.ts';
import { run, session, within } from '../support/session.ts';
import { HOME, materialise, pathIn, temporaryFolder } from '../support/trees.ts';

/**
 * What an operator sees of every command, on a few trees: a file a session, so that a change of a screen is seen in review.
 * `npx vitest run test/golden --update` writes them.
 */

// The names of journals, and what is noted of a snapshot, are of this time; and paths and names are as long on every machine.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 2, 3, 4, 5) });
  vi.stubEnv('TMPDIR', '/tmp');
  vi.spyOn(os, 'hostname').mockReturnValue('HOST');
  syncBuiltinESMExports();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

const HERE = ['--work-dir', HOME];
const COMMAND_LINES: readonly (readonly string[])[] = [
  ['inspect', '.'],
  ['inspect', '.', '--tree'],
  ['verify', '.'],
  ['verify', '.', '--no-strict', '--all'],
  ['verify', '.', '--mesos-version', '1.4.0', '--rebooted'],
  ['snapshot', '.', '--redact', '-o', 'snapshot.tar.gz'],
  ['verify', 'snapshot.tar.gz'],
  ['prune', '.', ...HERE],
  ['prune', '.', '--salvage', ...HERE],
  ['prune', '.', '--salvage', '--accept-new-agent', '--apply', ...HERE],
  ['undo', '--list', '.'],
  ['undo', 'mesos-ckpt/2026-01-02T03-04-05Z'],
];

/** Runs command lines in a folder, on a host where nothing else runs; what they print, as it is everywhere. */
const play = async (folder: string, lines: readonly (readonly string[])[]): Promise<string> => {
  const processes = new FakeProcesses().folder;
  const shown: string[] = [];
  await within(folder, async () => {
    for (const argv of lines) shown.push(session(await run(argv, { processes }), argv));
  });
  return shown
    .join('\n')
    .replaceAll(folder, '/FOLDER')
    .replaceAll(/packed \d+(\s+)bytes/g, 'packed N$1bytes');
};

const sampleAgent = (): string => {
  const folder = temporaryFolder();
  fs.cpSync(fileURLToPath(new URL('../../fixtures/sample-agent', import.meta.url)), folder, {
    recursive: true,
    verbatimSymlinks: true,
  });
  return folder;
};

/** Edits of what is in a tree at the end of some path. */
const edited = (tree: string, ...edits: readonly ((pathTo: (end: RegExp) => string) => Edit)[]): string => {
  const pathTo = (end: RegExp): string => pathIn(tree, end);
  return materialise(
    tree,
    edits.map((edit) => edit(pathTo)),
  );
};

describe('sessions', () => {
  it.each([
    ['sample-agent', sampleAgent],
    [
      'marathon',
      () =>
        edited(
          'marathon',
          (to) => ({ op: 'append', path: to(/shop_web.*forked\.pid$/), hex: '0a' }),
          (to) => ({ op: 'truncate', path: to(/shop_cache.*executor\.info$/), size: 3 }),
        ),
    ],
    ['operations', () => edited('operations', (to) => ({ op: 'truncate', path: to(/slave\.info$/), size: 0 }))],
    ['targets', () => edited('targets', (to) => ({ op: 'remove', path: to(/slaves\/latest$/) }))],
    ['legacy', () => edited('legacy')],
  ] as const)('on %s', async (name, make) => {
    const shown = await play(fs.realpathSync(make()), COMMAND_LINES);
    await expect(shown).toMatchFileSnapshot(`${name}.txt`);
  });

  it('of help', async () => {
    const lines = [[], ...COMMANDS.map(({ name }) => [name])].map((words) => [...words, '--help']);
    await expect(await play(temporaryFolder(), lines)).toMatchFileSnapshot('help.txt');
  });

  it('of usage that is wrong', async () => {
    const lines = COMMANDS.flatMap(({ name }) => [
      // Without anything, preflight looks at the host of the test.
      // The script that collect prints has a file and tests of its own.
      name === 'preflight' ? [name, '--root', '.'] : name === 'collect' ? [name, '--work-dir', 'here'] : [name],
      [name, '--nonsense'],
      [name, 'nowhere'],
    ]);
    await expect(await play(temporaryFolder(), [['nonsense'], ...lines])).toMatchFileSnapshot('usage.txt');
  });
});
