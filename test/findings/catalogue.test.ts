import { describe, expect, it } from 'vitest';
import { COMMANDS as commands } from '../../src/cli/main.ts';
import { allCodes, catalogue, groups } from '../../src/findings/catalogue.ts';
import type { CatalogueEntry } from '../../src/findings/entry.ts';
import { entryOf } from '../../src/findings/entry-of.ts';

const SEVERITIES = ['fatal', 'counted', 'loss', 'note'];

/** The longest title that a table of 80 columns shows whole beside a severity. */
const LONGEST_TITLE = 60;

/** Commands that the texts may name. */
const COMMANDS: readonly string[] = commands.map(({ name }) => name);

const entries: readonly (readonly [string, CatalogueEntry])[] = allCodes.map((code) => [code, entryOf(code)]);

/** The codes whose entry does not hold what it should. */
const failing = (holds: (entry: CatalogueEntry, code: string) => boolean): string[] =>
  entries.filter(([code, entry]) => !holds(entry, code)).map(([code]) => code);

/** The sentences of an entry. */
const sentencesOf = ({ explanation, consequence, remedy }: CatalogueEntry): string[] => [
  explanation,
  consequence.strict,
  consequence.nonStrict,
  remedy,
];

const textsOf = (entry: CatalogueEntry): string[] => [entry.title, ...sentencesOf(entry)];

const repeated = (values: readonly string[]): string[] => values.filter((value, i) => values.indexOf(value) !== i);

describe('the catalogue', () => {
  it('has every code in one group only, in the order of the groups', () => {
    const codes = groups.flatMap((group) => Object.keys(group.entries));
    expect(repeated(codes)).toEqual([]);
    expect(codes).toEqual([...allCodes]);
  });

  it('names every group once', () => {
    expect(repeated(groups.map(({ title }) => title))).toEqual([]);
  });

  it('gives the entry of a code', () => {
    expect(allCodes.filter((code) => entryOf(code) !== catalogue[code])).toEqual([]);
  });

  it('spells codes in kebab-case', () => {
    expect(failing((_, code) => /^[a-z]+(-[a-z]+)*$/.test(code))).toEqual([]);
  });

  it('has a severity in either mode', () => {
    const known = ({ severity }: CatalogueEntry): boolean =>
      SEVERITIES.includes(severity.strict) && SEVERITIES.includes(severity.nonStrict);
    expect(failing(known)).toEqual([]);
  });

  it('tells the modes apart where their severities differ', () => {
    const apart = ({ severity, consequence }: CatalogueEntry): boolean =>
      severity.strict === severity.nonStrict || consequence.strict !== consequence.nonStrict;
    expect(failing(apart)).toEqual([]);
  });

  it('has titles that are short, without a full stop, and not twice', () => {
    expect(failing(({ title }) => /^\S.*[^.!?\s]$/.test(title) && title.length <= LONGEST_TITLE)).toEqual([]);
    expect(repeated(entries.map(([, { title }]) => title))).toEqual([]);
  });

  it('has whole sentences', () => {
    const whole = (text: string): boolean => /^[A-Za-z].*\.$/.test(text) && !text.includes('  ');
    expect(failing((entry) => sentencesOf(entry).every(whole))).toEqual([]);
  });

  it('has no characters that cannot be seen', () => {
    expect(failing((entry) => !textsOf(entry).some((text) => /[\p{Cc}\p{Cf}]/u.test(text)))).toEqual([]);
  });

  it('names no command that is not there', () => {
    const isThere = (text: string): boolean =>
      [...text.matchAll(/mesos-ckpt (\w+)/g)].every(([, command]) => COMMANDS.includes(command ?? ''));
    expect(failing((entry) => textsOf(entry).every(isThere))).toEqual([]);
  });

  /** The agent's own log says to `rm -f` it, which makes a new agent of it. */
  it('says what removing slaves/latest costs', () => {
    const speaks = (text: string): boolean => /\brm\b|remov\w+ slaves\/latest|remove the link: the agent/.test(text);
    const honest = ({ remedy }: CatalogueEntry): boolean =>
      !speaks(remedy) || remedy.includes('every task on the host');
    expect(failing(honest)).toEqual([]);
  });
});
