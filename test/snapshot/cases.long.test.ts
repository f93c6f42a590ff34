import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { openPath } from '../../src/checkpoint/open.ts';
import { readCases } from '../support/cases.ts';
import { materialise } from '../support/trees.ts';
import { bootIdOf } from '../support/verify.ts';
import { expectSame } from './same.ts';

const every = 23;
it(`a snapshot gives the answers of the tree of every ${every}th case of the conformance data`, async () => {
  const some = readCases().filter((_, i) => i % every === 0);
  let count = 0;
  for (const { tree, edits } of some) {
    const folder = materialise(tree, edits);
    if (!fs.existsSync(path.join(folder, 'meta'))) continue;
    await expectSame(openPath(folder, { workDir: folder }), bootIdOf(tree));
    count++;
  }
  expect(count).toBeGreaterThan(50);
});
