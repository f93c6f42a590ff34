import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DecodedMessage } from '../../src/decode/message.ts';
import { parse, WireFailure } from '../../src/format/parse.ts';
import { shapeOf } from '../../src/format/shape.ts';
import { walk } from '../../src/format/walk.ts';
import { writeMessage } from '../../src/report/decode/text.ts';
import { type MessageTypes, messageType } from '../../src/schema/index.ts';

interface Answer {
  readonly type: keyof MessageTypes;
  readonly hex: string;
  /** What protoc 3.21 printed, a character a byte; null where it takes the bytes for no message. */
  readonly text: string | null;
}

/** Every message of the conformance data, as `scripts/protoc-answers.mjs` asked protoc about it. */
const answers = gunzipSync(readFileSync('fixtures/decode/protoc.jsonl.gz'))
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Answer);

const ours = ({ type, hex }: Answer): string => {
  const bytes = Buffer.from(hex, 'hex');
  const message = new DecodedMessage(messageType(type));
  message.add(walk(messageType(type), bytes).fields, bytes);
  let text = '';
  const write = (piece: string): void => {
    text += piece;
  };
  writeMessage(message, bytes, { showSecrets: true, sayOfLarge: () => '', write });
  return text;
};

const takes = ({ type, hex }: Answer): boolean =>
  !(parse(shapeOf(messageType(type), {}), Buffer.from(hex, 'hex')) instanceof WireFailure);

describe('the text format', () => {
  const both = answers.filter((answer) => answer.text !== null && takes(answer));

  it('is tried on many messages, and most kinds of them', () => {
    expect(both.length).toBeGreaterThan(800);
    expect(new Set(both.map(({ type }) => type)).size).toBeGreaterThan(150);
  });

  it('is what protoc prints', () => {
    for (const answer of both) expect(ours(answer), `${answer.type} ${answer.hex}`).toBe(answer.text);
  });
});
