import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, compareTexts, isUtf8, sortTexts, textOf } from '../../src/text/lossless.ts';
import { anyBytes, anyText, check, randomly } from '../support/random.ts';

describe('textOf', () => {
  it.each<[string, readonly number[], string]>([
    ['nothing', [], ''],
    ['ASCII', [0x61, 0x00, 0x7f], 'a\0\x7f'],
    ['two bytes', [0xc3, 0xa9], 'é'],
    ['three bytes', [0xe2, 0x82, 0xac], '€'],
    ['four bytes', [0xf0, 0x9f, 0x98, 0x80], '😀'],
    ['the largest code point', [0xf4, 0x8f, 0xbf, 0xbf], '\u{10ffff}'],
    ['a replacement character that was written', [0xef, 0xbf, 0xbd], '\ufffd'],
    ['a lone continuation', [0x61, 0x80, 0x62], 'a\udc80b'],
    ['a byte that occurs nowhere', [0xff], '\udcff'],
    ['an overlong slash', [0xc0, 0xaf], '\udcc0\udcaf'],
    ['an overlong form of three bytes', [0xe0, 0x9f, 0xbf], '\udce0\udc9f\udcbf'],
    ['an overlong form of four bytes', [0xf0, 0x8f, 0xbf, 0xbf], '\udcf0\udc8f\udcbf\udcbf'],
    ['a surrogate', [0xed, 0xb2, 0x80], '\udced\udcb2\udc80'],
    ['what lies beyond Unicode', [0xf4, 0x90, 0x80, 0x80], '\udcf4\udc90\udc80\udc80'],
    ['a sequence that is cut short', [0xe2, 0x82, 0x61], '\udce2\udc82a'],
    ['a sequence that ends with the bytes', [0x61, 0xf0, 0x9f, 0x98], 'a\udcf0\udc9f\udc98'],
    ['valid and invalid in turn', [0xc3, 0xa9, 0xff, 0xc3, 0xa9], 'é\udcffé'],
  ])('%s', (_what, bytes, text) => {
    expect(textOf(Buffer.from(bytes))).toBe(text);
    expect([...bytesOf(text)]).toEqual(bytes);
  });

  it('reads a part of a buffer, and nothing around it', () => {
    const bytes = Buffer.from('xé€y');
    expect(textOf(bytes, 1, 6)).toBe('é€');
    expect(textOf(bytes, 1, 5)).toBe('é\udce2\udc82');
  });

  it('reads long texts as it reads short ones', () => {
    const long = Buffer.concat([Buffer.alloc(1000, 'é'), Buffer.of(0xff), Buffer.alloc(1000, 'a')]);
    expect(textOf(long)).toBe(`${'é'.repeat(500)}\udcff${'a'.repeat(1000)}`);
  });
});

describe('texts lose nothing', () => {
  it(randomly('bytes are had back', 3000), () => {
    check(
      3000,
      fc.property(anyBytes(), (bytes) => {
        expect(bytesOf(textOf(bytes)).equals(bytes)).toBe(true);
      }),
    );
  });

  it(randomly('what is well-formed stays itself', 2000), () => {
    check(
      2000,
      fc.property(anyText({ maxLength: 200 }), (text) => {
        expect(textOf(Buffer.from(text, 'utf8'))).toBe(text);
        expect(bytesOf(text).equals(Buffer.from(text, 'utf8'))).toBe(true);
      }),
    );
  });
});

describe('compareTexts', () => {
  it.each<[string, readonly number[], readonly number[]]>([
    ['a character and a byte that begins one', [0xc3, 0xa9], [0xc3, 0x78]],
    ['two pairs that begin alike', [0xf0, 0x9f, 0x98, 0x80], [0xf0, 0x9f, 0x98, 0x81]],
    ['a pair and bytes that are one but for the last', [0xf0, 0x9f, 0x98, 0x80], [0xf0, 0x9f, 0x98, 0x61]],
    ['what UTF-16 has in another order', [0xef, 0xbf, 0xbd], [0xf0, 0x9f, 0x98, 0x80]],
    ['a text and a longer one', [0xff, 0xfe], [0xff, 0xfe, 0xfd]],
  ])('%s', (_what, one, other) => {
    const [a, b] = [Buffer.from(one), Buffer.from(other)];
    expect(Math.sign(compareTexts(textOf(a), textOf(b)))).toBe(a.compare(b));
    expect(Math.sign(compareTexts(textOf(b), textOf(a)))).toBe(b.compare(a));
  });

  it(randomly('is the order of the bytes', 5000), () => {
    check(
      5000,
      fc.property(anyBytes(12), anyBytes(12), anyBytes(12), (begin, one, other) => {
        const [a, b] = [Buffer.concat([begin, one]), Buffer.concat([begin, other])];
        expect(Math.sign(compareTexts(textOf(a), textOf(b)))).toBe(a.compare(b));
      }),
    );
  });
});

describe('sortTexts', () => {
  it(randomly('has the order of the bytes', 2000), () => {
    check(
      2000,
      fc.property(fc.array(anyBytes(8), { maxLength: 12 }), (names) => {
        const sorted = sortTexts(names.map((bytes) => textOf(bytes)));
        expect(sorted.map((text) => bytesOf(text).toString('hex'))).toEqual(
          names.toSorted(Buffer.compare).map((bytes) => bytes.toString('hex')),
        );
      }),
    );
  });
});

describe('isUtf8', () => {
  it(randomly('agrees with the platform', 3000), () => {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const decodes = (bytes: Buffer): boolean => {
      try {
        decoder.decode(bytes);
        return true;
      } catch {
        return false;
      }
    };
    check(
      3000,
      fc.property(anyBytes(60), (bytes) => {
        expect(isUtf8(bytes, 0, bytes.length)).toBe(decodes(bytes));
        expect(textOf(bytes).isWellFormed()).toBe(decodes(bytes));
      }),
    );
  });
});
