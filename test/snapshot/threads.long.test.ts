import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/checkpoint/manifest.ts';
import { openPath } from '../../src/checkpoint/open.ts';
import type { CaptureHooks } from '../../src/snapshot/capture.ts';
import { gistOf, type Snapshot, snapshotWith } from '../../src/snapshot/snapshot.ts';
import { type LookBeside, lookingBeside } from '../../src/snapshot/threads/beside.ts';
import { OPTIONS } from './same.ts';

/** What `npm run build` makes of `src/snapshot/threads/worker.ts`: a thread runs no TypeScript. */
const WORKER = fileURLToPath(new URL('../../dist/snapshot-worker.cjs', import.meta.url));

interface Trees {
  readonly writeTree: (workDir: string, size: { executors: number }) => readonly string[];
}

let folder: string;
let tree: string;
let executors: readonly string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mesos-ckpt-beside-'));
  tree = join(folder, 'tree');
  const { writeTree }: Trees = await import(new URL('../../bench/tree.mjs', import.meta.url).href);
  executors = writeTree(tree, { executors: 640 });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const taken = (hooks: CaptureHooks): Snapshot => snapshotWith(hooks, openPath(tree), OPTIONS);

/** What a thread answers, each time that it is asked. */
const noting = (worker: string) => {
  const answers: (number | undefined)[] = [];
  const looking = lookingBeside(worker);
  const lookBeside: LookBeside = (...asked) => {
    const answer = looking(...asked);
    return (
      answer &&
      (() => {
        const changes = answer();
        answers.push(changes?.size);
        return changes;
      })
    );
  };
  return { answers, lookBeside };
};

const expectSame = (one: Snapshot, other: Snapshot): void => {
  expect(one.manifest).toEqual(other.manifest);
  expect(one.sandboxes).toEqual(other.sandboxes);
  expect(gistOf(one.verification)).toBe(gistOf(other.verification));
};

describe('a snapshot whose changes another thread looks for', () => {
  it('is as without, where nothing changes', () => {
    const { answers, lookBeside } = noting(WORKER);
    expectSame(taken({ lookBeside }), taken({}));
    expect(answers).toEqual([0]);
  });

  it('is of what was read again, where something does', () => {
    const at = (number: number, path: string): string => join(executors[number] ?? '', path);
    const round = (number: number): void => {
      if (number > 1) return;
      appendFileSync(at(3, 'executor.info'), 'more');
      rmSync(at(4, 'runs'), { recursive: true });
      rmSync(at(5, 'executor.info'));
      mkdirSync(at(5, 'executor.info'));
      mkdirSync(at(6, 'runs/new/tasks'), { recursive: true });
      rmSync(at(7, 'runs/latest'));
      symlinkSync('elsewhere', at(7, 'runs/latest'));
      writeFileSync(at(8, 'executor.info'), Buffer.alloc(readFileSync(at(8, 'executor.info')).length, 'y'));
      writeFileSync(join(tree, 'meta/resources'), '');
    };
    const { answers, lookBeside } = noting(WORKER);
    const { manifest, verification } = taken({ round, lookBeside });
    const told = new Map(manifest.changes.map(({ path, what }) => [join(tree, path), what]));
    expect(told).toEqual(
      new Map([
        [at(3, 'executor.info'), 'changed'],
        [at(4, 'runs'), 'vanished'],
        [at(5, 'executor.info'), 'changed'],
        [at(6, 'runs/new'), 'appeared'],
        [at(7, 'runs/latest'), 'changed'],
        [at(8, 'executor.info'), 'changed'],
        [join(tree, 'meta/resources'), 'appeared'],
      ]),
    );
    expect(manifest.changes.every(({ retries, settled }) => retries === 1 && settled)).toBe(true);
    expect(answers).toEqual([7]);
    // That a folder is older now is no change of the checkpoint: what came or went in it is.
    const undated = ({ changes: _, entries, ...about }: Manifest): object => ({
      ...about,
      entries: entries.map((entry) => (entry.kind === 'folder' ? { ...entry, modified: '' } : entry)),
    });
    const after = taken({});
    expect(undated(manifest)).toEqual(undated(after.manifest));
    expect(gistOf(verification)).toBe(gistOf(after.verification));
    expect(verification.findings).not.toEqual([]);
  });

  it('is looked at here, where that thread fails, or is none', () => {
    const failing = join(folder, 'failing.cjs');
    writeFileSync(
      failing,
      `const { port } = require('node:worker_threads').workerData;
       port.on('message', ({ number, looked }) => {
         port.postMessage({ number, changes: undefined });
         Atomics.add(looked, 0, 1);
         Atomics.notify(looked, 0);
       });`,
    );
    const plain = taken({});
    for (const worker of [failing, join(folder, 'none.cjs')]) {
      const { answers, lookBeside } = noting(worker);
      expectSame(taken({ lookBeside }), plain);
      expect(answers).toEqual([undefined]);
    }
  });
});
