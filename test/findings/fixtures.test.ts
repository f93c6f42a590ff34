import { describe, expect, it } from 'vitest';
import { allCodes } from '../../src/findings/catalogue.ts';
import { entryOf } from '../../src/findings/entry-of.ts';
import { comesUp, contradictions, errorsOf, MODES } from './contradictions.ts';
import { fixtureCodes, readFixture, verifyFixture, verifyIntact } from './fixture.ts';

it('every code has a fixture, and every fixture a code', () => {
  expect(fixtureCodes).toEqual([...allCodes].sort());
});

describe.each(allCodes.filter((code) => fixtureCodes.includes(code)))('%s', (code) => {
  const fixture = readFixture(code);
  const { path, offset, record, severity } = fixture;
  const verification = verifyFixture(fixture);

  it(`is found: ${fixture.about}`, () => {
    const found = verification.findings.filter((finding) => finding.code === code && finding.path === path);
    const place = found.map((finding) => [finding.offset, finding.record, finding.severity]);
    expect(place).toEqual([[offset, record, severity]]);
    expect(found[0]?.message).toMatch(/^\S.*\S$/s);
  });

  it('has the severity that is usual for it', () => {
    expect(severity).toEqual(entryOf(code).severity);
  });

  it.each(MODES)('ends as predicted (%s)', (mode) => {
    const { starts } = verification[mode];
    expect(starts.map(({ verdict }) => verdict)).toEqual(fixture.starts[mode]);
  });

  it.each(MODES)('costs what its severity says (%s)', (mode) => {
    const { starts, exitCode } = verification[mode];
    const [first] = starts;
    switch (severity[mode]) {
      case 'fatal':
        expect(first?.verdict === 'recovers' && comesUp(first)).toBe(false);
        return;
      case 'counted':
        expect(comesUp(first)).toBe(true);
        expect(errorsOf(first)).toBeGreaterThan(0);
        return;
      case 'loss':
        expect([exitCode, first?.verdict]).toEqual([1, 'recovers']);
        return;
      case 'note': {
        // Something else may be worse, which the note says by itself.
        const isAlone = verification.findings.every((finding) => finding.severity[mode] === 'note');
        expect([isAlone, exitCode, first?.verdict]).toEqual([true, 0, 'recovers']);
      }
    }
  });

  it('agrees with the starts', () => {
    expect(contradictions(verification)).toEqual([]);
  });

  it('is not found in the intact tree', () => {
    expect(verifyIntact(fixture).findings.filter((finding) => finding.code === code)).toEqual([]);
  });
});
