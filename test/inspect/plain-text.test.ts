import { describe, expect, it } from 'vitest';
import { Loader } from '../../src/checkpoint/load.ts';
import { FileReader } from '../../src/checkpoint/read.ts';
import { inspectExecutor } from '../../src/inspect/entries.ts';
import { countsOfExecutor } from '../../src/inspect/walk.ts';
import type { ExecutorIds } from '../../src/layout/folders.ts';
import { rulesOf } from '../../src/recovery/versions.ts';
import { Writer } from '../../src/report/inspect/json.ts';
import { plainTextsFor } from '../../src/report/inspect/plain-text.ts';
import type { MemorySource } from '../../src/source/memory.ts';
import { plainJsonLine } from '../../src/text/escape.ts';
import { holdsOfDamaged } from '../support/damaged-executors.ts';
import { randomly } from '../support/random.ts';
import { HOME, loadTree, ReadAtOnce, treeNames } from '../support/trees.ts';
import { version } from '../support/verify.ts';
import { executorsIn } from '../support/walk.ts';

const about = (showSecrets: boolean) => ({
  path: 'PATH',
  workDir: HOME,
  inPlace: false,
  mesosVersion: '1.12',
  showSecrets,
  selection: { framework: [], executor: [], task: [], damaged: false },
});

const WAYS = [false, true].flatMap((atOnce) =>
  [false, true].flatMap((uuids) =>
    ['1.7.0', '1.9.0', '1.11.0'].map((text) => ({ atOnce, uuids, showSecrets: uuids, rules: rulesOf(version(text)) })),
  ),
);
type Way = (typeof WAYS)[number];

const plainly = (source: MemorySource, ids: ExecutorIds, path: string, { atOnce, uuids, showSecrets, rules }: Way) => {
  const from = atOnce ? new ReadAtOnce(source.name, source.root) : source;
  const files = new FileReader({ source: from, home: HOME });
  return plainTextsFor(about(showSecrets), rules, uuids)?.of(files, ids, path, source.kindOf('slaves') !== undefined);
};

/** What is made of the executor when it is read whole. */
const wholly = (source: MemorySource, ids: ExecutorIds, path: string, { uuids, showSecrets, rules }: Way) => {
  const executor = new Loader({ source, home: HOME }, 'whole').executor(ids, path, 'folder');
  const inspected = inspectExecutor(executor, rules, uuids);
  const text = plainJsonLine(new Writer(about(showSecrets)).executor(inspected));
  return { texts: [text], shown: countsOfExecutor(inspected), total: countsOfExecutor(inspected) };
};

describe('the text of a plain executor is that of the whole', () => {
  it('in all fixtures, most of whose executors are plain', () => {
    let [seen, others] = [0, 0];
    for (const source of treeNames.map((name) => loadTree(name))) {
      for (const { ids, path } of executorsIn(source)) {
        for (const way of WAYS) {
          const text = plainly(source, ids, path, way);
          if (text === undefined) others++;
          else {
            seen++;
            expect(text).toStrictEqual(wholly(source, ids, path, way));
          }
        }
      }
    }
    expect(seen).toBeGreaterThan(others);
  });

  it(randomly('or none, whatever is wrong with an executor', 3000), () => {
    expect(holdsOfDamaged(3000, WAYS, plainly, wholly)).toBeGreaterThan(200);
  });

  it('is not looked for in each executor where many are not plain, and soon again where they are', () => {
    const source = loadTree('marathon');
    const way = WAYS[0] as Way;
    const executors = executorsIn(source);
    const [plain] = executors.filter(({ ids, path }) => plainly(source, ids, path, way) !== undefined);
    if (plain === undefined) throw new Error('no executor is plain');
    const texts = plainTextsFor(about(false), way.rules, true);
    const files = new FileReader({ source, home: HOME });
    let looks = 0;
    const counting = new FileReader({
      source: Object.assign(Object.create(source) as MemorySource, {
        list: () => {
          looks++;
          return { code: 'EIO' };
        },
      }),
      home: HOME,
    });
    for (let i = 0; i < 10_000; i++) expect(texts?.of(counting, plain.ids, plain.path, false)).toBeUndefined();
    expect(looks).toBeGreaterThan(100);
    expect(looks).toBeLessThan(200);
    const found = Array.from({ length: 200 }, () => texts?.of(files, plain.ids, plain.path, false) !== undefined);
    const first = found.indexOf(true);
    expect(first).toBeLessThan(64);
    expect(found.slice(first).every(Boolean)).toBe(true);
  });

  it('and there is none where not all is asked for', () => {
    const selection = { ...about(false).selection, executor: ['shop*'] };
    expect(plainTextsFor({ ...about(false), selection }, rulesOf(version('1.11.0')), true)).toBeUndefined();
  });
});
