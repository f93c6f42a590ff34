import { posix } from 'node:path';
import {
  type AndOr,
  type Assignment,
  type Case,
  type Command,
  type CommandNode,
  type For,
  type If,
  type PipelineNode,
  parse,
  type Statement,
  type While,
  type Word,
} from 'unbash';
import type { Environment } from '../../agent/flags/environment.ts';
import type { Origin, TracedText } from '../../agent/flags/origin.ts';
import { isWhole, type Looked, lookAt } from '../host.ts';
import { type ExpandedWord, expandWord } from './expand.ts';
import { matchesPattern } from './pattern.ts';
import type { FunctionBody, RunCommand, ShellState } from './state.ts';
import { evaluateExpression, evaluateTest, type Truth } from './test.ts';

/** Files that source each other are followed so deep. */
const MAX_DEPTH = 8;

/** Loops over known words are followed so often. */
const MAX_ROUNDS = 100;

/** All loops of a text together whose conditions are known are followed so often: one may be endless, and hold another. */
const MAX_TURNS = 300;

/** Builtins and programs that change no variable. */
const HARMLESS = new Set([
  'echo',
  'printf',
  'ulimit',
  'umask',
  'true',
  'false',
  ':',
  'test',
  '[',
  'shopt',
  'trap',
  'wait',
  'hash',
]);

/** Programs that may take something away, or end it. */
const TAKES_AWAY = /^(?:.*\/)?(?:rm|mv|find|unlink|xargs|kill|pkill|killall|systemctl|docker|podman)$/;

/** What makes a shell's state unforeseeable: anything may have been set. */
const OPAQUE = new Set(['eval', 'read', 'mapfile', 'readarray', 'getopts', 'let', 'enable', 'alias']);

/** What sets variables in ways that are not evaluated. */
const SETS_OTHERWISE = /\(\(|\bprintf\s+-v|\blet\s|\bselect\s/;

/**
 * Called for a command that is no builtin, with what it is given; true where it is the one that was looked for, and the
 * shell ends there.
 */
export type OnCommand = (words: readonly ExpandedWord[], environment: Environment, origin: Origin) => boolean;

/** What goes along with a text of shell. */
export interface ShellSource {
  readonly text: string;
  /** What the text is called in origins. */
  readonly place: string;
  /** The line that the text starts on; the place has no lines of its own where undefined. */
  readonly line: number | undefined;
}

/** Reads a file of shell from the host and evaluates it; what came of it is said. */
export const sourceFile = (state: ShellState, path: string, looked: Looked[], depth = 0): void => {
  const text = lookAt(state.host, path, looked);
  if (text !== undefined) evaluate(state, { text, place: path, line: 1 }, looked, undefined, depth);
};

/** Why a script is not followed to its end. */
export const TOO_MUCH = 'scripts do more than is followed';

/** Evaluates a text of shell in thought: assignments, exports, tests of files and strings; nothing is run. */
export const evaluate = (
  state: ShellState,
  source: ShellSource,
  looked: Looked[],
  onCommand?: OnCommand,
  depth = 0,
): void => {
  new Evaluator(state, source, looked, onCommand, depth).run();
};

class Evaluator {
  readonly #state: ShellState;
  readonly #source: ShellSource;
  readonly #looked: Looked[];
  readonly #onCommand: OnCommand | undefined;
  readonly #depth: number;
  /** Whether what was looked for was found, or the file returns. */
  #isDone = false;
  #isReturned = false;
  /** Whether a loop was left, or the rest of its turn is passed over. */
  #left: 'break' | 'continue' | undefined;
  #calls = 0;
  /** How many conditions are being evaluated, one within the other: under `set -e` these may fail. */
  #conditions = 0;
  #turns = 0;
  /** Where lines end. */
  #ends: readonly number[] | undefined;
  /** The command whose output the next one reads. */
  #input: RunCommand | undefined;

  constructor(
    state: ShellState,
    source: ShellSource,
    looked: Looked[],
    onCommand: OnCommand | undefined,
    depth: number,
  ) {
    this.#state = state;
    this.#source = source;
    this.#looked = looked;
    this.#onCommand = onCommand;
    this.#depth = depth;
  }

  run(): void {
    const script = parse(this.#source.text);
    const [error] = script.errors ?? [];
    for (const statement of script.commands) {
      // The shell reads a file command by command: what stands before an error is done.
      if (this.#isOver() || (error !== undefined && statement.end > error.pos)) break;
      this.#statement(statement);
    }
    if (error !== undefined && !this.#isOver()) {
      this.#state.stopped = { why: `the shell does not understand it: ${error.message}`, origin: this.#at(error.pos) };
    }
  }

  #isOver(): boolean {
    return this.#isEnded() || this.#left !== undefined;
  }

  #isEnded(): boolean {
    return this.#isDone || this.#isReturned || this.#state.stopped !== undefined;
  }

  #at(position: number): Origin {
    const { place, line } = this.#source;
    return { place, line: line === undefined ? undefined : line + this.#linesBefore(position) };
  }

  /** How many lines end before a position: asked for each statement, of which there may be as many as there are lines. */
  #linesBefore(position: number): number {
    const ends = this.#lineEnds();
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ends[middle] as number) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #lineEnds(): readonly number[] {
    if (this.#ends !== undefined) return this.#ends;
    const { text } = this.#source;
    const ends: number[] = [];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) ends.push(at);
    this.#ends = ends;
    return ends;
  }

  #expand(word: Word): ExpandedWord {
    return expandWord(word, this.#state, this.#at(word.pos));
  }

  #statement(statement: Statement): Truth {
    const { work } = this.#state;
    work.left -= 1;
    if (work.left < 0) {
      this.#state.unfollowed ??= TOO_MUCH;
      this.#isDone = true;
      return undefined;
    }
    if (statement.background !== true) {
      const truth = this.#node(statement.command);
      if (truth === false) this.#stopAt(statement.command);
      return truth;
    }
    this.#apart(() => this.#node(statement.command));
    return true;
  }

  /** Under `set -e` a test that does not hold ends the shell, unless it is a condition. */
  #stopAt(node: PipelineNode | AndOr): void {
    if (!this.#state.stopsAtFailure || this.#conditions > 0 || this.#state.doubt !== undefined || this.#isOver())
      return;
    const only = node.type === 'Pipeline' && node.commands.length === 1 ? node.commands[0] : node;
    if (node.type === 'Pipeline' && node.prefixes.length > 0) return;
    const isTest =
      only?.type === 'TestCommand' ||
      (only?.type === 'Command' &&
        /^(?:test|\[|false)$/.test(only.name === undefined ? '' : this.#expand(only.name).text));
    if (!isTest || !isWhole(this.#state.host)) return;
    const why = `'${this.#source.text.slice(only.pos, only.end)}' fails under set -e`;
    this.#state.stopped = { why, origin: this.#at(only.pos), isFailure: true };
  }

  /** Evaluates what may fail without an end to the shell. */
  #asCondition<T>(run: () => T): T {
    this.#conditions += 1;
    const truth = run();
    this.#conditions -= 1;
    return truth;
  }

  #statements(statements: readonly Statement[]): Truth {
    let truth: Truth = true;
    for (const statement of statements) {
      if (this.#isOver()) break;
      truth = this.#statement(statement);
    }
    return truth;
  }

  #node(node: PipelineNode | AndOr): Truth {
    if (node.type === 'AndOr') return this.#asCondition(() => this.#andOr(node));
    if (node.type !== 'Pipeline') return this.#command(node);
    const [only, ...others] = node.commands;
    if (only === undefined) return undefined;
    if (others.length > 0) return this.#pipe(node.commands);
    const truth = this.#command(only);
    const negations = node.prefixes.filter(({ type }) => type === 'Negation').length;
    return truth === undefined || negations % 2 === 0 ? truth : !truth;
  }

  /** The parts of a pipeline are shells of their own: what they set is gone with them. */
  #pipe(parts: readonly CommandNode[]): undefined {
    for (const part of parts) {
      const before = this.#state.commands.length;
      if (!this.#isOver()) this.#apart(() => this.#command(part));
      this.#input = this.#state.commands.slice(before).at(-1);
    }
    this.#input = undefined;
    return undefined;
  }

  /** Runs something in a shell of its own, from which nothing comes back. */
  #apart(run: () => void): void {
    const state = this.#state;
    const before = { variables: [...state.variables], positional: state.positional, folder: state.folder };
    run();
    if (this.#isDone) return;
    this.#isReturned = false;
    this.#left = undefined;
    state.stopped = undefined;
    state.variables.clear();
    for (const [name, variable] of before.variables) state.variables.set(name, variable);
    state.positional = before.positional;
    state.folder = before.folder;
  }

  #andOr({ commands, operators }: AndOr): Truth {
    let truth: Truth = true;
    commands.forEach((command, i) => {
      const operator = operators[i - 1];
      if (this.#isOver()) return;
      if (i === 0) truth = this.#node(command);
      else if (truth === undefined)
        truth = this.#inDoubt('what comes before && or || has to be run', () => this.#node(command));
      else if (operator === '&&' ? truth : !truth) truth = this.#node(command);
    });
    return truth;
  }

  /** Runs something of which it is not known whether it is run: what it sets cannot be known. */
  #inDoubt(why: string, run: () => void): undefined {
    const { doubt } = this.#state;
    this.#state.doubt = doubt ?? why;
    run();
    this.#state.doubt = doubt;
    return undefined;
  }

  #command(node: CommandNode): Truth {
    switch (node.type) {
      case 'Command':
        return this.#simple(node);
      case 'Redirected':
        return this.#command(node.command);
      case 'BraceGroup':
        return this.#statements(node.body.commands);
      case 'TestCommand':
        return evaluateExpression(node.expression, this.#state.host, (word) => this.#expand(word));
      case 'If':
        return this.#if(node);
      case 'For':
        return this.#for(node);
      case 'While':
        return this.#while(node);
      case 'Select':
      case 'ArithmeticFor':
        return this.#inDoubt('it is set within a loop', () => this.#turn(node.body.commands));
      case 'Case':
        return this.#case(node);
      case 'Function':
        this.#state.functions.set(node.name.value, node.body);
        return true;
      case 'Subshell':
        this.#apart(() => this.#statements(node.body.commands));
        return undefined;
      case 'Coproc':
      case 'ArithmeticCommand':
        return undefined;
    }
  }

  /** A loop over words that are known is run once a word. */
  #for(node: For): Truth {
    const words = node.wordlist?.map((word) => this.#expand(word)) ?? [];
    const isKnown =
      node.wordlist !== undefined && words.every(({ text, unknown }) => unknown === undefined && !/[*?[{]/.test(text));
    const values = words.flatMap(({ fields }) => fields);
    const origin = this.#at(node.pos);
    if (!isKnown || values.length > MAX_ROUNDS) {
      this.#state.assign(node.name.value, '', origin, 'it is set by a loop');
      return this.#inDoubt('it is set within a loop', () => this.#turn(node.body.commands));
    }
    for (const value of values) {
      if (this.#isEnded()) break;
      this.#state.assign(node.name.value, value, origin, undefined);
      if (this.#turn(node.body.commands) === 'break') break;
    }
    return undefined;
  }

  /** A loop whose condition is known turns until that no longer holds; where it is not known, what is set in it is not. */
  #while({ kind, clause, body }: While): undefined {
    for (;;) {
      const truth = this.#asCondition(() => this.#statements(clause.commands));
      if (this.#isOver() || truth === (kind === 'until')) return undefined;
      this.#turns += 1;
      if (truth === undefined || this.#turns > MAX_TURNS) {
        return this.#inDoubt('it is set within a loop', () => this.#turn(body.commands));
      }
      if (this.#turn(body.commands) === 'break' || this.#isEnded()) return undefined;
    }
  }

  /** One turn of a loop, and how it was left before its end. */
  #turn(statements: readonly Statement[]): 'break' | 'continue' | undefined {
    this.#statements(statements);
    const left = this.#left;
    this.#left = undefined;
    return left;
  }

  /** The first branch whose pattern the word has; all of them in doubt, where that cannot be told. */
  #case({ word, items }: Case): Truth {
    const { text, unknown } = this.#expand(word);
    for (const [i, item] of items.entries()) {
      const patterns = item.pattern.map((each) => this.#expand(each));
      const isHit = patterns.some((each) => each.unknown === undefined && matchesPattern(text, each.text));
      if (unknown !== undefined || (!isHit && patterns.some((each) => each.unknown !== undefined))) {
        return this.#inDoubt('it is set within a case', () => {
          for (const rest of items.slice(i)) this.#statements(rest.body.commands);
        });
      }
      if (isHit) return this.#statements(item.body.commands);
    }
    return true;
  }

  /** Runs a function of the file, whose arguments are its own. */
  #call(body: FunctionBody, words: readonly TracedText[]): Truth {
    const { positional } = this.#state;
    if (this.#calls >= MAX_DEPTH) return undefined;
    this.#calls += 1;
    this.#state.positional = words;
    const truth = body.type === 'CompoundList' ? this.#statements(body.commands) : this.#command(body);
    this.#state.positional = positional;
    this.#calls -= 1;
    this.#isReturned = false;
    return truth;
  }

  #if(node: If): Truth {
    const why = 'it is set under a condition that has to be run';
    const branches = [node, ...node.elif];
    for (const [i, { clause, then: body }] of branches.entries()) {
      const truth = this.#asCondition(() => this.#statements(clause.commands));
      if (truth === true) return this.#statements(body.commands);
      if (truth === undefined) {
        return this.#inDoubt(why, () => {
          this.#statements(body.commands);
          for (const branch of branches.slice(i + 1)) this.#statements(branch.then.commands);
          if (node.else !== undefined) this.#statements(node.else.commands);
        });
      }
    }
    return node.else === undefined ? true : this.#statements(node.else.commands);
  }

  #assign(assignment: Assignment): void {
    const origin = this.#at(assignment.pos);
    const { name, value, append, index } = assignment;
    if (value.type !== 'Word' || index !== undefined) {
      this.#state.assign(name, assignment.text, origin, 'it is an array, which no program is given');
      return;
    }
    const expanded = this.#expand(value);
    const before = append === true ? this.#state.variables.get(name) : undefined;
    const unknown = expanded.unknown ?? before?.unknown;
    const text = unknown === undefined ? (before?.value ?? '') + expanded.text : value.text;
    if (expanded.file !== undefined) this.#looked.push({ place: expanded.file, outcome: 'read' });
    const isFile = expanded.file !== undefined && before === undefined;
    this.#state.assign(name, text, isFile ? { place: expanded.file ?? '', line: undefined } : origin, unknown);
  }

  #simple(command: Command): Truth {
    const assignments = command.prefix.flatMap((each) => (each.type === 'Assignment' ? [each] : []));
    if (command.name === undefined) {
      for (const assignment of assignments) this.#assign(assignment);
      return true;
    }
    const origin = this.#at(command.pos);
    const name = this.#expand(command.name);
    if (name.unknown !== undefined) return this.#opaque(command, origin);
    if (this.#isBuiltin(name.text, command, origin)) return true;
    const words = command.suffix.flatMap((each) => (each.type === 'Redirect' ? [] : this.#argument(each)));
    if (name.text === '[') return evaluateTest(words.slice(0, -1), this.#state.host);
    if (name.text === 'test') return evaluateTest(words, this.#state.host);
    if (name.text === 'true' || name.text === ':') return true;
    if (name.text === 'false') return false;
    if (name.text === 'trap') this.#trap(words, origin);
    if (HARMLESS.has(name.text)) return undefined;
    if (OPAQUE.has(name.text)) return this.#opaque(command, origin);
    const traced = this.#traced(words, origin);
    const body = this.#state.functions.get(name.text);
    if (body !== undefined) return this.#call(body, traced);
    const environment = this.#state.environmentOf(this.#before(assignments, origin));
    this.#state.commands.push({
      words: [...this.#traced([name], origin), ...traced],
      origin,
      doubt: this.#state.doubt,
      folder: this.#state.folder,
      input: this.#input,
      environment,
    });
    if (this.#onCommand?.([name, ...words], environment, origin) === true) {
      this.#isDone = true;
      return true;
    }
    if (this.#onCommand === undefined) {
      this.#state.remark(
        `'${this.#written(command)}' is a command, and is not run: a ';' outside quotes ends a value`,
        origin,
      );
    }
    return undefined;
  }

  /** An argument of a command: `A=b` is one like any other, and `"$@"` is as many as were given. */
  #argument(each: Command['suffix'][number]): readonly ExpandedWord[] {
    if (each.type === 'Assignment' && each.value.type === 'Word') {
      const value = this.#expand(each.value);
      const text = `${each.text.slice(0, each.text.length - each.value.text.length)}${value.text}`;
      return [{ text, unknown: value.unknown, fields: [text], file: undefined }];
    }
    if (each.type !== 'Word') return [];
    if (!/^(?:"?\$@"?|"?\$\{@\}"?|\$\*|\$\{\*\})$/.test(each.text) || this.#state.positional === undefined) {
      return [this.#expand(each)];
    }
    return this.#state.positional.map(({ value, unknown }) => ({
      text: value,
      unknown,
      fields: [value],
      file: undefined,
    }));
  }

  /** Variables that stand before a command, and are set for it alone. */
  #before(assignments: readonly Assignment[], origin: Origin): readonly (TracedText & { readonly name: string })[] {
    return assignments.flatMap(({ name, value }) => {
      if (value.type !== 'Word') return [];
      const { text, unknown } = this.#expand(value);
      return [{ name, value: text, origin, unknown: unknown ?? this.#state.doubt }];
    });
  }

  #written(command: Command): string {
    return this.#source.text.slice(command.pos, command.end);
  }

  #opaque(command: Command, origin: Origin): undefined {
    const text = `'${this.#written(command)}' can set anything, and is not run`;
    this.#state.remark(text, origin);
    this.#state.unfollowed ??= text;
    return undefined;
  }

  /** Does what a builtin does to variables; false where it is none of those. */
  #isBuiltin(name: string, command: Command, origin: Origin): boolean {
    switch (name) {
      case 'export':
      case 'declare':
      case 'typeset':
      case 'readonly':
      case 'local':
        this.#declare(name, command);
        return true;
      case 'unset':
        for (const word of this.#words(command)) if (!word.startsWith('-')) this.#state.unset(word, origin);
        return true;
      case 'set':
        this.#set(this.#words(command));
        return true;
      case '.':
      case 'source':
        this.#sourceOne(command, origin);
        return true;
      case 'shift':
        this.#shift(this.#words(command)[0] ?? '1');
        return true;
      case 'cd':
        this.#enter(command);
        return true;
      case 'exit':
        if (this.#state.doubt === undefined) this.#exit(this.#words(command)[0] ?? '', origin);
        return true;
      case 'return':
        if (this.#state.doubt === undefined) this.#isReturned = true;
        return true;
      case 'break':
      case 'continue':
        if (this.#state.doubt === undefined) this.#left = name;
        return true;
      default:
        return false;
    }
  }

  #exit(code: string, origin: Origin): void {
    // Of a part of a host it is no failure: what the script looked for may be on the host.
    const isFailure = /^[1-9]\d*$/.test(code) && isWhole(this.#state.host);
    this.#state.stopped = isFailure
      ? { why: `it exits with ${code}`, origin, isFailure }
      : { why: 'the shell ends here', origin };
  }

  /** What a trap would run: it is followed for what it ends or removes alone. */
  #trap([text, ...signals]: readonly ExpandedWord[], origin: Origin): void {
    if (text === undefined || text.unknown !== undefined || signals.length === 0 || /^-?$/.test(text.text)) return;
    const { commands } = this.#state;
    const before = commands.length;
    this.#inDoubt('a trap runs it, when the script ends', () =>
      this.#apart(() =>
        evaluate(this.#state, { text: text.text, place: origin.place, line: origin.line }, [], () => false, MAX_DEPTH),
      ),
    );
    const kept = commands.splice(before).filter(({ words }) => TAKES_AWAY.test(words[0]?.value ?? ''));
    for (const each of kept) commands.push(each);
  }

  #words(command: Command): readonly string[] {
    return command.suffix.flatMap((each) => (each.type === 'Word' ? [this.#expand(each).text] : []));
  }

  #declare(name: string, command: Command): void {
    const options = this.#words(command).filter((word) => /^[-+]/.test(word));
    const takesBack = options.includes('-n') || options.includes('+x');
    const exports = (name === 'export' && !takesBack) || options.some((word) => /^-[A-Za-z]*x/.test(word));
    for (const each of command.suffix) {
      // What a command prints may be any assignments.
      if (each.type === 'Word' && this.#expand(each).unknown !== undefined)
        this.#opaque(command, this.#at(command.pos));
      if (each.type === 'Assignment') this.#assign(each);
      const variable = each.type === 'Assignment' ? each.name : each.type === 'Word' ? this.#expand(each).text : '';
      if (variable === '' || /^[-+]/.test(variable)) continue;
      if (exports) this.#state.export(variable, true);
      else if (takesBack) this.#state.export(variable, false);
    }
  }

  #shift(text: string): void {
    const { positional, doubt } = this.#state;
    const isKnown = /^\d+$/.test(text) && doubt === undefined;
    this.#state.positional = isKnown ? positional?.slice(Number(text)) : undefined;
  }

  #enter(command: Command): void {
    const [word] = command.suffix.flatMap((each) => (each.type === 'Word' ? [this.#expand(each)] : []));
    const isKnown = word !== undefined && word.unknown === undefined && this.#state.doubt === undefined;
    const from = word?.text.startsWith('/') === true ? '/' : this.#state.folder;
    this.#state.folder = isKnown && from !== undefined ? posix.join(from, word.text) : undefined;
  }

  #traced(words: readonly ExpandedWord[], origin: Origin): readonly TracedText[] {
    return words.flatMap(({ text, unknown, fields }) =>
      (unknown === undefined ? fields : [text]).map((value) => ({ value, origin, unknown })),
    );
  }

  #set(words: readonly string[]): void {
    const at = words.indexOf('--');
    if (at >= 0) {
      const origin: Origin = { place: this.#source.place, line: undefined };
      const isSure = this.#state.doubt === undefined;
      this.#state.positional = isSure
        ? words.slice(at + 1).map((value) => ({ value, origin, unknown: undefined }))
        : undefined;
    }
    words.forEach((word, i) => {
      // Under -u a missing variable ends the shell, if it is missing for sure.
      if (/^-[a-z]*u/.test(word) || (word === '-o' && words[i + 1] === 'nounset')) {
        this.#state.stopsAtUnset = !SETS_OTHERWISE.test(this.#source.text);
      }
      if (/^\+[a-z]*u/.test(word) || (word === '+o' && words[i + 1] === 'nounset')) this.#state.stopsAtUnset = false;
      const isAtFailure = /^[-+][a-z]*e/.test(word) || (/^[-+]o$/.test(word) && words[i + 1] === 'errexit');
      if (isAtFailure) this.#state.stopsAtFailure = word.startsWith('-');
      const isAll = /^[-+][a-z]*a/.test(word) || (/^[-+]o$/.test(word) && words[i + 1] === 'allexport');
      if (isAll) this.#state.exportsAll = word.startsWith('-');
    });
  }

  #sourceOne(command: Command, origin: Origin): void {
    const first = command.suffix.find((each) => each.type === 'Word');
    const word = first?.type === 'Word' ? this.#expand(first) : undefined;
    const path = word === undefined || word.unknown !== undefined ? undefined : this.#pathOf(word.text);
    if (path === undefined || this.#depth >= MAX_DEPTH || this.#state.work.left < 0) {
      this.#opaque(command, origin);
      return;
    }
    sourceFile(this.#state, path, this.#looked, this.#depth + 1);
  }

  /** A name without a folder is looked for in the PATH. */
  #pathOf(text: string): string | undefined {
    if (text.startsWith('/')) return text;
    const { folder } = this.#state;
    return folder === undefined || !text.includes('/') ? undefined : posix.join(folder, text);
  }
}
