import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerpt, quoted } from '../../src/text/excerpt.ts';
import { anyText, check, randomly } from '../support/random.ts';

describe('excerpt', () => {
  it('is all of a short text', () => {
    expect(excerpt('abc', 3)).toBe('abc');
    expect(excerpt('', 3)).toBe('');
  });

  it('says how much more there is', () => {
    expect(excerpt('abcdef', 4)).toBe('abcd… (2 more characters)');
  });

  it(randomly('is a beginning and a count that make up the text, and cuts no pair in two', 1000), () => {
    check(
      1000,
      fc.property(anyText(), fc.integer({ min: 2, max: 20 }), (text, most) => {
        const short = excerpt(text, most);
        if (text.length <= most) {
          expect(short).toBe(text);
          return;
        }
        const [, begin = '', left] = /^(.*)… \((\d+) more characters\)$/s.exec(short) ?? [];
        expect(text.startsWith(begin)).toBe(true);
        expect(begin.length + Number(left)).toBe(text.length);
        expect(begin.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('quoted', () => {
  it('closes the quotes before the count', () => {
    expect(quoted('12 ')).toBe("'12 '");
    expect(quoted('0'.repeat(100))).toBe(`'${'0'.repeat(80)}'… (20 more characters)`);
  });
});
