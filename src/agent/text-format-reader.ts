import { encodeMessage } from '../format/encode.ts';
import type { Field, MessageType } from '../format/message-type.ts';
import { type Message, parse, WireFailure } from '../format/parse.ts';
import { shapeOf } from '../format/shape.ts';
import { bytesOf, textOf } from '../text/lossless.ts';
import type { FromText } from './value-text.ts';

/** What is no text of a message, and in which line. */
class Misread extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** A part of a text: a name or a number, a quoted text, or a sign. */
interface Token {
  readonly kind: 'word' | 'string' | 'sign';
  readonly text: string;
  readonly bytes: Buffer | undefined;
  readonly line: number;
}

/**
 * Reads protobuf's text format, as `Message::DebugString` prints it, of a message of a type. A field that is printed by its
 * number is one that whoever printed it did not know either, and is passed over; a name that the type lacks is an error.
 */
export const messageFromText = (type: MessageType, text: string): FromText<Message> => {
  try {
    const reader = new Reader(tokensOf(text));
    const message = reader.message(type, undefined);
    // By way of its bytes, so that it is what a read of a file would give.
    const read: Message | WireFailure = parse(shapeOf(type, true), encodeMessage(type, message));
    return read instanceof WireFailure ? { ok: false, message: read.reason } : { ok: true, value: read };
  } catch (error) {
    if (error instanceof Misread) return { ok: false, message: `line ${error.line}: ${error.message}` };
    if (error instanceof TypeError) return { ok: false, message: error.message };
    throw error;
  }
};

const WORD = /[A-Za-z0-9_.+-]/;
const SIGNS = new Set('{}<>[]:;,');

const tokensOf = (text: string): readonly Token[] => {
  const tokens: Token[] = [];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const character = text[at] as string;
    if (character === '\n') line++;
    if (/\s/.test(character)) {
      at++;
    } else if (character === '"' || character === "'") {
      const { bytes, end } = quotedAt(text, at, line);
      tokens.push({ kind: 'string', text: '', bytes, line });
      at = end;
    } else if (SIGNS.has(character)) {
      tokens.push({ kind: 'sign', text: character, bytes: undefined, line });
      at++;
    } else {
      let end = at;
      while (end < text.length && WORD.test(text[end] as string)) end++;
      if (end === at) throw new Misread(line, `'${character}' is not expected`);
      tokens.push({ kind: 'word', text: text.slice(at, end), bytes: undefined, line });
      at = end;
    }
  }
  return tokens;
};

const ESCAPED: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, a: 7, b: 8, f: 12, v: 11 };

/** Mirrors `CUnescape`: a quoted text as bytes. */
const quotedAt = (text: string, start: number, line: number): { bytes: Buffer; end: number } => {
  const quote = text[start];
  const bytes: Buffer[] = [];
  for (let at = start + 1; at < text.length; ) {
    const character = text[at] as string;
    if (character === quote) return { bytes: Buffer.concat(bytes), end: at + 1 };
    if (character === '\n') break;
    if (character !== '\\') {
      const whole = String.fromCodePoint(text.codePointAt(at) ?? 0);
      bytes.push(bytesOf(whole));
      at += whole.length;
      continue;
    }
    const [whole = '', octal, hex, letter = ''] =
      /^\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|([\s\S]))/.exec(text.slice(at, at + 5)) ?? [];
    const code = octal === undefined ? undefined : Number.parseInt(octal, 8);
    const value = code ?? (hex === undefined ? undefined : Number.parseInt(hex, 16)) ?? ESCAPED[letter];
    bytes.push(value === undefined ? bytesOf(letter) : Buffer.of(value & 0xff));
    at += Math.max(1, whole.length);
  }
  throw new Misread(line, 'a quoted text does not end');
};

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The fields of a message up to its closing sign, or to the end of the text. */
  message(type: MessageType | undefined, close: string | undefined): Message {
    const message: Record<string, unknown> = {};
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined) {
        if (close === undefined) return message;
        throw new Misread(this.#tokens.at(-1)?.line ?? 1, `'${close}' is missing`);
      }
      if (token.text === close && token.kind === 'sign') {
        this.#at++;
        return message;
      }
      if (token.kind === 'sign' && (token.text === ';' || token.text === ',')) this.#at++;
      else this.#field(type, message);
    }
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new Misread(this.#tokens.at(-1)?.line ?? 1, 'the text ends in a field');
    return token;
  }

  #takes(text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'sign' || token.text !== text) return false;
    this.#at++;
    return true;
  }

  #field(type: MessageType | undefined, into: Record<string, unknown>): void {
    const name = this.#next();
    if (name.kind !== 'word') throw new Misread(name.line, 'the name of a field is expected');
    const isNumber = /^[0-9]+$/.test(name.text);
    const field = type?.fields.find((each) => each?.name === name.text);
    if (field === undefined && type !== undefined && !isNumber) {
      throw new Misread(name.line, `'${name.text}' is not a field of ${type.name}`);
    }
    const hasColon = this.#takes(':');
    if (field !== undefined && field.label === 'repeated' && this.#takes('[')) {
      while (!this.#takes(']')) {
        put(into, field, this.#value(field));
        this.#takes(',');
      }
      return;
    }
    if (field?.message === undefined && !hasColon && this.#tokens[this.#at]?.text !== '{') {
      throw new Misread(name.line, `':' is missing behind '${name.text}'`);
    }
    const value = this.#value(field);
    if (field !== undefined) put(into, field, value, name.line);
  }

  /** A value; of a field that is not known, whatever stands there. */
  #value(field: Field | undefined): unknown {
    const close = this.#takes('{') ? '}' : this.#takes('<') ? '>' : undefined;
    if (close !== undefined) {
      if (field !== undefined && field.message === undefined) {
        throw new Misread(this.#tokens[this.#at - 1]?.line ?? 1, `${field.name} is not a message`);
      }
      return this.message(field?.message, close);
    }
    const token = this.#next();
    if (token.kind === 'sign') throw new Misread(token.line, `a value is expected, not '${token.text}'`);
    if (token.kind === 'word') return field === undefined ? undefined : scalarOf(field, token);
    const parts = [token.bytes as Buffer];
    while (this.#tokens[this.#at]?.kind === 'string') parts.push(this.#next().bytes as Buffer);
    const bytes = Buffer.concat(parts);
    if (field === undefined || field.kind === 'bytes') return bytes;
    if (field.kind !== 'string') throw new Misread(token.line, `${field.name} is not a text`);
    return textOf(bytes, 0, bytes.length);
  }
}

const put = (into: Record<string, unknown>, field: Field, value: unknown, line = 1): void => {
  if (field.isMap) throw new Misread(line, `${field.name} is a map, which is not read`);
  if (field.label !== 'repeated') {
    if (into[field.name] !== undefined) throw new Misread(line, `${field.name} is there twice`);
    into[field.name] = value;
    return;
  }
  const list = into[field.name];
  if (Array.isArray(list)) list.push(value);
  else into[field.name] = [value];
};

const scalarOf = (field: Field, { text, line }: Token): unknown => {
  const wrong = (): Misread => new Misread(line, `${field.name}: '${text}' is not a value of type ${field.kind}`);
  switch (field.kind) {
    case 'bool':
      if (text !== 'true' && text !== 'false') throw wrong();
      return text === 'true';
    case 'enum':
      if (![...(field.enum?.nameByNumber.values() ?? [])].includes(text)) throw wrong();
      return text;
    case 'double': {
      const special = /^(-?)(inf|infinity|nan)$/i.exec(text);
      const value =
        special === null ? Number(text) : special[2] === 'nan' ? Number.NaN : Number(`${special[1]}Infinity`);
      if (special === null && !/^[+-]?[0-9.]/.test(text)) throw wrong();
      if (special === null && Number.isNaN(value)) throw wrong();
      return value;
    }
    case 'int32':
    case 'uint32':
      if (!/^-?[0-9]+$/.test(text)) throw wrong();
      return Number(text);
    case 'int64':
    case 'uint64':
      if (!/^-?[0-9]+$/.test(text)) throw wrong();
      return BigInt(text);
    default:
      throw wrong();
  }
};
