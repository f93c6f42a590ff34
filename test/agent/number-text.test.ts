import { describe, expect, test } from 'vitest';
import { generalNumberText } from '../../src/agent/number-text.ts';

describe('generalNumberText', () => {
  test.each([
    [0, '0'],
    [-0, '-0'],
    [1, '1'],
    [0.5, '0.5'],
    [-2.25, '-2.25'],
    [2048, '2048'],
    [0.1, '0.1'],
    [0.1 + 0.2, '0.3'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [999999999999999, '999999999999999'],
    [1e15, '1e+15'],
    [1e20, '1e+20'],
    [1.5e300, '1.5e+300'],
    [5e-324, '4.94065645841247e-324'],
    [Number.MAX_VALUE, '1.79769313486232e+308'],
    [999999999999999.9, '1e+15'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
    [Number.NaN, 'nan'],
  ])('%d is %s in 15 digits', (value, expected) => {
    expect(generalNumberText(value, 15)).toBe(expected);
  });

  test('a tie is rounded to the even digit', () => {
    expect(generalNumberText(1234567890123.125, 15)).toBe('1234567890123.12');
    expect(generalNumberText(1234567890123.375, 15)).toBe('1234567890123.38');
  });

  test('17 digits tell any two doubles apart', () => {
    expect(generalNumberText(0.1, 17)).toBe('0.10000000000000001');
  });
});
