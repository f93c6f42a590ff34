import { posix } from 'node:path';
import type { AndOr, Command, DoubleQuotedChild, ParameterExpansionPart, ParsedScript, Word, WordPart } from 'unbash';
import type { Origin } from '../../agent/flags/origin.ts';
import { textOf } from '../../text/lossless.ts';
import { isUnseen } from '../host.ts';
import { hostName } from '../name.ts';
import type { ShellState } from './state.ts';

/** A word as the shell would have it. */
export interface ExpandedWord {
  /** As it is written, where `unknown`. */
  readonly text: string;
  /** Why it cannot be known. */
  readonly unknown: string | undefined;
  /** Where blanks come from a variable outside quotes, the shell splits the word there. */
  readonly fields: readonly string[];
  /** The file whose text the whole word is, with `$(cat FILE)`. */
  readonly file: string | undefined;
}

/** Variables that every shell or login has, whatever its files say. */
const INHERITED = new Set([
  'HOME',
  'PATH',
  'USER',
  'LOGNAME',
  'SHELL',
  'PWD',
  'OLDPWD',
  'LANG',
  'TERM',
  'UID',
  'EUID',
  'PPID',
  'RANDOM',
  'SECONDS',
  'HOSTTYPE',
  'OSTYPE',
  'MACHTYPE',
  'IFS',
  'LC_ALL',
  'BASH',
]);

/** Names of which a shell, or what starts it, has many more. */
const OF_STARTER =
  /^(?:BASH|FUNCNAME|LINENO|EPOCH|GROUPS|DIRSTACK|PIPESTATUS|REPLY|SHLVL|MAIL|OPT(?:IND|ARG|ERR)|COLUMNS|LINES|XDG_|SUDO_|DBUS_|UPSTART_|SYSTEMD_|INVOCATION_ID|JOURNAL_STREAM|MAINPID|NOTIFY_SOCKET|LISTEN_|\w+_DIRECTORY$|supervisor|SUPERVISOR)/i;

/** What `$(cat FILE)` gives of a file's text: no NULs, and no line breaks at the end. */
export const catOf = (text: string): string => text.replaceAll('\0', '').replace(/\n+$/, '');

/** No program can be given a longer text: the kernel takes 128 KiB. A file that a script reads may have so much. */
const MOST_OF_A_TEXT = 16 * 1024 * 1024;
const TOO_LONG = 'it is longer than any program can be given';

/** A part that cannot be known ends the expansion: the word as a whole cannot be. */
class Unknown extends Error {}

/** Expands a word, or the value of an assignment, without running anything. */
export const expandWord = (word: Word, state: ShellState, origin: Origin): ExpandedWord => {
  try {
    const expander = new Expander(state, origin);
    const pieces = expander.word(word);
    if (pieces.reduce((sum, piece) => sum + piece.text.length, 0) > MOST_OF_A_TEXT) throw new Unknown(TOO_LONG);
    const text = pieces.map((piece) => piece.text).join('');
    const file = isOneSubstitution(word) ? expander.file : undefined;
    return { text, unknown: undefined, fields: fieldsOf(pieces), file };
  } catch (error) {
    // A word may name a long variable any number of times: then no text can hold it.
    const why = error instanceof Unknown ? error.message : error instanceof RangeError ? TOO_LONG : undefined;
    if (why === undefined) throw error;
    return { text: word.text, unknown: why, fields: [word.text], file: undefined };
  }
};

/** Whether a word is one substitution of a command, in quotes or not, and nothing else. */
const isOneSubstitution = ({ parts = [] }: Word): boolean => {
  const [only] = parts;
  if (parts.length !== 1 || only === undefined) return false;
  if (only.type === 'DoubleQuoted') return only.parts.length === 1 && only.parts[0]?.type === 'CommandExpansion';
  return only.type === 'CommandExpansion';
};

interface Piece {
  readonly text: string;
  readonly splits: boolean;
}

/** Splits at the blanks that came from variables outside quotes; what is empty then is nothing. */
const fieldsOf = (pieces: readonly Piece[]): readonly string[] => {
  const fields: string[] = [];
  let current: string | undefined;
  for (const { text, splits } of pieces) {
    if (!splits) {
      current = (current ?? '') + text;
      continue;
    }
    const parts = text.split(/[ \t\n]+/);
    parts.forEach((part, i) => {
      if (i > 0) {
        if (current !== undefined) fields.push(current);
        current = undefined;
      }
      if (part !== '') current = (current ?? '') + part;
    });
  }
  if (current !== undefined) fields.push(current);
  return fields;
};

const quoted = (text: string): Piece => ({ text, splits: false });

class Expander {
  readonly #state: ShellState;
  readonly #origin: Origin;
  /** The last file that was put in. */
  file: string | undefined;

  constructor(state: ShellState, origin: Origin) {
    this.#state = state;
    this.#origin = origin;
  }

  word(word: Word): readonly Piece[] {
    if (/^~|[:=]~/.test(word.text)) throw new Unknown(`'~' in it is somebody's home folder`);
    // The shell joins lines before it looks for a name's end.
    if (/\$\w+(?:\\\n)+\w/.test(word.text)) throw new Unknown('a name in it goes on in the next line');
    return word.parts === undefined ? [quoted(word.value)] : word.parts.map((part) => this.#part(part));
  }

  #text(word: Word): string {
    return this.word(word)
      .map(({ text }) => text)
      .join('');
  }

  #part(part: WordPart): Piece {
    switch (part.type) {
      case 'Literal':
      case 'SingleQuoted':
      case 'AnsiCQuoted':
        return quoted(part.value);
      case 'DoubleQuoted':
      case 'LocaleString':
        return quoted(part.parts.map((child) => this.#dynamic(child)).join(''));
      case 'Glob':
      case 'ExtendedGlob':
      case 'BraceExpansion':
        // An assignment expands none of these.
        return quoted(part.text);
      case 'ProcessSubstitution':
        throw new Unknown(`${part.text} runs a program`);
      default:
        return { text: this.#dynamic(part), splits: true };
    }
  }

  #dynamic(part: DoubleQuotedChild): string {
    switch (part.type) {
      case 'Literal':
        return part.value;
      case 'SimpleExpansion':
        return this.#variable(part.text.slice(1)) ?? this.#missing(part.text.slice(1));
      case 'ParameterExpansion':
        return this.#parameter(part);
      case 'CommandExpansion':
        return this.#substitute(part.script, part.text);
      case 'ArithmeticExpansion':
        throw new Unknown(`${part.text} has to be calculated`);
    }
  }

  /** A variable's value; undefined where it is not set. */
  #variable(name: string): string | undefined {
    if (/^(?:\d+|[#@*])$/.test(name) && name !== '0') return this.#positional(name);
    const variable = this.#state.variables.get(name);
    if (variable?.unknown !== undefined) throw new Unknown(`$${name} cannot be known: ${variable.unknown}`);
    if (variable !== undefined) return variable.value;
    if ((name === '0' || name === 'BASH_SOURCE') && this.#state.script !== undefined) return this.#state.script;
    if (name === 'HOSTNAME') {
      const host = hostName(this.#state.host);
      if (host !== undefined) return host;
    }
    if (INHERITED.has(name) || OF_STARTER.test(name) || name === 'HOSTNAME' || !/^[A-Za-z_]\w*$/.test(name)) {
      throw new Unknown(`$${name} is the shell's own`);
    }
    return undefined;
  }

  /** `$1`, `$#` and their like. */
  #positional(name: string): string | undefined {
    const { positional } = this.#state;
    if (positional === undefined) throw new Unknown(`$${name} is the shell's own`);
    if (name === '#') return String(positional.length);
    const meant = /^\d/.test(name) ? positional.slice(Number(name) - 1, Number(name)) : positional;
    for (const { unknown } of meant)
      if (unknown !== undefined) throw new Unknown(`$${name} cannot be known: ${unknown}`);
    return meant.length === 0 && /^\d/.test(name) ? undefined : meant.map(({ value }) => value).join(' ');
  }

  #missing(name: string): string {
    const why = `$${name} is set nowhere before`;
    if (this.#state.unfollowed !== undefined) throw new Unknown(`$${name} cannot be known: ${this.#state.unfollowed}`);
    if (this.#state.stopsAtUnset && this.#state.doubt === undefined) {
      this.#state.stopped ??= { why, origin: this.#origin, isFailure: true };
      throw new Unknown(why);
    }
    this.#state.remark(why, this.#origin);
    return '';
  }

  #parameter(part: ParameterExpansionPart): string {
    const { operation, parameter, prefix, index } = part;
    const isOwnPath = parameter === 'BASH_SOURCE' && index?.text === '0';
    if ((index !== undefined && !isOwnPath) || prefix === '!') throw new Unknown(`${part.text} has to be evaluated`);
    if (operation?.type === 'Default')
      return this.#default(part, operation.operator, () => this.#text(operation.operand));
    const value = this.#variable(parameter) ?? this.#missing(parameter);
    if (prefix === '#' && operation === undefined) return String([...value].length);
    if (operation === undefined) return value;
    throw new Unknown(`${part.text} has to be evaluated`);
  }

  #default(part: ParameterExpansionPart, operator: string, operand: () => string): string {
    const value = this.#variable(part.parameter);
    const isThere = value !== undefined && (value !== '' || !operator.startsWith(':'));
    switch (operator.replace(':', '')) {
      case '+':
        return isThere ? operand() : '';
      case '-':
        return isThere ? value : operand();
      case '=': {
        if (isThere) return value;
        const text = operand();
        this.#state.assign(part.parameter, text, this.#origin, undefined);
        return text;
      }
      default:
        if (isThere) return value;
        if (this.#state.unfollowed !== undefined || this.#state.doubt !== undefined)
          throw new Unknown(`$${part.parameter} has to be set`);
        this.#state.stopped ??= {
          why: `$${part.parameter} is not set, and has to be`,
          origin: this.#origin,
          isFailure: true,
        };
        return '';
    }
  }

  /** Nothing is run; of a few programs it is plain what they print. */
  #substitute(script: ParsedScript | undefined, text: string): string {
    const statements = script?.commands ?? [];
    const command = statements.length === 1 ? statements[0]?.command : undefined;
    if (command?.type === 'AndOr') return this.#folderEntered(command, text);
    if (command?.type !== 'Command') throw new Unknown(`${text} runs a program`);
    const { name, suffix, prefix } = command;
    const words = suffix.flatMap((each) => (each.type === 'Word' ? [each] : []));
    const input = prefix.find((each) => each.type === 'Redirect' && each.operator === '<');
    const file =
      name?.value === 'cat' && words.length === 1 && suffix.length === 1 && prefix.length === 0
        ? words[0]
        : name === undefined && suffix.length === 0 && prefix.length === 1 && input?.type === 'Redirect'
          ? input.target
          : undefined;
    if (file !== undefined) return this.#content(file, text);
    const printed =
      words.length === suffix.length && prefix.length === 0 ? this.#printed(name?.value, words) : undefined;
    if (printed === undefined) throw new Unknown(`${text} runs a program`);
    return printed;
  }

  /** What a program prints that asks nothing but its arguments and the host's own name. */
  #printed(program: string | undefined, words: readonly Word[]): string | undefined {
    const [first, second] = words;
    const only = first !== undefined && second === undefined ? first : undefined;
    switch (program) {
      case 'dirname':
        return only && posix.dirname(this.#text(only));
      case 'basename':
        return only && posix.basename(this.#text(only));
      case 'pwd':
        return first === undefined ? this.#state.folder : undefined;
      case 'hostname':
        return first === undefined ? hostName(this.#state.host) : undefined;
      case 'uname':
        return only?.text === '-n' ? hostName(this.#state.host) : undefined;
      case 'realpath':
      case 'readlink': {
        const path = program === 'realpath' ? only : first?.text === '-f' && words.length === 2 ? second : undefined;
        const given = path && this.#text(path);
        return given?.startsWith('/') === true ? (this.#state.host.real(given) ?? given) : undefined;
      }
      default:
        return undefined;
    }
  }

  /** `cd FOLDER && pwd` prints the folder. */
  #folderEntered({ commands, operators }: AndOr, text: string): string {
    const [enter, print] = commands;
    const isPrinted = commands.length === 2 && operators[0] === '&&' && isCommand(print, 'pwd');
    const folder = isPrinted && isCommand(enter, 'cd') && enter.suffix.length === 1 ? enter.suffix[0] : undefined;
    if (folder?.type !== 'Word') throw new Unknown(`${text} runs a program`);
    const path = this.#text(folder);
    const from = path.startsWith('/') ? '/' : this.#state.folder;
    if (from === undefined) throw new Unknown(`${text} depends on the folder that it is started in`);
    return posix.join(from, path).replace(/(.)\/$/, '$1');
  }

  /** What is in a file, which is read in thought. */
  #content(file: Word, text: string): string {
    const path = this.#text(file);
    if (!path.startsWith('/')) throw new Unknown(`${text} reads a file of the folder that it is started in`);
    const bytes = this.#state.host.read(path);
    if (isUnseen(bytes)) throw new Unknown(`${path} may not be read (${bytes.code})`);
    if (bytes === undefined) {
      this.#state.remark(`${text}: ${path} is not there, so nothing is put in its place`, this.#origin);
      return '';
    }
    this.file = path;
    return catOf(textOf(bytes));
  }
}

const isCommand = (node: AndOr['commands'][number] | undefined, name: string): node is Command =>
  node?.type === 'Command' && node.name?.value === name && node.prefix.length === 0;
