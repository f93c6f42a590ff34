import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PreflightCheck } from '../../src/preflight/checks/check.ts';
import { checkCodes, checkGroups, checks } from '../../src/preflight/checks/index.ts';
import { renderReference } from '../../src/preflight/checks/reference.ts';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

/** Commands that the texts may name. */
const COMMANDS = ['inspect', 'verify', 'preflight', 'prune', 'snapshot', 'undo'];

/** The longest title that reads well in a table. */
const LONGEST_TITLE = 70;

const failing = (holds: (check: PreflightCheck) => boolean): readonly string[] =>
  checks.filter((check) => !holds(check)).map(({ code }) => code);

const sentencesOf = ({ explanation, remedy, visibility }: PreflightCheck): readonly string[] => [
  explanation,
  remedy,
  visibility,
];

describe('docs/preflight.md', () => {
  it('is what the checks give (node scripts/references.mjs writes it)', () => {
    expect(read('docs/preflight.md')).toBe(renderReference(checkGroups));
  });
});

describe('the schema', () => {
  it('has the codes of the checks, in their order', () => {
    const schema = JSON.parse(read('schema/preflight.json'));
    expect(schema.$defs.result.properties.checks.items.properties.code.enum).toEqual(checkCodes);
  });
});

describe('the checks', () => {
  it('have codes in kebab-case, each once', () => {
    expect(failing(({ code }) => /^[a-z]+(-[a-z]+)*$/.test(code))).toEqual([]);
    expect(new Set(checkCodes).size).toBe(checkCodes.length);
  });

  it('have titles that are short, without a full stop, and not twice', () => {
    expect(failing(({ title }) => /^\S.*[^.!?\s]$/.test(title) && title.length <= LONGEST_TITLE)).toEqual([]);
    expect(new Set(checks.map(({ title }) => title)).size).toBe(checks.length);
  });

  it('have whole sentences', () => {
    const isWhole = (text: string): boolean => /^\S.*\.$/.test(text) && !text.includes('  ');
    expect(failing((check) => sentencesOf(check).every(isWhole))).toEqual([]);
  });

  it('name no command that is not there', () => {
    const isThere = (text: string): boolean =>
      [...text.matchAll(/mesos-ckpt (\w+)/g)].every(([, command]) => COMMANDS.includes(command ?? ''));
    expect(failing((check) => sentencesOf(check).every(isThere))).toEqual([]);
  });
});
