import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ExecutorFolder, executorFolders } from '../../../src/checkpoint/executor-folders.ts';
import type { ReadExecutors } from '../../../src/checkpoint/load.ts';
import type { Checkpoint } from '../../../src/checkpoint/model.ts';
import { openPath } from '../../../src/checkpoint/open.ts';
import { goNear } from '../../../src/cli/working-folder.ts';
import { FolderSource } from '../../../src/source/folder.ts';
import { type ThreadedReaders, threadedReaders } from '../../../src/verify/threads/readers.ts';
import type { TreeToRead } from '../../../src/verify/threads/work.ts';
import { verifyCheckpoint } from '../../../src/verify/verify.ts';
import { version } from '../../support/verify.ts';

/** What `npm run build` makes of `src/verify/threads/worker.ts`: a thread runs no TypeScript. */
const WORKER = fileURLToPath(new URL('../../../dist/worker.cjs', import.meta.url));

interface Trees {
  readonly writeTree: (workDir: string, size: { executors: number }) => readonly string[];
}

let folder: string;
let readers: ThreadedReaders;
/** What takes the process back, the last first. */
let leaves: (() => void)[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mesos-ckpt-ahead-'));
  const { writeTree }: Trees = await import(new URL('../../../bench/tree.mjs', import.meta.url).href);
  writeTree(join(folder, 'tree'), { executors: 640 });
  // A thread that notes what it is asked for before it does it.
  const worker = join(folder, 'noting.cjs');
  writeFileSync(join(folder, 'asked'), '');
  writeFileSync(
    worker,
    `const { appendFileSync } = require('node:fs');
     require('node:worker_threads').workerData.port.on('message', ({ tree }) => {
       appendFileSync(${JSON.stringify(join(folder, 'asked'))}, tree.detail + '\\n');
     });
     require(${JSON.stringify(WORKER)});`,
  );
  readers = threadedReaders(worker, goNear);
});
afterEach(() => {
  for (const leave of leaves) leave();
  leaves = [];
  rmSync(folder, { recursive: true, force: true });
});

const open = () => {
  const opened = openPath(join(folder, 'tree'));
  const { source, home } = opened.tree;
  if (!(source instanceof FolderSource)) throw new TypeError('a folder is read as a folder');
  const tree = { folder: source.folder, mount: source.mount, home, version: version('1.11.0') };
  return { opened, source, tree };
};

type Detail = TreeToRead['detail'];

/** How much `verify` is asked for where the threads are asked for so much. */
const BRIEF = { brief: true, named: 'named', whole: false } as const;

const loaded = (
  readExecutors: ReadExecutors | undefined,
  detail: Detail,
  of = '1.11.0',
  { opened }: Pick<ReturnType<typeof open>, 'opened'> = open(),
): Checkpoint => verifyCheckpoint(opened, { brief: BRIEF[detail], version: version(of), readExecutors }).checkpoint;

/** Has the threads begin with what they are asked for later, of an agent of a version. */
const begin = (detail: Detail, of: string): void => {
  const { source, tree } = open();
  for (const each of executorFolders(source))
    leaves.unshift(readers.ahead({ ...tree, detail, version: version(of) }, source, each));
};

/** Waits until the thread was asked for so much, and tells what that was. */
const asked = (count: number): Promise<readonly string[]> =>
  vi.waitFor(
    () => {
      const lines = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
      expect(lines.length).toBeGreaterThanOrEqual(count);
      return lines;
    },
    { timeout: 20_000 },
  );

/** What the threads tell of what they may have begun with, beside what is told without them. */
const compare = (detail: Detail, of = '1.11.0'): void => {
  const opened = open();
  const { source, tree } = opened;
  const told = loaded(readers({ ...tree, detail, version: version(of) }, source), detail, of, opened);
  expect(isDeepStrictEqual(told, loaded(undefined, detail, of))).toBe(true);
};

describe('threads that begin before they are asked', () => {
  it('are not asked again for the same', async () => {
    begin('whole', '1.9.0');
    await asked(1);
    compare('whole');
    begin('named', '1.11.0');
    await asked(2);
    compare('named', '1.9.0');
    begin('whole', '1.9.0');
    expect(await asked(3)).toEqual(['whole', 'named', 'whole']);
  });

  it('read from the folder of the executors until they are done', async () => {
    const from = process.cwd();
    begin('named', '1.11.0');
    expect(process.cwd()).toMatch(/\/tree\/meta\/slaves\/.*\/executors$/);
    await asked(1);
    compare('named');
    expect(process.cwd()).toMatch(/\/executors$/);
    for (const leave of leaves) leave();
    leaves = [];
    expect(process.cwd()).toBe(from);
  });

  it('are asked again for a version that reads more', async () => {
    begin('named', '1.9.0');
    await asked(1);
    compare('named');
    expect(await asked(2)).toEqual(['named', 'named']);
  });

  it('leave it where something else is asked for', async () => {
    begin('whole', '1.9.0');
    await asked(1);
    compare('named');
    expect(await asked(2)).toEqual(['whole', 'named']);
    compare('brief');
    compare('whole');
    expect(await asked(4)).toEqual(['whole', 'named', 'brief', 'whole']);
  });

  it('leave it where an executor has come meanwhile', async () => {
    begin('whole', '1.9.0');
    await asked(1);
    const [first] = executorFolders(open().source);
    mkdirSync(join(folder, 'tree', first?.path ?? '', 'new/runs'), { recursive: true });
    compare('whole');
    expect(await asked(2)).toEqual(['whole', 'whole']);
  });
});

it('the folders of executors are those that are asked for', () => {
  const { source } = open();
  const [first] = executorFolders(source);
  mkdirSync(join(folder, 'tree', first?.path ?? '', '.hidden'));
  mkdirSync(join(folder, 'tree', first?.path ?? '', '../../another/executors/one'), { recursive: true });
  const seen: ExecutorFolder[] = [];
  const readAll: ReadExecutors = (ids, path, entries, read) => {
    seen.push({ ids, path, entries });
    return entries.map((_, number) => read(number));
  };
  loaded(readAll, 'whole');
  expect([...executorFolders(source)]).toEqual(seen);
  expect(seen.map(({ entries }) => entries.length).sort()).toEqual([1, 640]);
  rmSync(join(folder, 'tree/meta/slaves/latest'));
  expect([...executorFolders(source)]).toEqual([]);
});
