import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fileWith, tar } from '../support/archives.ts';
import { makeFixtureHost, readHostFixture } from '../support/fixture-hosts.ts';
import { run } from '../support/session.ts';
import { materialise, temporaryFolder } from '../support/trees.ts';

const COMMAND = fileURLToPath(new URL('../../bin/mesos-ckpt.js', import.meta.url));

/** The built command, whose parts are put together otherwise than the sources are: each of them is used once. */
const built = (argv: readonly string[]): { readonly out: string; readonly exitCode: number | null } => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [COMMAND, ...argv], {
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: '80', NO_COLOR: '1' },
  });
  expect(stderr).toBe('');
  return { out: stdout, exitCode: status };
};

/** Stand for what is made for one test: a tree whose ids are no ASCII, and an archive of it. */
const TREE = '{tree}';
const ARCHIVE = '{archive}';
/** The root of a made-up host. */
const HOST = '{host}';

const placed = (argv: readonly string[]): readonly string[] => {
  const tree = materialise('ids');
  return argv.map((word) =>
    word === TREE
      ? tree
      : word === ARCHIVE
        ? fileWith(tar(['-C', tree, '-zcf', '-', '.']))
        : word === HOST
          ? makeFixtureHost(readHostFixture('plain')).root
          : word,
  );
};

/** Without the time at which it was printed. */
const timeless = (text: string): string => text.replace(/"time":"[^"]*"/, '"time":""');

/** The exit code of the built command where nobody reads what it prints. */
const unread = (...argv: readonly string[]): number | null =>
  spawnSync('bash', ['-c', 'set -o pipefail; "$0" "$@" | :', process.execPath, COMMAND, ...argv], {
    encoding: 'utf8',
  }).status;

describe('the built command', () => {
  it.each([
    ['a table, and ids that are not ASCII', ['inspect', TREE]],
    ['a tree', ['inspect', '--tree', TREE]],
    ['a verdict', ['verify', TREE]],
    ['a verdict on an archive', ['verify', ARCHIVE]],
    ['JSON', ['verify', '--json', '--state', TREE]],
    ['a plan', ['prune', 'fixtures/sample-agent']],
    ['the checks of a host', ['preflight', '--root', HOST]],
    ['journals', ['undo', '--list', TREE]],
  ])('prints as the sources do: %s', async (_what, words) => {
    const argv = placed(words);
    const { out, exitCode } = await run(argv, { columns: 80, wide: true, zone: 'local' });
    expect(out).not.toBe('');
    const found = built(argv);
    expect({ ...found, out: timeless(found.out) }).toEqual({ out: timeless(out), exitCode });
  });

  it('makes a snapshot', () => {
    const { exitCode } = built(placed(['snapshot', TREE, '--force', '-o', fileWith(Buffer.alloc(0))]));
    expect(exitCode).toBe(0);
  });

  it('changes what it is asked to, and says so by its exit code, whoever reads of it', async () => {
    const folder = temporaryFolder();
    fs.cpSync('fixtures/sample-agent', `${folder}/agent`, { recursive: true, verbatimSymlinks: true });
    const exitCodeOf = async (): Promise<number> => (await run(['verify', `${folder}/agent`])).exitCode;
    const prune = ['prune', `${folder}/agent`, '--salvage', '--apply', '--force'];
    expect([await exitCodeOf(), unread(...prune), await exitCodeOf()]).toEqual([2, 0, 1]);
    const [journal = ''] = fs.readdirSync(`${folder}/agent/mesos-ckpt`);
    const undo = ['undo', `${folder}/agent/mesos-ckpt/${journal}`, '--force'];
    // What only reads ends as a shell says that its reader is gone.
    expect([unread(...undo, '--dry-run'), await exitCodeOf()]).toEqual([141, 1]);
    expect([unread(...undo), await exitCodeOf()]).toEqual([0, 2]);
    expect(unread('snapshot', `${folder}/agent`, '-o', `${folder}/snapshot.tar.gz`)).toBe(0);
    expect((await run(['verify', `${folder}/snapshot.tar.gz`])).exitCode).toBe(2);
  });
});
