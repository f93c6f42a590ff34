import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPath } from '../../src/checkpoint/open.ts';
import { threadedPieces } from '../../src/cli/threads/pieces.ts';
import { inspectGradually } from '../../src/inspect/inspect.ts';
import type { Selection } from '../../src/inspect/select.ts';
import { rulesOf } from '../../src/recovery/versions.ts';
import { oneByOne, type ReadPieces } from '../../src/report/inspect/executors-text.ts';
import type { InspectionAbout } from '../../src/report/inspect/json.ts';
import { inspectJsonPieces } from '../../src/report/inspect/json-pieces.ts';
import { FolderSource } from '../../src/source/folder.ts';
import { version } from '../support/verify.ts';

/** What `npm run build` makes of `src/cli/threads/worker.ts`: a thread runs no TypeScript. */
const WORKER = fileURLToPath(new URL('../../dist/inspect-worker.cjs', import.meta.url));
const ALL: Selection = { framework: [], executor: [], task: [], damaged: false };
const HEAD = version('1.11.0');

let folder: string;
let tree: string;
let names: readonly string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mesos-ckpt-pieces-'));
  tree = join(folder, 'tree');
  const { writeTree } = await import(new URL('../../bench/tree.mjs', import.meta.url).href);
  names = writeTree(tree, { executors: 640 });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The document, and how many pieces of it came from other threads. */
const told = (
  readPieces?: (about: InspectionAbout, uuids: boolean) => ReadPieces,
  selection = ALL,
  uuids = true,
): { readonly text: string; readonly sent: number } => {
  const opened = openPath(tree);
  const all = inspectGradually(opened, rulesOf(HEAD), 'whole', uuids);
  const about = { workDir: opened.tree.home, inPlace: false, mesosVersion: '1.11.0', showSecrets: false, selection };
  const pieces = [
    ...inspectJsonPieces(all, { ...about, path: 'tree' }, String, readPieces?.({ ...about, path: 'tree' }, uuids)),
  ];
  const text = pieces.map((piece) => (typeof piece === 'string' ? piece : Buffer.from(piece).toString())).join('');
  return { text, sent: pieces.filter((piece) => typeof piece !== 'string').length };
};

const withThreads =
  (worker: string) =>
  (about: InspectionAbout, uuids: boolean): ReadPieces => {
    const { source, home } = openPath(tree).tree;
    if (!(source instanceof FolderSource)) throw new TypeError('a folder is read as a folder');
    return threadedPieces(
      worker,
      { source, folder: source.folder, mount: source.mount, home, version: HEAD },
      about,
      uuids,
    );
  };

const SELECTIONS: readonly Selection[] = [
  ALL,
  { ...ALL, damaged: true },
  { ...ALL, executor: ['shop_web-1*'] },
  { ...ALL, task: ['*-9*'], damaged: true },
  { ...ALL, framework: ['nobody'] },
];

const compareAll = (): void => {
  let sent = 0;
  for (const selection of SELECTIONS) {
    for (const uuids of [true, false]) {
      const threaded = told(withThreads(WORKER), selection, uuids);
      sent += threaded.sent;
      const alone = told(undefined, selection, uuids);
      expect(threaded.text === alone.text).toBe(true);
      expect(JSON.parse(alone.text)).not.toHaveProperty('error');
    }
  }
  expect(sent).toBeGreaterThan(0);
};

describe('the document of several threads is that of one', { timeout: 120_000 }, () => {
  it('of a tree that is whole', compareAll);

  it('of a tree that is damaged here and there', () => {
    const at = (number: number, ...rest: string[]): string => join(names[number] ?? '', ...rest);
    truncateSync(at(17, 'executor.info'), 20);
    truncateSync(at(300, 'executor.info'), 0);
    appendFileSync(at(301, 'executor.info'), 'x');
    rmSync(at(400, 'runs'), { recursive: true });
    writeFileSync(at(401, 'Ab\u202e3xYz'), '');
    const executors = join(at(0), '..');
    mkdirSync(join(executors, 'a "name" of \u{1f600}'));
    writeFileSync(join(executors, 'shop_web-1.file'), '');
    symlinkSync(basename(at(5)), join(executors, 'shop_web-1.link'));
    mkdirSync(Buffer.concat([Buffer.from(`${executors}/no UTF-8 `), Buffer.of(0xff)]));
    compareAll();
  });

  it('with a worker that ends at once, or takes a span and is silent', () => {
    const alone = told().text;
    const ended = join(folder, 'ended.cjs');
    writeFileSync(ended, 'process.exit(1);');
    expect(told(withThreads(ended))).toEqual({ text: alone, sent: 0 });
    const silent = join(folder, 'silent.cjs');
    writeFileSync(
      silent,
      "const { workerData } = require('node:worker_threads');" +
        "workerData.port.on('message', ({ counters }) => Atomics.add(counters, 0, 3));",
    );
    expect(told(withThreads(silent)).text === alone).toBe(true);
  });

  it('up to where one may not be read', () => {
    const broken = (alone: boolean): string => {
      const threaded = withThreads(WORKER);
      const readPieces =
        (about: InspectionAbout, uuids: boolean): ReadPieces =>
        (from, textOf) => {
          // The main thread meets it, wherever it is first tried.
          const failing: typeof textOf = (number) => {
            if (number === 450) throw new TypeError('a test');
            return textOf(number);
          };
          const entries = from.entries.map((entry, number) =>
            number === 450 ? { ...entry, kind: 'other' as const } : entry,
          );
          return (alone ? oneByOne : threaded(about, uuids))({ ...from, entries }, failing);
        };
      return told(readPieces).text;
    };
    expect(broken(false) === broken(true)).toBe(true);
    expect(JSON.parse(broken(false))).toMatchObject({ error: 'TypeError: a test', total: { executors: 450 } });
  });
});
