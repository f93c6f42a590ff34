import { describe, expect, test } from 'vitest';
import {
  addScalars,
  compareScalars,
  fromThousandths,
  scalarText,
  subtractScalars,
  toThousandths,
} from '../../src/agent/scalar.ts';

const SMALLEST = -(2n ** 63n);

describe('toThousandths', () => {
  test.each([
    [0, 0n],
    [1, 1000n],
    [0.0004, 0n],
    [0.0005, 1n],
    [-0.0005, -1n],
    [2.3454999, 2345n],
    [1e15, 10n ** 18n],
  ])('%d', (value, expected) => {
    expect(toThousandths(value)).toBe(expected);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e16, -1e300])(
    '%d does not fit',
    (value) => {
      expect(toThousandths(value)).toBe(SMALLEST);
    },
  );
});

test('fromThousandths divides towards zero', () => {
  expect(fromThousandths(-1500n)).toBe(-1.5);
  expect(fromThousandths(2001n)).toBe(2.001);
  expect(fromThousandths(SMALLEST)).toBe(-9223372036854776);
});

test('what differs below the thousandth is equal', () => {
  expect(compareScalars({ value: 1.0001 }, { value: 1.0004 })).toBe(0);
  expect(compareScalars({ value: 1.001 }, { value: 1.002 })).toBe(-1);
  expect(compareScalars({ value: 1.002 }, { value: 1.001 })).toBe(1);
  expect(compareScalars({ value: Number.NaN }, { value: Number.POSITIVE_INFINITY })).toBe(0);
});

test('sums and differences carry no error of binary fractions', () => {
  expect(addScalars({ value: 0.1 }, { value: 0.2 })).toEqual({ value: 0.3 });
  expect(subtractScalars({ value: 0.3 }, { value: 0.1 })).toEqual({ value: 0.2 });
  expect(subtractScalars({ value: 1 }, { value: 3 })).toEqual({ value: -2 });
});

test('a sum out of range wraps', () => {
  expect(addScalars({ value: 9e15 }, { value: 9e15 }).value).toBeLessThan(0);
});

test('scalarText shows thousandths', () => {
  expect(scalarText({ value: 2048 })).toBe('2048');
  expect(scalarText({ value: 0.50049 })).toBe('0.5');
  expect(scalarText({ value: 123456789.0125 })).toBe('123456789.013');
  expect(scalarText({ value: Number.NaN })).toBe('-9.22337203685478e+15');
});
