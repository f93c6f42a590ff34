import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCases } from '../support/cases.ts';
import { materialise, treeNames } from '../support/trees.ts';
import { bootIdOf, HEAD } from '../support/verify.ts';
import { quickly } from './calls.ts';
import { mend } from './mended.ts';
import { FakeProcesses } from './support.ts';

quickly();

const cases = readCases();

describe('every conformance case that does not come up strict is mended on disk, and given back to the byte', () => {
  it.each(treeNames)('%s', async (tree) => {
    const bootId = bootIdOf(tree);
    const processes = new FakeProcesses();
    const problems: string[] = [];
    let mended = 0;
    const own = cases.filter((each) => each.tree === tree && !['recovers', 'new-agent'].includes(each.strict.verdict));
    for (const { name, edits, rebooted } of own) {
      const folder = materialise(tree, edits);
      const done = await mend(folder, { version: HEAD, bootId: rebooted ? 'another-boot' : bootId }, processes);
      problems.push(...done.problems.map((problem) => `${name}: ${problem}`));
      if (done.kind === 'mended') mended++;
      fs.rmSync(folder, { recursive: true });
    }
    expect(problems).toEqual([]);
    // One verdict hangs on sandboxes that the tree does not have: see docs/decisions/0007-missing-sandboxes.md.
    expect(mended).toBeGreaterThanOrEqual(own.length - 1);
  });
});
