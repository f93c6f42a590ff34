import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/text/width.ts';
import { run } from '../support/session.ts';
import { materialise, treeNames } from '../support/trees.ts';
import { DAMAGES, EXECUTOR, HOSTILE, SECRETIVE, SECRETS, TASK } from './trees.ts';

const WIDTHS = [40, 60, 80, 100, 200];
const FORMS = [[], ['--tree'], ['--damaged'], ['--show-secrets']];

/** What would move a cursor, turn a line around or hide. */
const isHarmful = (character: string): boolean => /[^\P{C}\n]|\p{Z}(?<! )|\p{Variation_Selector}/u.test(character);

const expectFits = async (path: string): Promise<void> => {
  for (const columns of WIDTHS) {
    for (const form of FORMS) {
      const { out, exitCode } = await run(['inspect', path, ...form], { columns });
      expect(exitCode).toBe(0);
      expect([...out].filter(isHarmful)).toEqual([]);
      for (const line of out.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
    }
  }
};

describe('every screen', () => {
  it.each(treeNames)('of %s is as wide as asked, and safe', async (name) => {
    await expectFits(materialise(name));
  });

  it.each([
    ['damage', DAMAGES],
    ['hostile ids', HOSTILE],
  ] as const)('with %s is as wide as asked, and safe', async (_, edits) => {
    await expectFits(materialise('marathon', edits));
  });

  it('says the same with and without colour', async () => {
    const path = materialise('marathon', DAMAGES);
    const plain = await run(['inspect', path]);
    const coloured = await run(['inspect', path], { colour: true });
    expect(coloured.out).toContain('\u{1b}[');
    expect(stripVTControlCharacters(coloured.out)).toBe(plain.out);
    expect(plain.out).toContain('DAMAGED');
  });

  it('has whole ids where it may be wide', async () => {
    const { out } = await run(['inspect', materialise('marathon'), '--wide']);
    expect(out).toContain(EXECUTOR.split('/').at(-1));
    expect(out).not.toContain('…');
  });
});

describe('secrets', () => {
  it.each([[[]], [['--json']], [['--tree']], [['--wide']]])('are not shown unasked: %s', async (form) => {
    const path = materialise('marathon', SECRETIVE);
    for (const part of ['', EXECUTOR, TASK]) {
      const { out } = await run(['inspect', `${path}/${part}`, ...form]);
      for (const secret of SECRETS) {
        expect(out).not.toContain(secret);
        expect(out).not.toContain(Buffer.from(secret).toString('hex'));
      }
    }
  });

  it('are shown when they are asked for', async () => {
    const path = materialise('marathon', SECRETIVE);
    const executor = await run(['inspect', `${path}/${EXECUTOR}`, '--show-secrets', '--wide']);
    expect(executor.out).toContain('DB_PASSWORD=hunter2');
    expect(executor.out).toContain('--env=TOKEN=s3cr3t');
    const json = await run(['inspect', path, '--show-secrets', '--json']);
    for (const secret of SECRETS.slice(0, 3)) expect(json.out).toContain(secret);
    expect(json.out).toContain(Buffer.from(SECRETS[3]).toString('hex'));
  });
});
