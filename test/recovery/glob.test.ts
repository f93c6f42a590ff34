import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPattern, matchesPattern } from '../../src/recovery/glob.ts';
import { check, randomly } from '../support/random.ts';

/** Every verdict here is that of the GNU C library's `glob` in the C locale. */
const matching = (pattern: string, names: readonly string[]): readonly string[] =>
  names.filter((name) => matchesPattern(pattern, name));

describe('matchesPattern', () => {
  it.each<[pattern: string, matched: readonly string[], others: readonly string[]]>([
    ['abc', ['abc'], ['ab', 'abcd', 'ABC', '']],
    ['a-b.c+(1)|{2}^$', ['a-b.c+(1)|{2}^$'], ['a-bxc+(1)|{2}^$']],
    ['a*', ['a', 'ab', 'a b', 'a-b', 'a*'], ['', 'ba', '.a']],
    ['*', ['a', 'a.b', '\n'], ['.a', '.']],
    ['*a', ['a', 'ba', 'aa'], ['ab', '.a']],
    ['a*b*c', ['abc', 'aXbYc', 'abcbc'], ['ab', 'acb']],
    ['**', ['a'], ['.a']],
    ['a?c', ['abc', 'a c', 'a\nc', 'a?c'], ['ac', 'abbc']],
    ['?', ['a'], ['', 'ab', '.', 'é']],
    ['??', ['ab', 'é'], ['a', '.a']],
    ['job[1]', ['job1'], ['job[1]', 'job', 'job2']],
    ['job[1]-x', ['job1-x'], ['job[1]-x']],
    ['[abc]', ['a', 'b', 'c'], ['d', '', 'ab']],
    ['[a-c]', ['a', 'b', 'c'], ['d', '-', 'B']],
    ['[a-c0-9_]', ['b', '5', '_'], ['d', '-']],
    ['[c-a]', [], ['a', 'b', 'c', '-']],
    ['[!a-c]', ['d', '-', '!'], ['a', 'c', '.', 'é']],
    ['[^a]', ['b', '^'], ['a']],
    ['[a^]', ['a', '^'], ['b']],
    ['[a!]', ['a', '!'], ['b']],
    ['[]a]', [']', 'a'], ['[', 'b']],
    ['[!]a]', ['b', '['], [']', 'a']],
    ['[a-]', ['a', '-'], ['b']],
    ['[-a]', ['a', '-'], ['b']],
    ['[--/]', ['-'], ['a', '.']],
    ['[[]', ['['], ['[[]', ']']],
    ['a[]', ['a[]'], ['a', 'a]']],
    ['a[', ['a['], ['a']],
    ['a[b', ['a[b'], ['ab']],
    ['a[b*', ['a[b', 'a[bc'], ['ab']],
    ['*[', ['a[', '['], ['a', '.[']],
    ['[é]', [], ['é', 'e']],
    ['a\\*', ['a*'], ['ab', 'a\\*']],
    ['\\a', ['a'], ['\\a']],
    ['[\\]]', [']'], ['\\', '[']],
    ['[\\a-c]', ['b'], ['\\']],
    ['.a', ['.a'], ['a', '*a']],
    ['.*', ['.a', '.ab'], ['a']],
    ['\\.a', ['.a'], ['a']],
    ['[.]a', [], ['.a']],
    ['a*', ['a.b', 'a.'], []],
  ])('%j', (pattern, matched, others) => {
    expect(matching(pattern, [...matched, ...others])).toEqual(matched);
  });

  it.each<[name: string, members: string, others: string]>([
    ['alnum', 'aZ5', '-_ '],
    ['alpha', 'aZ', '5-'],
    ['blank', ' \t', '\na'],
    ['cntrl', '\x01\x7f\t', 'a '],
    ['digit', '059', 'aF'],
    ['graph', '!a~', ' \t'],
    ['lower', 'az', 'A5'],
    ['print', ' a~', '\t\x7f'],
    ['punct', '!/:@[`{~-]_', 'a5 '],
    ['space', ' \t\n\v\f\r', 'a'],
    ['upper', 'AZ', 'a5'],
    ['xdigit', '09afAF', 'gG'],
  ])('[[:%s:]]', (name, members, others) => {
    expect(matching(`[[:${name}:]]`, [...members, ...others])).toEqual([...members]);
    expect(matching(`[^[:${name}:]]`, [...members, ...others])).toEqual([...others]);
    expect(matching(`[[:${name}:]§x]`, ['x'])).toEqual(['x']);
  });

  it('takes a class that is not closed for characters', () => {
    expect(matching('[[:digit:x]', ['[', ':', 'd', 't', 'x', '5'])).toEqual(['[', ':', 'd', 't', 'x']);
    expect(matching('[[:]', ['[', ':', ']', 'a'])).toEqual(['[', ':']);
  });

  it('takes a class that does not exist for a mistake', () => {
    expect(matching('[[:foo:]a]', ['a', ':', 'f', '[[:foo:]a]'])).toEqual([]);
  });

  it('is not slowed down by stars', () => {
    expect(matchesPattern(`${'*a'.repeat(120)}b`, 'a'.repeat(255))).toBe(false);
    expect(matchesPattern(`${'*a'.repeat(120)}*`, 'a'.repeat(255))).toBe(true);
  });

  it('does not mind bytes that are no text', () => {
    expect(matching('a?', ['a\udcff', 'aé'])).toEqual(['a\udcff']);
    expect(matchesPattern('*\udcff*', 'a\udcffb')).toBe(true);
  });
});

describe('isPattern', () => {
  it.each(['a*', '?', 'job[1]', '[', 'a\\b'])('%j is one', (name) => {
    expect(isPattern(name)).toBe(true);
  });

  it.each(['', 'a', 'a.b', ']', '{a,b}', '~', '!a', 'a b', '-'])('%j is none', (name) => {
    expect(isPattern(name)).toBe(false);
  });
});

describe('patterns', () => {
  const characters = fc.constantFrom('a', 'b', '-', '.', '*', '?', '[', ']', '!', '^', ':', '\\', 'é', '\udcff', '/');
  const texts = fc.array(characters, { maxLength: 10 }).map((parts) => parts.join(''));

  it(randomly('match what the same regular expression does', 5000), () => {
    const pieces = fc.constantFrom(
      ...[
        ['*', '.*'],
        ['?', '.'],
        ['a', 'a'],
        ['b', 'b'],
        ['.', '\\.'],
        ['[ab]', '[ab]'],
        ['[!a]', '[^a]'],
      ],
      ...[
        ['\\*', '\\*'],
        ['xxxxxxxxxxxxxxxx', 'x{16}'],
        ['a*a?a', 'a.*a.a'],
      ],
    );
    const parts = fc.constantFrom('a', 'b', '.', '*', 'x', 'xxxxxxxxxxxxxxxx', 'aa', 'é');
    check(
      5000,
      fc.property(fc.array(pieces, { maxLength: 8 }), fc.array(parts, { maxLength: 8 }), (pattern, each) => {
        const name = each.join('');
        const expression = new RegExp(`^${pattern.map(([, expression]) => expression).join('')}$`, 's');
        const isHidden = name.startsWith('.') && pattern[0]?.[0] !== '.';
        expect(matchesPattern(pattern.map(([text]) => text).join(''), name)).toBe(
          !isHidden && expression.test(Buffer.from(name).toString('latin1')),
        );
      }),
    );
  });

  it('of any length know their places', () => {
    for (const length of [30, 31, 32, 33, 63, 64, 65, 127, 128, 250]) {
      expect(matchesPattern(`*${'a'.repeat(length)}`, 'a'.repeat(length))).toBe(true);
      expect(matchesPattern(`*${'a'.repeat(length)}`, `b${'a'.repeat(length)}`)).toBe(true);
      expect(matchesPattern(`*${'a'.repeat(length)}`, `${'a'.repeat(length)}b`)).toBe(false);
      expect(matchesPattern(`?${'a'.repeat(length)}*b`, `${'a'.repeat(length + 3)}b`)).toBe(true);
    }
  });

  it(randomly('never throw', 5000), () => {
    check(
      5000,
      fc.property(texts, texts, (pattern, name) => {
        expect(typeof matchesPattern(pattern, name)).toBe('boolean');
      }),
    );
  });

  it(randomly('without special characters match themselves alone', 2000), () => {
    check(
      2000,
      fc.property(texts, texts, (pattern, name) => {
        fc.pre(!isPattern(pattern));
        expect(matchesPattern(pattern, pattern)).toBe(true);
        expect(matchesPattern(pattern, name)).toBe(pattern === name);
      }),
    );
  });

  it(randomly('whose special characters are escaped do so too', 2000), () => {
    check(
      2000,
      fc.property(texts, (name) => {
        expect(matchesPattern(name.replace(/[*?[\\]/g, '\\$&'), name)).toBe(true);
      }),
    );
  });
});
