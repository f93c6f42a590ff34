import { describe, expect, it } from 'vitest';
import { openPath } from '../../src/checkpoint/open.ts';
import { openBytes, tar } from '../support/archives.ts';
import { readCases } from '../support/cases.ts';
import { HOME, materialise, treeNames } from '../support/trees.ts';
import { bootIdOf } from '../support/verify.ts';
import { answersOf } from './answers.ts';

/** Every so many cases: each takes a tree on disk, and tar. */
const EVERY = 9;

describe('a case of the conformance data', () => {
  const some = readCases().filter((_, i) => i % EVERY === 0);

  const trees = treeNames.filter((name) => some.some(({ tree }) => tree === name));

  it.each(trees)('gives the same as an archive: %s', (tree) => {
    const own = some.filter((each) => each.tree === tree);
    for (const { edits, rebooted } of own) {
      const folder = materialise(tree, edits);
      const bootId = rebooted ? 'another-boot' : bootIdOf(tree);
      const archive = openBytes(tar(['-cf', '-', '-C', folder, '.']), { workDir: HOME });
      expect(answersOf(archive, bootId)).toEqual(answersOf(openPath(folder, { workDir: HOME }), bootId));
    }
  });
});
