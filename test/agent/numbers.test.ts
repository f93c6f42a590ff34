import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInteger } from '../../src/agent/numbers.ts';
import { anyText, check, randomly } from '../support/random.ts';

describe('parseInteger takes', () => {
  it.each<[string, number]>([
    ['0', 0],
    ['101', 101],
    ['+101', 101],
    ['-5', -5],
    ['-0', 0],
    ['+0', 0],
    ['007', 7],
    ['-007', -7],
    ['00000000000000000000000000000000000000001', 1],
    ['2147483647', 2147483647],
    ['+2147483647', 2147483647],
    ['-2147483648', -2147483648],
    ['0x10', 16],
    ['0X1F', 31],
    ['0xabcdef', 0xabcdef],
    ['0xABCDEF', 0xabcdef],
    ['0x0', 0],
    ['0x000000000001', 1],
    ['0x7fffffff', 2147483647],
    ['-0x10', -16],
    ['-0X1f', -31],
    ['-0x0', 0],
    ['-0x7fffffff', -2147483647],
  ])('%j', (text, value) => {
    expect(parseInteger(text)).toBe(value);
  });
});

describe('parseInteger refuses', () => {
  it.each([
    ...['', ' ', '+', '-', '+-1', '--1', '- 1', 'abc', '1a', 'a1', '\0', '101\0', '6\0\0\0'],
    ...[' 101', '101 ', '101\n', '\t101', '\ufeff1'],
    ...['1.0', '1.', '.5', '1e3', '1,000', '1_000', '0b1', '0o7', 'NaN', 'Infinity', '٣', '１'],
    ...['2147483648', '+2147483648', '-2147483649', '99999999999', '4294967297', '1'.repeat(400)],
    ...['0x', '-0x', '0xg', '0x1g', '0x1.8', '0x 1', '0x-1', '+0x10', 'x10', '00x1', '0x1\n', ' 0x1', '--0x1'],
    ...['0x80000000', '0xffffffff', '-0x80000000', '0x100000000', '0xffffffffffffffffffff'],
  ])('%j', (text) => {
    expect(parseInteger(text)).toBeUndefined();
  });
});

describe('parseInteger', () => {
  it(randomly('reads every number of 32 bits, in either form', 2000), () => {
    check(
      2000,
      fc.property(fc.integer(), (value) => {
        expect(parseInteger(String(value))).toBe(value);
        const hexadecimal = `${value < 0 ? '-' : ''}0x${Math.abs(value).toString(16)}`;
        expect(parseInteger(hexadecimal)).toBe(value === -(2 ** 31) ? undefined : value);
      }),
    );
  });

  it(randomly('reads nothing that is not all digits', 2000), () => {
    check(
      2000,
      fc.property(anyText({ maxLength: 12 }), (text) => {
        const value = parseInteger(text);
        if (value !== undefined) expect(text).toMatch(/^([+-]?[0-9]+|-?0[xX][0-9a-fA-F]+)$/);
      }),
    );
  });
});
