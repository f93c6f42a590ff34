import { afterEach, describe, expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import { compareTrees } from '../../src/compare/compare.ts';
import { during, progressTo } from '../../src/program/progress.ts';
import { MemorySource } from '../../src/source/memory.ts';
import type { Source } from '../../src/source/source.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { run } from '../support/session.ts';
import { HOME, loadTree, nodeAt, pathIn, replace, writeTree } from '../support/trees.ts';

const FRAMEWORKS = 400;
/** So much is asked of a source between two words at most. */
const MOST_ASKED = 60;

afterEach(() => progressTo());

/** A tree with many frameworks that have no executors. */
const manyFrameworks = (): MemorySource => {
  const { root } = loadTree('marathon');
  const [, , agent = ''] = pathIn('marathon', /\/slave\.info$/).split('/');
  const parts = ['meta', 'slaves', agent, 'frameworks'];
  const frameworks = nodeAt(root, parts);
  if (frameworks?.kind !== 'folder') throw new TypeError('the agent has frameworks');
  const children = new Map(frameworks.children);
  for (let i = 0; i < FRAMEWORKS; i++) children.set(`f${i}`, { kind: 'folder', children: new Map() });
  return new MemorySource('memory', replace(root, parts, { kind: 'folder', children }));
};

interface Told {
  /** How often it was said how far the work is. */
  readonly words: number;
  /** The most that was asked of the sources between two words. */
  readonly longest: number;
  readonly last: ReadonlyMap<string, readonly [done: number, of: number | undefined]>;
}

/** Does something with sources whose questions are counted. */
const told = (work: (counted: (source: Source) => Source) => void): Told => {
  let [asked, longest, words] = [0, 0, 0];
  const last = new Map<string, readonly [number, number | undefined]>();
  progressTo((phases) => {
    words += 1;
    longest = Math.max(longest, asked);
    asked = 0;
    for (const { doing, done, of } of phases) last.set(doing, [done, of]);
  });
  work(
    (source) =>
      new Proxy(source, {
        get: (target, name) => {
          const found: unknown = Reflect.get(target, name, target);
          if (typeof found !== 'function') return found;
          asked += 1;
          return found.bind(target);
        },
      }),
  );
  return { words, longest: Math.max(longest, asked), last };
};

describe('however many frameworks have no executors, it is said all the time how far the work is', () => {
  it('while a checkpoint is read', () => {
    const { words, longest, last } = told((counted) => {
      verifyCheckpoint(openSource(counted(manyFrameworks()), { workDir: HOME }));
    });
    expect(words).toBeGreaterThan(2 * FRAMEWORKS);
    expect(longest).toBeLessThan(MOST_ASKED);
    const [done, of] = last.get('reading frameworks and executors') ?? [];
    expect(done).toBeGreaterThan(FRAMEWORKS);
    expect(done).toBe(of);
  });

  it('while two are compared', () => {
    const { words, longest } = told((counted) => {
      const [a, b] = [manyFrameworks(), manyFrameworks()].map((tree) => openSource(counted(tree), { workDir: HOME }));
      during('comparing folders', undefined, () => {
        if (a !== undefined && b !== undefined) expect([...compareTrees(a.tree, b.tree)]).toEqual([]);
      });
    });
    expect(words).toBeGreaterThan(FRAMEWORKS);
    expect(longest).toBeLessThan(MOST_ASKED);
  });

  it('while its JSON is printed', async () => {
    let words = 0;
    progressTo(() => {
      words += 1;
    });
    const { exitCode } = await run(['inspect', '--json', writeTree(manyFrameworks())]);
    expect(exitCode).toBe(0);
    // They are counted, read and printed.
    expect(words).toBeGreaterThan(3 * FRAMEWORKS);
  });
});
