import { describe, expect, it } from 'vitest';
import { jsonLine, plainJsonTexts } from '../../src/text/escape.ts';

const MIB = 1024 * 1024;

describe('a value as JSON in pieces reads as it does in one', () => {
  it.each([
    ['null', null],
    ['numbers', [0, -1, 1.5, true, false]],
    ['what is empty', { list: [], object: {}, text: '' }],
    ['a field that is not set', { a: undefined, b: 1, c: { d: undefined } }],
    ['hostile keys and texts', { 'a\u202e"': '\u0000\udc80\u200b', b: ['\u{e0001}'] }],
    ['a long text', { text: 'a'.repeat(3 * MIB), more: 1 }],
    ['characters of two units', ['\u{e0041}'.repeat(MIB), `a${'\u{e0041}'.repeat(MIB)}`]],
    ['units that are half of one', `${'\ud83d'.repeat(MIB)}${'\udc80'.repeat(MIB)}`],
  ])('%s', (_, value) => {
    const texts = [...plainJsonTexts(value)];
    expect(texts.join('') === jsonLine(value)).toBe(true);
    // A character takes twelve at most.
    expect(Math.max(...texts.map(({ length }) => length))).toBeLessThanOrEqual(12 * (MIB + 1));
  });
});
