import { describe, expect, it } from 'vitest';
import { isWithin, since } from '../../src/agent/version.ts';

describe('what went into several lines of releases', () => {
  it.each([
    [[1, 4, 3], false],
    [[1, 4, 4], true],
    [[1, 5, 2], false],
    [[1, 6, 9], false],
    [[1, 7, 3], true],
    [[1, 8, 0], true],
    [[1, 11, 0], true],
  ] as const)('is in %j: %j', (version, expected) => {
    expect(isWithin(version, since('1.4.4', '1.5.3', '1.7.3', '1.8.0'))).toBe(expected);
  });
});

describe('a span', () => {
  it.each([
    [[1, 4, 9], true],
    [[1, 5, 0], false],
    [[1, 8, 0], true],
    [[1, 8, 1], false],
  ] as const)('holds %j: %j', (version, expected) => {
    expect(isWithin(version, [{ before: '1.5.0' }, { from: '1.8.0', before: '1.8.1' }])).toBe(expected);
  });
});
