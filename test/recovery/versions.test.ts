import { describe, expect, it } from 'vitest';
import {
  compareVersions,
  DEFAULT_VERSION,
  isSupported,
  OLDEST_VERSION,
  parseVersion,
  versionText,
} from '../../src/agent/version.ts';
import { type Rules, rulesOf } from '../../src/recovery/versions.ts';
import { version } from '../support/verify.ts';

/** Every rule, with the versions at the edges of where it holds: chapter 9 of the facts. */
const EDGES: readonly (readonly [keyof Rules, string, boolean])[] = [
  ['danglingRunIsNoted', '1.11.0', false],
  ['danglingRunIsNoted', '1.11.99', false],
  ['danglingRunIsNoted', '1.12.0', true],
  ['danglingRunIsNoted', '2.0.0', true],
  ['generatedIsRead', '1.7.2', false],
  ['generatedIsRead', '1.7.3', true],
  ['generatedIsRead', '1.7.99', true],
  ['generatedIsRead', '1.8.0', false],
  ['generatedIsRead', '1.8.1', false],
  ['generatedIsRead', '1.9.0', false],
  ['generatedIsRead', '1.9.99', false],
  ['generatedIsRead', '1.10.0', true],
  ['generatedIsRead', '1.12.0', true],
  ['stateTargetIsRead', '1.8.99', false],
  ['stateTargetIsRead', '1.9.0', true],
  ['drainIsRead', '1.8.1', false],
  ['drainIsRead', '1.9.0', true],
  ['stateIsRead', '1.7.3', false],
  ['stateIsRead', '1.8.0', true],
  ['operationsAreRead', '1.7.3', false],
  ['operationsAreRead', '1.8.0', true],
  ['rebootForgetsPids', '1.4.0', false],
  ['rebootForgetsPids', '1.4.2', false],
  ['rebootForgetsPids', '1.4.3', true],
  ['rebootForgetsPids', '1.5.0', false],
  ['rebootForgetsPids', '1.5.1', false],
  ['rebootForgetsPids', '1.5.2', true],
  ['rebootForgetsPids', '1.6.0', false],
  ['rebootForgetsPids', '1.6.1', false],
  ['rebootForgetsPids', '1.6.2', true],
  ['rebootForgetsPids', '1.7.0', false],
  ['rebootForgetsPids', '1.7.1', true],
  ['rebootForgetsPids', '1.8.0', true],
  ['rebootForgetsPids', '1.12.0', true],
  ['resourcesAreLogs', '1.4.0', true],
  ['resourcesAreLogs', '1.4.99', true],
  ['resourcesAreLogs', '1.5.0', false],
  ['devicesAreRead', '1.11.0', false],
  ['devicesAreRead', '1.12.0', true],
  ['dockerRefusesDuplicatePids', '1.4.0', true],
  ['dockerRefusesDuplicatePids', '1.7.2', true],
  ['dockerRefusesDuplicatePids', '1.7.3', false],
  ['dockerRefusesDuplicatePids', '1.8.0', true],
  ['dockerRefusesDuplicatePids', '1.8.1', false],
  ['dockerRefusesDuplicatePids', '1.9.0', false],
  ['uuidTextIsChecked', '1.11.0', false],
  ['uuidTextIsChecked', '1.12.0', true],
  ['folderIdIsCompared', '1.4.3', true],
  ['folderIdIsCompared', '1.5.0', false],
  ['openingIsNamed', '1.5.3', true],
  ['openingIsNamed', '1.6.0', false],
];

describe('rules', () => {
  it.each(EDGES)('%s in %s: %s', (rule, text, holds) => {
    expect(rulesOf(version(text))[rule]).toBe(holds);
  });

  it('are all looked at, on both sides', () => {
    for (const rule of Object.keys(rulesOf([1, 11, 0]))) {
      const seen = new Set(EDGES.filter(([each]) => each === rule).map(([, , holds]) => holds));
      expect([rule, ...[...seen].sort()]).toEqual([rule, false, true]);
    }
  });
});

describe('parseVersion', () => {
  it.each<[string, readonly number[]]>([
    ['1.11.0', [1, 11, 0]],
    ['1.12', [1, 12, 0]],
    ['v1.9.0', [1, 9, 0]],
    [' 1.4.3\n', [1, 4, 3]],
    ['1.5.x', [1, 5, 0]],
    ['1.12.0-dev', [1, 12, 0]],
    ['1.7.2-2.0.1', [1, 7, 2]],
    ['1.8.1~rc1', [1, 8, 1]],
    ['1.8.1+dcos', [1, 8, 1]],
    ['1.10.0.el7', [1, 10, 0]],
    ['0.28.2', [0, 28, 2]],
    ['01.011.00', [1, 11, 0]],
  ])('%j', (text, parsed) => {
    expect(parseVersion(text)).toEqual(parsed);
  });

  it.each([
    ...[
      '',
      '1',
      '1.',
      '.1',
      'latest',
      'mesos 1.11.0',
      'vv1.1',
      '1.11.0 ok',
      '1,11',
      '1.-1',
      '-1.11.0',
      '1.11.0rc1',
      '1.7.3rc1',
      '1.7.12345',
    ],
    ...['1.x', '1.12345', '12345.1', '١.١', '1. 11'],
  ])('%j is none', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });

  it('reads what it writes', () => {
    for (const text of ['1.4.0', '1.11.0', '2.0.17']) expect(versionText(version(text))).toBe(text);
  });
});

describe('versions', () => {
  it('are ordered by their numbers', () => {
    const ascending = ['0.28.2', '1.4.0', '1.4.3', '1.5.0', '1.9.10', '1.10.0', '1.10.2', '1.10.11', '2.0.0'].map(
      version,
    );
    const sorted = [...ascending].reverse().sort(compareVersions);
    expect(sorted).toEqual(ascending);
    expect(compareVersions(version('1.12'), version('1.12.0'))).toBe(0);
  });

  it.each([
    ['1.3.99', false],
    ['0.28.0', false],
    ['1.4.0', true],
    ['1.12.0', true],
  ])('%s is supported: %s', (text, supported) => {
    expect(isSupported(version(text))).toBe(supported);
  });

  it('have a default, which is supported, and an oldest', () => {
    expect(DEFAULT_VERSION).toBe('1.11.0');
    expect(OLDEST_VERSION).toBe('1.4.0');
    expect(isSupported(version(DEFAULT_VERSION))).toBe(true);
  });
});
