import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReadExecutors } from '../../../src/checkpoint/load.ts';
import { openPath } from '../../../src/checkpoint/open.ts';
import { goNear } from '../../../src/cli/working-folder.ts';
import { verifyJson } from '../../../src/report/json/verify.ts';
import { FolderSource } from '../../../src/source/folder.ts';
import { threadedReaders } from '../../../src/verify/threads/readers.ts';
import { startWorkers } from '../../../src/verify/threads/start.ts';
import { nameAt, shareNames } from '../../../src/verify/threads/work.ts';
import { verifyCheckpoint } from '../../../src/verify/verify.ts';
import { version } from '../../support/verify.ts';

/** What `npm run build` makes of `src/verify/threads/worker.ts`: a thread runs no TypeScript. */
const WORKER = fileURLToPath(new URL('../../../dist/worker.cjs', import.meta.url));

let folder: string;
let executors: string;
let names: readonly string[];
let tearLogs: Trees['tearLogs'];

interface Trees {
  readonly writeTree: (workDir: string, size: { executors: number }) => readonly string[];
  readonly tearLogs: (executors: readonly string[]) => void;
}

const load = async (): Promise<Trees> => import(new URL('../../../bench/tree.mjs', import.meta.url).href);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mesos-ckpt-readers-'));
  const trees = await load();
  ({ tearLogs } = trees);
  names = trees.writeTree(join(folder, 'tree'), { executors: 640 });
  executors = join(names[0] ?? '', '..');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const told = (readersOf: (source: FolderSource, home: string) => ReadExecutors | undefined, brief = true): object => {
  const opened = openPath(join(folder, 'tree'));
  const { source, home } = opened.tree;
  if (!(source instanceof FolderSource)) throw new TypeError('a folder is read as a folder');
  const verification = verifyCheckpoint(opened, { brief, readExecutors: readersOf(source, home) });
  // Of what is whole, all that was read is compared.
  const state = brief ? undefined : verification.checkpoint;
  return { ...verifyJson('tree', verification, { mode: 'strict', withState: !brief }), state };
};

const withThreads = (worker: string, brief = true): object =>
  told((source, home) => {
    const { folder, mount } = source;
    const detail = brief ? 'brief' : 'whole';
    return threadedReaders(worker, goNear)({ folder, mount, home, version: version('1.11.0'), detail }, source);
  }, brief);

/** Compares both ways, in brief and whole; what is told in brief. */
const compare = (): object => {
  const alone = told(() => undefined);
  expect(withThreads(WORKER)).toEqual(alone);
  // Of thousands of equal parts, `toEqual` takes long to say so.
  expect(
    isDeepStrictEqual(
      withThreads(WORKER, false),
      told(() => undefined, false),
    ),
  ).toBe(true);
  return alone;
};

describe('several threads', () => {
  it('tell the same as one, of a tree that is whole', () => {
    const alone = compare();
    expect(alone).toMatchObject({ impact: { counts: { executors: { reconnected: 640 } } } });
  });

  it('tell the same as one, of a tree that is damaged here and there', () => {
    const at = (number: number, ...rest: string[]): string => join(names[number] ?? '', ...rest);
    truncateSync(at(17, 'executor.info'), 20);
    truncateSync(at(300, 'executor.info'), 0);
    appendFileSync(at(301, 'executor.info'), 'x');
    writeFileSync(at(639, 'executor_generated_for_command_task'), '1\n');
    rmSync(at(400, 'runs'), { recursive: true });
    writeFileSync(at(401, 'Ab3xYz'), '');
    writeFileSync(join(executors, 'stray'), '');
    mkdirSync(join(executors, '.hidden'));
    const alone = compare();
    expect(JSON.stringify(alone)).toContain('executor-info-damaged');
  });

  it('tell the same as one, of a tree that has a finding in every other executor', () => {
    tearLogs(names.filter((name, number) => number % 2 === 0 && existsSync(join(name, 'runs'))));
    const alone = compare();
    expect(JSON.stringify(alone).split('"task-updates-torn"').length).toBeGreaterThan(300);
  });

  it('are not needed: one that ends at once leaves its shares to the main thread', () => {
    const worker = join(folder, 'worker.cjs');
    writeFileSync(worker, 'process.exit(1);');
    expect(withThreads(worker)).toEqual(told(() => undefined));
  });

  it('are not needed: where none can be started, the main thread reads all', () => {
    // Node refuses this path where it makes the thread, as it does where the system has no more threads.
    const nowhere = 'no absolute path';
    expect(() => new Worker(nowhere)).toThrow(/absolute path/);
    expect(startWorkers(nowhere)).toEqual([]);
    expect(withThreads(nowhere)).toEqual(told(() => undefined));
  });

  it('are not needed: one that takes a share and is silent is waited for, and not for ever', () => {
    const worker = join(folder, 'silent.cjs');
    writeFileSync(
      worker,
      "const { workerData } = require('node:worker_threads');" +
        "workerData.port.on('message', ({ counters }) => Atomics.add(counters, 0, 1));",
    );
    expect(withThreads(worker)).toEqual(told(() => undefined));
  });

  it('tell the same as one, of a tree in which a link leads to the executors of a second agent', () => {
    const [agent, framework] = [join(executors, '../../..'), basename(join(executors, '..'))];
    const copy = join(agent, '..', 'second');
    cpSync(agent, copy, { recursive: true, filter: (path) => !path.includes('/frameworks/') });
    rmSync(join(copy, 'frameworks'), { recursive: true });
    const home = openPath(join(folder, 'tree')).tree.home;
    symlinkSync(`${home}/meta/slaves/${basename(agent)}/frameworks`, join(copy, 'frameworks'));
    rmSync(join(agent, '..', 'latest'));
    symlinkSync(`${home}/meta/slaves/second`, join(agent, '..', 'latest'));
    const alone = compare();
    expect(JSON.stringify(alone)).toContain(`second/frameworks/${framework}`);
  });
});

describe('shared names', () => {
  it('are the same on the other side, whatever their bytes', () => {
    const all = ['a', '', 'é', '\udcff', '\u{1f600}', 'x'.repeat(255)];
    const shared = shareNames(all);
    expect(all.map((_, number) => nameAt(shared, number))).toEqual(all);
  });
});
