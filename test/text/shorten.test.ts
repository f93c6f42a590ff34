import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shown } from '../../src/text/escape.ts';
import { shorten, shortenDistinct } from '../../src/text/shorten.ts';
import { displayWidth, graphemes } from '../../src/text/width.ts';
import { check } from '../support/random.ts';

describe('shorten', () => {
  it('keeps what fits', () => {
    expect(shorten('shop_web.1', 10)).toBe('shop_web.1');
    expect(shorten('', 0)).toBe('');
  });

  it('takes out the middle', () => {
    expect(shorten('2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7', 20)).toBe('2b1a7c1e-6f…3f001-S7');
    expect(shorten('abcdef', 5)).toBe('ab…ef');
    expect(shorten('abcdef', 2)).toBe('…f');
    expect(shorten('abcdef', 1)).toBe('…');
    expect(shorten('abcdef', 0)).toBe('');
  });

  it('does not cut a wide character in two', () => {
    expect(shorten('日本語日本語', 6)).toBe('日…語');
    expect(shorten('日本語日本語', 7)).toBe('日…本語');
    expect(shorten('日本語', 1)).toBe('…');
  });

  it('keeps marks with their letters, and the parts of a flag together', () => {
    expect(shorten('e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}', 3)).toBe('e\u{301}…e\u{301}');
    expect(shorten('🇩🇪🇫🇷🇮🇹', 5)).toBe('🇩🇪…🇮🇹');
  });

  it('does not cut an escape in two', () => {
    expect(shorten(shown('\u{1b}\u{1b}\u{1b}\u{1b}'), 9)).toBe(String.raw`\x1b…\x1b`);
    expect(shorten(shown('\u{1b}\u{1b}\u{1b}\u{1b}'), 8)).toBe(String.raw`\x1b…`);
    expect(shorten(shown('\u{202e}abc\\\\\\'), 7)).toBe(String.raw`…\\\\\\`);
    expect(shorten(shown('\u{e0001}abcdef'), 12)).toBe('…abcdef');
  });

  it('is never wider than asked, and made of whole pieces of the text', () => {
    check(
      500,
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.nat(45), (raw, width) => {
        const text = shown(raw);
        const short = shorten(text, width);
        expect(displayWidth(short)).toBeLessThanOrEqual(width);
        if (displayWidth(text) <= width) expect(short).toBe(text);
        else if (width > 0) {
          const [before = '', behind = ''] = splitAtCut(short, text);
          expect(text.startsWith(before)).toBe(true);
          expect(text.endsWith(behind)).toBe(true);
        }
      }),
    );
  });
});

/** The beginning and the end of a shortened text; the text itself may have an ellipsis in it. */
const splitAtCut = (short: string, text: string): readonly string[] => {
  for (let at = short.indexOf('…'); at >= 0; at = short.indexOf('…', at + 1)) {
    const parts = [short.slice(0, at), short.slice(at + 1)];
    if (text.startsWith(parts[0] ?? '') && text.endsWith(parts[1] ?? '')) return parts;
  }
  throw new Error(`'${short}' is not made of '${text}'`);
};

describe('shortenDistinct', () => {
  it('keeps different texts different, wherever they differ', () => {
    const middle = ['a', 'b', 'c'].map((each) => `nightly_report.3b0e0a${each}2-aaaa-11ed-9b7e-0242ac110002`);
    expect(new Set(middle.map((text) => shorten(text, 20))).size).toBe(1);
    expect(new Set(shortenDistinct(middle, 20)).size).toBe(1);
    expect(new Set(shortenDistinct(middle, 24)).size).toBe(3);
  });

  it('keeps the usual cut where that tells them apart, and the same text the same', () => {
    const texts = ['shop_web.0123456789.1', 'shop_web.0123456789.2', 'shop_web.0123456789.1'];
    expect(shortenDistinct(texts, 12)).toEqual(texts.map((text) => shorten(text, 12)));
  });

  it('gives up where the width does not do', () => {
    expect(shortenDistinct(['aaaaaaXbbbbbb', 'aaaaaaYbbbbbb'], 3)).toHaveLength(2);
  });

  it('is never wider than asked', () => {
    check(
      100,
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 20 })), fc.nat(20), (raw, width) => {
        const texts = raw.map(shown);
        const short = shortenDistinct(texts, width);
        expect(short).toHaveLength(texts.length);
        for (const each of short) expect(displayWidth(each)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('displayWidth and graphemes', () => {
  it('counts columns', () => {
    expect(displayWidth('abc')).toBe(3);
    expect(displayWidth('日本')).toBe(4);
    expect(displayWidth('e\u{301}')).toBe(1);
    expect(displayWidth('👍🏽')).toBe(2);
    expect(displayWidth('\u{1b}[31mred\u{1b}[39m')).toBe(3);
    expect(displayWidth('\u{915}\u{94d}\u{937}')).toBeLessThanOrEqual(2);
  });

  it('keeps together what is one character to a reader', () => {
    expect(graphemes('ab')).toEqual(['a', 'b']);
    expect(graphemes('e\u{301}🇩🇪👍🏽')).toEqual(['e\u{301}', '🇩🇪', '👍🏽']);
  });
});
