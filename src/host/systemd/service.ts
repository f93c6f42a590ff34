import { Environment } from '../../agent/flags/environment.ts';
import type { Origin, Refusal, Remark, TracedText } from '../../agent/flags/origin.ts';
import { type Host, type Looked, lookAt } from '../host.ts';
import { isVariableName, parseEnvironmentFile } from './environment-file.ts';
import { type ExecCommand, expandVariables, parseExec } from './exec.ts';
import { globHost } from './glob.ts';
import { type RunByUnit, refusalsOfUnit } from './refused.ts';
import { expandSpecifiers, type Specifiers, specifiersOf } from './specifiers.ts';
import type { Unit } from './unit.ts';
import { type Directive, directivesOf, lastDirective } from './unit-file.ts';
import { splitWords, type Word } from './words.ts';

/** A command that systemd runs when a service is started or stopped. */
export interface UnitCommand {
  /** Whether it is the service's own: that of `ExecStart=`. */
  readonly isMain: boolean;
  readonly words: readonly TracedText[];
  readonly origin: Origin;
  /** The folder that it is run in; undefined where that cannot be told. */
  readonly folder: string | undefined;
  /** Its environment, where that is not the one of the agent's unit. */
  readonly environment?: Environment | undefined;
  /** Why it may not be run. */
  readonly doubt?: string | undefined;
  /** Whether another unit runs it, of which only what it removes is of interest. */
  readonly isOfOther?: boolean | undefined;
}

/** How systemd would start a service. */
export interface ServiceStart {
  readonly environment: Environment;
  /** The program; undefined where nothing is started. */
  readonly program: TracedText | undefined;
  readonly args: readonly TracedText[];
  /** All that is run when it is started or stopped, its program among it. */
  readonly commands: readonly UnitCommand[];
  readonly refusals: readonly Refusal[];
  readonly remarks: readonly Remark[];
  readonly looked: readonly Looked[];
}

/** What systemd makes of a unit on a host, up to the moment when the program is started. */
export const startOf = (host: Host, unit: Unit): ServiceStart => new Starter(host, unit).start();

const SERVICE = 'Service';

/** What a start, and a stop, runs, in its order. */
const COMMANDS = ['ExecCondition', 'ExecStartPre', 'ExecStart', 'ExecStartPost', 'ExecStop', 'ExecStopPost'];

class Starter {
  readonly #host: Host;
  readonly #unit: Unit;
  readonly #specifiers: Specifiers;
  readonly #environment = new Environment();
  readonly #refusals: Refusal[] = [];
  readonly #remarks: Remark[] = [];
  readonly #looked: Looked[] = [];

  constructor(host: Host, unit: Unit) {
    this.#host = host;
    this.#unit = unit;
    const user = lastDirective(unit.directives, SERVICE, 'User')?.value;
    this.#specifiers = specifiersOf(unit.name, host, user === 'root' ? undefined : user);
  }

  start(): ServiceStart {
    const { masked, directives } = this.#unit;
    if (masked !== undefined) {
      this.#refuse(`the unit ${this.#unit.name} is masked: systemd does not start it`, {
        place: masked,
        line: undefined,
      });
      if (this.#unit.files.length === 0) return this.#result(undefined, []);
    }
    for (const directive of this.#list('Environment')) this.#assign(directive);
    for (const directive of this.#list('EnvironmentFile')) this.#readFile(directive);
    for (const directive of this.#list('PassEnvironment')) this.#pass(directive);
    for (const directive of this.#list('UnsetEnvironment')) this.#unset(directive);
    const commands = directivesOf(directives, SERVICE, 'ExecStart').flatMap((directive) => this.#commands(directive));
    const [first, second] = commands;
    if (first === undefined) {
      this.#refuse(`the unit ${this.#unit.name} has no ExecStart=`, undefined);
      return this.#result(undefined, []);
    }
    const isOneShot = lastDirective(directives, SERVICE, 'Type')?.value === 'oneshot';
    if (second !== undefined && !isOneShot) {
      this.#refuse(
        `${this.#unit.name} has more than one ExecStart=, which systemd refuses: a drop-in clears the list first, with ` +
          'ExecStart= alone',
        originOf(second.directive),
      );
    }
    const command = isOneShot ? (commands.at(-1) ?? first) : first;
    for (const refusal of refusalsOfUnit(this.#host, this.#unit, this.#specifiers, this.#runByUnit())) {
      this.#refusals.push(refusal);
    }
    const { program, args } = this.#wordsOf(command.command, command.directive);
    return this.#result(program, args);
  }

  #list(key: string): readonly Directive[] {
    return directivesOf(this.#unit.directives, SERVICE, key);
  }

  #refuse(message: string, origin: Origin | undefined): void {
    this.#refusals.push({ message, origin });
  }

  #remark(text: string, origin: Origin | undefined): void {
    this.#remarks.push({ text, origin });
  }

  #result(program: TracedText | undefined, args: readonly TracedText[]): ServiceStart {
    return {
      environment: this.#environment,
      program,
      args,
      commands: this.#around(),
      refusals: this.#refusals,
      remarks: this.#remarks,
      looked: this.#looked,
    };
  }

  #assign(directive: Directive): void {
    const words = splitWords(directive.value);
    if (words === undefined) {
      this.#remark(`a quote in ${directive.key}= is not closed: systemd ignores the line`, originOf(directive));
      return;
    }
    const finder = new LineFinder(this.#unit, directive);
    for (const word of words) {
      const origin = finder.find(word);
      const at = word.text.indexOf('=');
      const name = word.text.slice(0, Math.max(at, 0));
      if (!isVariableName(name)) {
        this.#remark(
          `'${word.text}' is not an assignment: systemd ignores it; quotes go round the whole of it`,
          origin,
        );
        continue;
      }
      const expanded = expandSpecifiers(word.text.slice(at + 1), this.#specifiers);
      this.#environment.set(name, tracedOf(word.text.slice(at + 1), expanded, origin));
    }
  }

  #readFile(directive: Directive): void {
    const isOptional = directive.value.startsWith('-');
    const expanded = expandSpecifiers(directive.value.replace(/^-/, ''), this.#specifiers);
    if ('unknown' in expanded) {
      this.#remark(
        `which file it names cannot be told: ${expanded.unknown} is known when the unit starts`,
        originOf(directive),
      );
      return;
    }
    if (!expanded.text.startsWith('/')) {
      this.#remark(
        `EnvironmentFile=${directive.value} is not an absolute path: systemd ignores it`,
        originOf(directive),
      );
      return;
    }
    const paths = globHost(this.#host, expanded.text);
    for (const path of paths.length > 0 ? paths : [expanded.text]) this.#readOne(path, isOptional, directive);
  }

  #readOne(path: string, isOptional: boolean, directive: Directive): void {
    const text = lookAt(this.#host, path, this.#looked);
    if (text === undefined && !isOptional && this.#looked.at(-1)?.outcome === 'absent') {
      this.#refuse(
        `EnvironmentFile=${path} is not there: systemd does not start the unit; '-' before the path makes it optional`,
        originOf(directive),
      );
    }
    const { assignments, ignored } = parseEnvironmentFile(text ?? '');
    for (const { name, value, line } of assignments) {
      this.#environment.set(name, { value, origin: { place: path, line }, unknown: undefined });
    }
    for (const { text: written, line } of ignored) {
      this.#remark(`'${written}' sets nothing: to systemd it is not an assignment, and is ignored`, {
        place: path,
        line,
      });
    }
  }

  /** What the manager itself was started with is in no file. */
  #pass(directive: Directive): void {
    for (const name of directive.value.split(/\s+/)) {
      if (!/^(?:MESOS|LIBPROCESS)_/.test(name) || this.#environment.get(name) !== undefined) continue;
      const unknown = 'it is passed on from the environment of systemd itself, which no file tells';
      this.#environment.set(name, { value: `$${name}`, origin: originOf(directive), unknown });
    }
  }

  #unset(directive: Directive): void {
    for (const { text } of splitWords(directive.value) ?? []) {
      const at = text.indexOf('=');
      const name = at < 0 ? text : text.slice(0, at);
      if (at < 0 || this.#environment.get(name)?.value === text.slice(at + 1)) this.#environment.unset(name);
    }
  }

  #commands(directive: Directive): readonly { readonly command: ExecCommand; readonly directive: Directive }[] {
    const commands = parseExec(directive.value);
    if (commands === undefined) {
      this.#remark('a quote in ExecStart= is not closed: systemd ignores the line', originOf(directive));
    }
    return (commands ?? []).map((command) => ({ command, directive }));
  }

  #runByUnit(): readonly RunByUnit[] {
    const said = this.#remarks.length;
    const commands = COMMANDS.flatMap((key) =>
      this.#list(key).flatMap((directive) =>
        (parseExec(directive.value) ?? []).map((command): RunByUnit => {
          const { program, args } = this.#wordsOf(command, directive);
          const isKnown = [program, ...args].every(({ unknown }) => unknown === undefined);
          const words = isKnown ? args.map(({ value }) => value) : [];
          return { key, program: program.value, args: words, mayFail: command.mayFail, directive };
        }),
      ),
    );
    // What is odd about them is said elsewhere.
    this.#remarks.length = said;
    return commands;
  }

  #around(): readonly UnitCommand[] {
    const said = this.#remarks.length;
    const written = lastDirective(this.#unit.directives, SERVICE, 'WorkingDirectory')?.value.replace(/^-/, '') ?? '/';
    const folder = written.startsWith('/') && !written.includes('%') ? written : undefined;
    const commands = COMMANDS.flatMap((key) =>
      this.#list(key).flatMap((directive) =>
        (parseExec(directive.value) ?? []).map((command): UnitCommand => {
          const { program, args } = this.#wordsOf(command, directive);
          return { isMain: key === 'ExecStart', words: [program, ...args], origin: program.origin, folder };
        }),
      ),
    );
    // What is odd about the agent's own command was said when that was read.
    this.#remarks.length = said;
    return commands;
  }

  #wordsOf(
    command: ExecCommand,
    directive: Directive,
  ): { readonly program: TracedText; readonly args: readonly TracedText[] } {
    const finder = new LineFinder(this.#unit, directive);
    const origin = finder.find(command.program);
    const program = tracedOf(command.program.text, expandSpecifiers(command.program.text, this.#specifiers), origin);
    const args = command.args.flatMap((word) => this.#argument(word, finder.find(word), command.keepsVariables));
    return { program, args };
  }

  #argument(word: Word, origin: Origin, keepsVariables: boolean): readonly TracedText[] {
    const expanded = expandSpecifiers(word.text, this.#specifiers);
    if ('unknown' in expanded || keepsVariables) return [tracedOf(word.text, expanded, origin)];
    const variables = (name: string) => this.#environment.get(name);
    const alone = /^\$([A-Za-z_][A-Za-z0-9_]*)$/.exec(expanded.text)?.[1];
    if (alone !== undefined && variables(alone) === undefined) this.#sayUnset(alone, origin);
    if (/[^$]\$[A-Za-z_]/.test(expanded.text)) {
      this.#remark(
        `the variable in '${expanded.text}' is not replaced: within a word systemd takes only \${NAME}`,
        origin,
      );
    }
    return expandVariables(expanded.text, variables).map(({ text, unknown, unset }) => {
      for (const name of unset) this.#sayUnset(name, origin);
      return { value: text, origin, unknown };
    });
  }

  #sayUnset(name: string, origin: Origin): void {
    this.#remark(`$${name} is set nowhere: systemd puts nothing in its place`, origin);
  }
}

const originOf = ({ place, line }: Directive): Origin => ({ place, line });

const tracedOf = (
  written: string,
  expanded: { readonly text: string } | { readonly unknown: string },
  origin: Origin,
): TracedText =>
  'text' in expanded
    ? { value: expanded.text, origin, unknown: undefined }
    : { value: written, origin, unknown: `${expanded.unknown} is known when the unit starts` };

const allLines = new WeakMap<Unit['texts'], Map<string, readonly string[]>>();

/** The lines of one of a unit's files, which are asked for at each of its assignments. */
const linesOf = ({ texts }: Unit, place: string): readonly string[] => {
  const known = allLines.get(texts) ?? new Map<string, readonly string[]>();
  allLines.set(texts, known);
  const lines = known.get(place) ?? (texts.get(place) ?? '').split('\n');
  known.set(place, lines);
  return lines;
};

/** Finds the line that a word of a continued assignment is on: words come in order, and so do lines. */
class LineFinder {
  readonly #lines: readonly string[];
  readonly #directive: Directive;
  #line: number;
  #column = 0;

  constructor(unit: Unit, directive: Directive) {
    this.#directive = directive;
    this.#lines = linesOf(unit, directive.place);
    this.#line = directive.line - 1;
  }

  find(word: Word): Origin {
    for (let line = this.#line; line < this.#lines.length; line += 1) {
      const text = this.#lines[line] ?? '';
      const at =
        /^[ \t]*[#;]/.test(text) && line > this.#line
          ? -1
          : text.indexOf(word.raw, line === this.#line ? this.#column : 0);
      if (at >= 0) {
        this.#line = line;
        this.#column = at + word.raw.length;
        return { place: this.#directive.place, line: line + 1 };
      }
      if (!/\\\r?$/.test(text) && !/^[ \t]*[#;]/.test(text)) break;
    }
    return originOf(this.#directive);
  }
}
