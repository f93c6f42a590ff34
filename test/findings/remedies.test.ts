import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import { allCodes, type FindingCode } from '../../src/findings/catalogue.ts';
import { entryOf } from '../../src/findings/entry-of.ts';
import type { Ways } from '../../src/repair/ways/way.ts';
import { HOME, loadTree } from '../support/trees.ts';
import { openFixture, optionsOf, readFixture } from './fixture.ts';
import { levelsThatMend, levelsThatSalvage, prunesIn, saysNothingHelps, waysOf } from './remedies.ts';

/** What prune can do about a fixture: by itself, with the agent's flags; and with a copy from before the damage. */
const waysOfFixture = (code: FindingCode): { readonly alone: Ways; readonly withCopy: Ways } => {
  const { tree, options, ...fixture } = readFixture(code);
  const opened = openFixture({ tree, options: options ?? {}, ...fixture });
  const copy = openSource(loadTree(tree), { workDir: HOME }).tree;
  return {
    alone: waysOf(opened, optionsOf(tree, options), []),
    withCopy: waysOf(opened, optionsOf(tree, options), [copy]),
  };
};

describe.each(allCodes)('the remedy of %s', (code) => {
  const { path } = readFixture(code);
  const { remedy } = entryOf(code);
  const { alone, withCopy } = waysOfFixture(code);

  it('names a prune that mends it', () => {
    const failing = prunesIn(remedy).filter(
      ({ level, takesCopies }) => !levelsThatMend(takesCopies ? withCopy : alone, code, path).includes(level),
    );
    expect(failing).toEqual([]);
  });

  it('says that nothing helps only where no prune does', () => {
    if (saysNothingHelps(remedy)) expect(levelsThatMend(alone, code, path)).toEqual([]);
  });

  it('names the prune that keeps what a start would lose', () => {
    const [first] = levelsThatSalvage(alone, code);
    const named = prunesIn(remedy).map(({ level }) => level);
    if (first !== undefined) expect(named).toEqual(expect.arrayContaining([first]));
  });
});
