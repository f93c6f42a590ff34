import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkCodes } from '../../src/preflight/checks/index.ts';
import { exitGroups } from '../../src/preflight/exits/index.ts';

const exits = exitGroups.flatMap((group) => group.exits);

describe('The ways in which an agent ends', () => {
  it('are all there, each once', () => {
    const numbers = exits.map(({ number }) => number).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 220 }, (_, i) => i + 1));
  });

  it.each(exits)('number $number is told by a check, or says why not', ({ check, unseen }) => {
    expect(checkCodes).toContain(check ?? 'flags');
    expect(check ?? unseen).toBeDefined();
  });

  it('are all in the reference', () => {
    const reference = readFileSync(new URL('../../docs/preflight.md', import.meta.url), 'utf8');
    const [, rows = ''] = reference.split('## Every way in which an agent ends');
    expect(rows.split('\n').filter((line) => /\| (nothing|\[[a-z-]+\]\(#[a-z-]+\)) \|/.test(line)).length).toBe(
      exits.length,
    );
  });
});
