import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineReader } from '../../src/fleet/lines.ts';
import { type Piece, Splitter } from '../../src/fleet/split.ts';
import { check, randomly } from '../support/random.ts';

const piecesOf = (bytes: Buffer, chunk = 7, most?: number): readonly Piece[] => {
  const pieces: Piece[] = [];
  const lines = new LineReader(new Splitter((piece) => pieces.push(piece)), most);
  for (let at = 0; at < bytes.length; at += chunk) lines.take(bytes.subarray(at, at + chunk));
  lines.end();
  return pieces;
};

const split = (text: string): readonly Piece[] => piecesOf(Buffer.from(text));

const WHOLE = { a: [{ b: 'x } ] { "' }, { c: '\\"{' }], d: {} };

describe('documents', () => {
  it.each([
    ['a line', JSON.stringify(WHOLE)],
    ['pretty-printed', JSON.stringify(WHOLE, null, 2)],
    ['by tabs', JSON.stringify(WHOLE, null, '\t')],
    ['with CR', JSON.stringify(WHOLE, null, 2).replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\ufeff${JSON.stringify(WHOLE)}`],
  ])('are found: %s', (_, text) => {
    expect(split(`${text}\n`)).toEqual([{ value: WHOLE, line: 1 }]);
    expect(split(`\n${text}\n\n${text}`).map((piece) => 'value' in piece)).toEqual([true, true]);
  });

  it('are an array, too, on a line or over several', () => {
    expect(split(JSON.stringify([WHOLE, WHOLE]))).toEqual([{ value: [WHOLE, WHOLE], line: 1 }]);
    expect(split(JSON.stringify([WHOLE, WHOLE], null, 2))).toEqual([{ value: [WHOLE, WHOLE], line: 1 }]);
    // As jq -s prints them with --indent 0, or people put them together.
    expect(split(`[\n${JSON.stringify(WHOLE)},\n${JSON.stringify(WHOLE)}\n]\n`)).toEqual([
      { value: [WHOLE, WHOLE], line: 1 },
    ]);
  });

  it.each([
    ['no JSON', 'error: no such host', 'it is not JSON'],
    ['a line that is cut off', JSON.stringify(WHOLE).slice(0, -3), 'the JSON that begins here is not whole'],
    [
      'a document that is cut off',
      JSON.stringify(WHOLE, null, 2).slice(0, -8),
      'the JSON that begins here is not whole',
    ],
    ['what closes more than it opens', '{}}', 'it is not JSON'],
  ])('are followed by others whatever stands between them: %s', (_, text, why) => {
    const whole = JSON.stringify(WHOLE);
    const pretty = JSON.stringify(WHOLE, null, 2);
    const at = 2;
    expect(split(`${whole}\n${text}\n${pretty}\n${whole}\n`)).toEqual([
      { value: WHOLE, line: 1 },
      { why, line: at },
      { value: WHOLE, line: at + text.split('\n').length },
      { value: WHOLE, line: at + text.split('\n').length + pretty.split('\n').length },
    ]);
  });

  it('are not kept where a line is longer than any report', () => {
    const long = `{"a":"${'x'.repeat(500)}"}`;
    expect(piecesOf(Buffer.from(`{}\n${long}\n{}\n`), 64, 100)).toEqual([
      { value: {}, line: 1 },
      { why: 'it is longer than any report', line: 2 },
      { value: {}, line: 3 },
    ]);
  });

  it(randomly('are all found, or told of by their lines, whatever the chunks are', 300), () => {
    const document = fc.record({ command: fc.string(), more: fc.jsonValue({ maxDepth: 3 }) });
    const text = fc.oneof(
      document.map((value) => ({ text: JSON.stringify(value), value })),
      document.map((value) => ({ text: JSON.stringify(value, null, 2), value })),
      fc
        .stringMatching(/^[a-z #:]{1,20}$/)
        .filter((each) => each.trim() !== '' && !/^(?:null|true|false)$/.test(each.trim()))
        .map((garbage) => ({ text: garbage, value: undefined })),
    );
    check(
      300,
      fc.property(fc.array(text, { maxLength: 8 }), fc.integer({ min: 1, max: 50 }), (all, chunk) => {
        const pieces = piecesOf(Buffer.from(all.map((each) => `${each.text}\n`).join('')), chunk);
        let line = 1;
        const wanted = all.map((each) => {
          const piece =
            each.value === undefined
              ? { why: 'it is not JSON', line }
              : { value: JSON.parse(JSON.stringify(each.value)), line };
          line += each.text.split('\n').length;
          return piece;
        });
        expect(pieces).toEqual(wanted);
      }),
    );
  });
});
