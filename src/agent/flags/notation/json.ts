import { fail, type Parsed, succeed } from './parsed.ts';

/** A JSON object, with its members by name. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object. */
const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A JSON text, as the agent's parser reads it: a number may have zeros before it or end with a point, and nothing but blanks
 * may follow the value. Mirrors `JSON::parse` of stout, which reads with picojson.
 */
export const parseJson = (text: string): Parsed<unknown> => {
  const reader = new JsonReader(text);
  try {
    const value = reader.value();
    const rest = text.slice(reader.at).replace(/[ \t\n\v\f\r]+$/, '');
    return rest === '' ? succeed(value) : fail(`Parsed JSON included non-whitespace trailing characters: ${rest}`);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return fail(error.message === '' ? reader.whereItStopped() : error.message);
    throw error;
  }
};

/** A JSON object. Mirrors `JSON::parse<JSON::Object>`. */
export const parseJsonObject = (text: string): Parsed<JsonObject> => {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  return isJsonObject(parsed.value) ? succeed(parsed.value) : fail('Unexpected JSON type parsed');
};

class JsonSyntaxError extends Error {}

const LITERALS: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['false', false],
  ['true', true],
];

const ESCAPED: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Objects and arrays that may lie within one another; the agent's parser gives up below. */
const MOST_LEVELS = 200;

class JsonReader {
  /** The next character. */
  at = 0;
  readonly #text: string;
  #level = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The parser's words for where it stopped: the line, and what is left of it. */
  whereItStopped(): string {
    // The line that the last blanks begin is not reached where nothing is on it.
    const read = this.at === this.#text.length ? this.#text.replace(/\n$/, '') : this.#text.slice(0, this.at);
    const line = read.split('\n').length;
    const [rest = ''] = this.#text.slice(this.at).split('\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the parser leaves out control characters.
    return `syntax error at line ${line} near: ${rest.replace(/[\u0000-\u001f]/g, '')}`;
  }

  value(): unknown {
    this.#skipBlanks();
    const first = this.#text[this.at] ?? '';
    const literal = LITERALS.find(([word]) => word[0] === first);
    if (literal !== undefined) return this.#literal(...literal);
    if (first === '"') return this.#string();
    if (first === '[') return this.#deeper(() => this.#array());
    if (first === '{') return this.#deeper(() => this.#object());
    return this.#number();
  }

  #literal(word: string, value: unknown): unknown {
    for (const letter of word) {
      if (this.#text[this.at] !== letter) throw new JsonSyntaxError();
      this.at += 1;
    }
    return value;
  }

  #deeper<T>(read: () => T): T {
    this.at += 1;
    if (this.#level === MOST_LEVELS) throw new JsonSyntaxError();
    this.#level += 1;
    const value = read();
    this.#level -= 1;
    return value;
  }

  #array(): readonly unknown[] {
    const items: unknown[] = [];
    if (this.#takes(']')) return items;
    do items.push(this.value());
    while (this.#takes(','));
    this.#expect(']');
    return items;
  }

  #object(): JsonObject {
    const members: [string, unknown][] = [];
    if (this.#takes('}')) return {};
    do {
      this.#skipBlanks();
      if (this.#text[this.at] !== '"') throw new JsonSyntaxError();
      const name = this.#string();
      this.#expect(':');
      members.push([name, this.value()]);
    } while (this.#takes(','));
    this.#expect('}');
    // Of members of one name the last counts.
    return Object.fromEntries(members);
  }

  #string(): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters have to be escaped.
    const plain = /[^"\\\u0000-\u001f]*/y;
    let text = '';
    this.at += 1;
    for (;;) {
      plain.lastIndex = this.at;
      const [run = ''] = plain.exec(this.#text) ?? [];
      text += run;
      this.at += run.length;
      const character = this.#text[this.at];
      if (character === '"') {
        this.at += 1;
        return text;
      }
      if (character !== '\\') throw new JsonSyntaxError();
      text += this.#escape();
    }
  }

  #escape(): string {
    const letter = this.#text[this.at + 1] ?? '';
    const simple = ESCAPED[letter];
    if (simple !== undefined) {
      this.at += 2;
      return simple;
    }
    // A half of a pair by itself is no character.
    const match = /\\u(?:[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?![dD][89a-fA-F])[0-9a-fA-F]{4})/y;
    match.lastIndex = this.at;
    const [found] = match.exec(this.#text) ?? [];
    const seen = found ?? /^\\(?:u[0-9a-fA-F]{0,4}|.?)/s.exec(this.#text.slice(this.at, this.at + 6))?.[0] ?? '';
    this.at += seen.length;
    if (found === undefined) throw new JsonSyntaxError();
    return JSON.parse(`"${found}"`) as string;
  }

  #number(): number {
    const digits = /[0-9-][0-9+\-eE.]*/y;
    digits.lastIndex = this.at;
    const [text = ''] = digits.exec(this.#text) ?? [];
    this.at += text.length;
    if (!/^-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) throw new JsonSyntaxError();
    const number = Number(text);
    if (!Number.isFinite(number)) throw new JsonSyntaxError('Value out of range');
    return number;
  }

  #skipBlanks(): void {
    while (/^[ \t\n\r]$/.test(this.#text[this.at] ?? '')) this.at += 1;
  }

  #takes(character: string): boolean {
    this.#skipBlanks();
    if (this.#text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  #expect(character: string): void {
    if (!this.#takes(character)) throw new JsonSyntaxError();
  }
}
