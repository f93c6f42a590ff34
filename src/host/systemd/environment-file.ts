/** Files of `EnvironmentFile=`, as systemd reads them: like a shell's assignments, and yet no shell. */

/** One assignment in such a file. */
export interface FileAssignment {
  readonly name: string;
  readonly value: string;
  /** The line that it starts on, from 1. */
  readonly line: number;
}

/** A line of such a file that sets nothing. */
export interface IgnoredLine {
  readonly text: string;
  readonly line: number;
}

/** What such a file sets. */
export interface EnvironmentFile {
  readonly assignments: readonly FileAssignment[];
  /** What systemd passes over, such as `export A=b`: it looks like an assignment, and is none. */
  readonly ignored: readonly IgnoredLine[];
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const isBlank = (character: string): boolean => ' \t\r'.includes(character);

/** Whether a text can be the name of an environment variable, to systemd. */
export const isVariableName = (name: string): boolean => NAME.test(name);

/**
 * Reads a file of `EnvironmentFile=`. Mirrors `parse_env_file_internal` of systemd: no expansion, no `export`, comments by
 * line alone, a quote that opens a value or follows a closed one, `\` before a line's end joins lines.
 */
export const parseEnvironmentFile = (text: string): EnvironmentFile => new Reader(text).read();

class Reader {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  read(): EnvironmentFile {
    const assignments: FileAssignment[] = [];
    const ignored: IgnoredLine[] = [];
    while (this.#at < this.#text.length) {
      const character = this.#peek();
      if (character === '\n' || isBlank(character)) this.#take();
      else if (character === '#' || character === ';') this.#skipComment();
      else {
        const line = this.#line;
        const name = this.#name();
        if (name === undefined) continue;
        const value = this.#value();
        if (isVariableName(name)) assignments.push({ name, value, line });
        else ignored.push({ text: `${name}=${value}`, line });
      }
    }
    return { assignments, ignored };
  }

  #peek(): string {
    return this.#text[this.#at] ?? '';
  }

  #take(): string {
    const character = this.#peek();
    this.#at += 1;
    if (character === '\n') this.#line += 1;
    return character;
  }

  /** A backslash before its end makes a comment go on. */
  #skipComment(): void {
    while (this.#at < this.#text.length) {
      const character = this.#take();
      if (character === '\\') this.#take();
      else if (character === '\n') return;
    }
  }

  /** What is before `=`; undefined where the line has none. */
  #name(): string | undefined {
    let name = '';
    while (this.#at < this.#text.length) {
      const character = this.#take();
      if (character === '\n') return undefined;
      if (character === '=') return name.replace(/[ \t\r]+$/, '');
      name += character;
    }
    return undefined;
  }

  #value(): string {
    let value = '';
    // Blanks before a value and between its quoted parts are nothing.
    while (this.#at < this.#text.length) {
      const character = this.#peek();
      if (character === '\n') break;
      if (isBlank(character)) this.#take();
      else if (character === "'") value += this.#single();
      else if (character === '"') value += this.#double();
      else return value + this.#bare();
    }
    this.#take();
    return value;
  }

  #single(): string {
    this.#take();
    let value = '';
    while (this.#at < this.#text.length) {
      const character = this.#take();
      if (character === "'") break;
      value += character;
    }
    return value;
  }

  /** In double quotes a backslash counts before `"`, `\`, a backquote and `$` alone, and before the line's end. */
  #double(): string {
    this.#take();
    let value = '';
    while (this.#at < this.#text.length) {
      const character = this.#take();
      if (character === '"') break;
      if (character !== '\\') {
        value += character;
        continue;
      }
      const next = this.#take();
      if ('"\\`$'.includes(next)) value += next;
      else if (next !== '\n') value += `\\${next}`;
    }
    return value;
  }

  /** The rest of a line, quotes in it as they are; blanks at its end are cut unless they are escaped. */
  #bare(): string {
    let value = '';
    let kept = 0;
    while (this.#at < this.#text.length) {
      const character = this.#take();
      if (character === '\n') break;
      if (character === '\\') {
        const next = this.#take();
        if (next !== '\n') value += next;
        kept = value.length;
      } else {
        value += character;
        if (!isBlank(character)) kept = value.length;
      }
    }
    return value.slice(0, kept);
  }
}
