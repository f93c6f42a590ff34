import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import { allCodes } from '../../src/findings/catalogue.ts';
import { verifyJson } from '../../src/report/json/verify.ts';
import type { Source } from '../../src/source/source.ts';
import { jsonLine } from '../../src/text/escape.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { fixtureCodes, readFixture, verifyFixture } from '../findings/fixture.ts';
import { type Mode, readCases } from '../support/cases.ts';
import { complaintsOf } from '../support/schemas.ts';
import { run } from '../support/session.ts';
import { applyEdits, HOME, loadTree, temporaryFolder, treeNames } from '../support/trees.ts';
import { bootIdOf, HEAD } from '../support/verify.ts';

const MODES: readonly Mode[] = ['strict', 'nonStrict'];

const schema = JSON.parse(readFileSync(new URL('../../schema/verify.json', import.meta.url), 'utf8'));
const complaints = (value: unknown): readonly string[] => complaintsOf('verify', value);

/** A value as a reader of the line has it. */
const printed = (value: object): unknown => JSON.parse(jsonLine(value));

const predict = (source: Source, tree: string, isRebooted = false) =>
  verifyCheckpoint(openSource(source, { workDir: HOME }), {
    version: HEAD,
    bootId: isRebooted ? 'another-boot' : bootIdOf(tree),
    sandboxes: 'auto',
    launcher: 'linux',
  });

const linesOf = (verification: ReturnType<typeof verifyCheckpoint>): readonly unknown[] =>
  MODES.flatMap((mode) =>
    [true, false].map((withState) => printed(verifyJson('/srv/copy', verification, { mode, withState }))),
  );

describe('schema/verify.json', () => {
  it.each(treeNames)('describes what is printed of %s', (tree) => {
    expect(linesOf(predict(loadTree(tree), tree)).flatMap(complaints)).toEqual([]);
  });

  it('describes what is printed of every third case', () => {
    const cases = readCases().filter((_, i) => i % 3 === 0);
    expect(cases.length).toBeGreaterThan(400);
    const lines = cases.flatMap(({ tree, edits, rebooted, name }) =>
      linesOf(predict(applyEdits(loadTree(tree), edits), tree, rebooted))
        .flatMap(complaints)
        .map((line) => `${tree}: ${name}: ${line}`),
    );
    expect(lines).toEqual([]);
  });

  it('describes what is printed of every kind of finding', () => {
    const lines = fixtureCodes.flatMap((code) =>
      linesOf(verifyFixture(readFixture(code)))
        .flatMap(complaints)
        .map((line) => `${code}: ${line}`),
    );
    expect(lines).toEqual([]);
  });

  it('describes the line of a path that cannot be used', async () => {
    const folder = temporaryFolder();
    const { out, exitCode } = await run(['verify', `${folder}/missing`, folder, '--json']);
    expect(exitCode).toBe(3);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map((line) => Object.keys(line).includes('error'))).toEqual([true, false]);
    expect(lines.flatMap(complaints)).toEqual([]);
    const [failure] = lines;
    expect(complaints({ path: failure.path })).not.toEqual([]);
    expect(complaints({ ...failure, exitCode: 3 })).not.toEqual([]);
  });

  it('has the codes of the catalogue, in its order (npm run docs writes them)', () => {
    expect(schema.$defs.finding.properties.code.enum).toEqual(allCodes);
  });
});

describe('what is not as the schema says', () => {
  const tree = 'marathon';
  const line = (): Record<string, unknown> => {
    const verification = predict(applyEdits(loadTree(tree), [{ op: 'remove', path: 'meta/boot_id' }]), tree);
    return printed(verifyJson('x', verification, { mode: 'strict', withState: true })) as Record<string, unknown>;
  };

  it.each(Object.keys(line()))('is refused: without %s', (key) => {
    const { [key]: _, ...rest } = line();
    expect(complaints(rest)).not.toEqual([]);
  });

  it.each([
    ['a key that nobody knows', { more: 1 }],
    ['a schemaVersion that is not this one', { schemaVersion: 2 }],
    ['an exit code that does not exist', { exitCode: 4 }],
    ['no starts', { starts: [] }],
    ['a metric below zero', { metric: -1 }],
    ['a relative work_dir', { workDir: 'lib/mesos' }],
    ['a finding with a code that is not in the catalogue', { findings: [{ code: 'odd' }] }],
  ])('is refused: %s', (_, change) => {
    expect(complaints(line())).toEqual([]);
    expect(complaints({ ...line(), ...change })).not.toEqual([]);
  });

  it.each(['impact', 'modes'])('is refused: a key that nobody knows in %s', (key) => {
    const changed = line();
    expect(complaints({ ...changed, [key]: { ...(changed[key] as object), more: 1 } })).not.toEqual([]);
  });
});
