import { describe, expect, it } from 'vitest';
import { Loader } from '../../src/checkpoint/load.ts';
import type { OrdinaryExecutor } from '../../src/checkpoint/model.ts';
import { FileReader } from '../../src/checkpoint/read.ts';
import type { ExecutorIds } from '../../src/layout/folders.ts';
import { Glance } from '../../src/recovery/glance/glance.ts';
import { type Summarising, summariseExecutor } from '../../src/recovery/summarise-executor.ts';
import { rulesOf } from '../../src/recovery/versions.ts';
import type { MemorySource } from '../../src/source/memory.ts';
import { holdsOfDamaged, type Tell } from '../support/damaged-executors.ts';
import { randomly } from '../support/random.ts';
import { applyEdits, HOME, loadTree, ReadAtOnce, treeNames } from '../support/trees.ts';
import { version } from '../support/verify.ts';
import { executorsIn } from '../support/walk.ts';

/** Both ways of reading files, both of what is told, and both of whether the marker is read. */
const WAYS = [false, true].flatMap((atOnce) =>
  [false, true].flatMap((isNamed) =>
    ['1.9.0', '1.11.0'].map((text) => ({ atOnce, summarising: { isNamed, rules: rulesOf(version(text)) } })),
  ),
);

type Way = (typeof WAYS)[number];

const glanceAt = (source: MemorySource, ids: ExecutorIds, path: string, { atOnce, summarising }: Way) =>
  new Glance(summarising).executor(
    new FileReader({ source: atOnce ? new ReadAtOnce(source.name, source.root) : source, home: HOME }),
    ids,
    path,
    source.kindOf('slaves') !== undefined,
  );

/** What is made of the executor when it is read whole; nothing where that tells something of the tree, too. */
const wholly = (
  source: MemorySource,
  ids: ExecutorIds,
  path: string,
  how: Summarising,
): OrdinaryExecutor | undefined => {
  const loader = new Loader({ source, home: HOME }, 'verdict');
  const executor = loader.executor(ids, path, 'folder');
  const isAlone = loader.links.length + loader.misplaced.length === 0;
  return isAlone ? summariseExecutor(executor, ids, how) : undefined;
};

/** Whether a glance is enough for an ordinary executor: it has one run, and nothing is odd but the ends of logs. */
const isForGlances = (ordinary: OrdinaryExecutor | undefined): boolean =>
  ordinary?.runs.length === 1 &&
  (ordinary.odd ?? []).every(({ info, strays, hidden }) => info === undefined && strays.length + hidden.length === 0);

describe('what is seen at a glance is what is there', () => {
  it.each(treeNames)('%s', (tree) => {
    const source = loadTree(tree);
    for (const { ids, path } of executorsIn(source)) {
      for (const way of WAYS) {
        const whole = wholly(source, ids, path, way.summarising);
        expect(glanceAt(source, ids, path, way)).toStrictEqual(isForGlances(whole) ? whole : undefined);
      }
    }
  });

  it('where a link leads to the sandbox, that is told of the tree', () => {
    const source = loadTree('sandboxed');
    const found = executorsIn(source).flatMap(({ ids, path }) => {
      const sandboxes = path.replace('meta/', '');
      if (glanceAt(source, ids, path, WAYS[0] as Way) === undefined || source.kindOf(sandboxes) !== 'folder') return [];
      const linked = applyEdits(source, [
        { op: 'rename', path: sandboxes, to: 'slaves/elsewhere' },
        { op: 'symlink', path: sandboxes, target: `${HOME}/slaves/elsewhere` },
      ]);
      return WAYS.map((way) => [glanceAt(linked, ids, path, way), wholly(linked, ids, path, way.summarising)]);
    });
    expect(found.length).toBeGreaterThan(0);
    expect(found.flat()).toEqual(found.flat().map(() => undefined));
  });

  it(randomly('or nothing, whatever is wrong with an executor', 3000), () => {
    const whole: Tell<OrdinaryExecutor, Way> = (source, ids, path, way) => wholly(source, ids, path, way.summarising);
    expect(holdsOfDamaged(3000, WAYS, glanceAt, whole)).toBeGreaterThan(300);
  });
});
