import { appendFileSync, cpSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { READING, type ReadExecutors } from '../../../src/checkpoint/load.ts';
import { openPath } from '../../../src/checkpoint/open.ts';
import { PairedReaders, type ReadPairs } from '../../../src/cli/pairs/paired-readers.ts';
import { threadedPairs } from '../../../src/cli/pairs/threads.ts';
import { compareTrees, type Difference } from '../../../src/compare/compare.ts';
import { type Phase, progressTo } from '../../../src/program/progress.ts';
import { FolderSource } from '../../../src/source/folder.ts';
import type { TreeOnDisk } from '../../../src/verify/threads/work.ts';
import type { Verification } from '../../../src/verify/verification.ts';
import { verifyCheckpoint } from '../../../src/verify/verify.ts';
import { version } from '../../support/verify.ts';

/** What `npm run build` makes of `src/cli/pairs/worker.ts`: a thread runs no TypeScript. */
const WORKER = fileURLToPath(new URL('../../../dist/pair-worker.cjs', import.meta.url));

const EXECUTORS = 640;
const FRAMEWORKS = 1;

let folder: string;
/** The folders of the executors of the first tree, and of the second. */
let inA: readonly string[];
let inB: readonly string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mesos-ckpt-pairs-'));
  const { writeTree } = await import(new URL('../../../bench/tree.mjs', import.meta.url).href);
  const [a, b] = [join(folder, 'a'), join(folder, 'b')];
  inA = writeTree(a, { executors: EXECUTORS });
  cpSync(a, b, { recursive: true, verbatimSymlinks: true });
  inB = inA.map((path) => join(b, path.slice(a.length)));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Told {
  readonly trees: readonly Verification[];
  readonly differences: readonly Difference[];
  /** How many frameworks and executors were said to be read, of each tree. */
  readonly read: readonly number[];
}

const compared = (readPairs?: (a: TreeOnDisk, b: TreeOnDisk) => ReadPairs): Told => {
  const [a, b] = [openPath(join(folder, 'a')), openPath(join(folder, 'b'))];
  const onDisk = ({ tree: { source, home } }: typeof a): TreeOnDisk => {
    if (!(source instanceof FolderSource)) throw new TypeError('a folder is read as a folder');
    return { folder: source.folder, mount: source.mount, home, version: version('1.11.0') };
  };
  const readers = readPairs && new PairedReaders(b.tree.source, readPairs(onDisk(a), onDisk(b)));
  const read: number[] = [];
  const verified = (opened: typeof a, readExecutors: ReadExecutors | undefined): Verification => {
    let last: Phase | undefined;
    progressTo((phases) => {
      last = phases.find(({ doing }) => doing === READING) ?? last;
    });
    try {
      return verifyCheckpoint(opened, { version: '1.11.0', brief: true, readExecutors });
    } finally {
      progressTo();
      read.push(last?.done ?? 0);
    }
  };
  const trees = [verified(a, readers?.a), verified(b, readers?.b)];
  return { trees, differences: [...compareTrees(a.tree, b.tree, readers?.known)], read };
};

const withThreads = (worker: string): Told => compared((a, b) => threadedPairs(worker, a, b));

/** Compares both ways. */
const bothWays = (worker: string): Told => {
  const plain = compared();
  // Of thousands of equal parts, `toEqual` takes long to say so.
  expect(isDeepStrictEqual(withThreads(worker), plain)).toBe(true);
  return plain;
};

describe('several threads that read two trees', () => {
  it('tell the same as one, of trees that are the same', () => {
    expect(bothWays(WORKER)).toMatchObject({ differences: [], read: [FRAMEWORKS + EXECUTORS, FRAMEWORKS + EXECUTORS] });
  });

  it('keep what is the same once', () => {
    const [a, b] = withThreads(WORKER).trees.map(({ checkpoint }) => checkpoint.agent?.frameworks[0]?.ordinary);
    expect(a).toHaveLength(EXECUTORS);
    expect(a?.every((executor, number) => executor === b?.[number])).toBe(true);
  });

  it('tell the same as one, of trees that differ here and there', () => {
    truncateSync(join(inB[17] as string, 'executor.info'), 20);
    appendFileSync(join(inA[18] as string, 'executor.info'), 'x');
    for (const each of [inA, inB]) truncateSync(join(each[19] as string, 'executor.info'), 0);
    for (let at = 0; at < 40; at++) writeFileSync(join(inB[20] as string, `stray ${at}`), '');
    rmSync(inB[300] as string, { recursive: true });
    rmSync(inA[301] as string, { recursive: true });
    renameSync(inB[302] as string, `${inB[302]}-new`);
    writeFileSync(join(inB[303] as string, '..', 'file'), '');
    rmSync(inA[304] as string, { recursive: true });
    writeFileSync(inA[304] as string, 'in its place');
    const { differences, read } = bothWays(WORKER);
    expect(read).toEqual([FRAMEWORKS + EXECUTORS - 1, FRAMEWORKS + EXECUTORS]);
    expect(differences.map(({ what, path }) => `${what} ${basename(path)}`)).toEqual(
      expect.arrayContaining(['changed executor.info', 'came stray 39', 'came file']),
    );
    expect(differences).toHaveLength(2 + 40 + 4 + 1 + 1);
  });

  it('tell the same as one, of trees that have hardly an executor in common', () => {
    for (const [number, path] of inB.entries()) if (number >= 310) renameSync(path, `${path}-new`);
    expect(bothWays(WORKER).differences.length).toBeGreaterThan(600);
  });

  it('are not needed: they may end at once, or take a share and be silent', () => {
    const [ended, silent] = [join(folder, 'ended.cjs'), join(folder, 'silent.cjs')];
    writeFileSync(ended, 'process.exit(1);');
    writeFileSync(
      silent,
      "const { workerData } = require('node:worker_threads');" +
        "workerData.port.on('message', ({ counters }) => Atomics.add(counters, 0, 1));",
    );
    for (const worker of [ended, silent]) expect(bothWays(worker).trees).toHaveLength(2);
  });
});
