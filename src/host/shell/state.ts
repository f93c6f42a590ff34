import type { CompoundCommand, CompoundList, Redirected } from 'unbash';
import { Environment, overriddenBy } from '../../agent/flags/environment.ts';
import type { Origin, Remark, TracedText } from '../../agent/flags/origin.ts';
import type { Host } from '../host.ts';

/** A variable of a shell. */
export interface ShellVariable extends TracedText {
  readonly isExported: boolean;
  /** What it was set to before, oldest first. */
  readonly overridden: readonly TracedText[];
}

/** A command that a shell would run, besides its builtins. */
export interface RunCommand {
  /** The program, then its arguments. */
  readonly words: readonly TracedText[];
  readonly origin: Origin;
  /** Why it may not be run: it is under a condition that cannot be decided. */
  readonly doubt: string | undefined;
  /** The folder that it is run in; undefined where that cannot be told. */
  readonly folder: string | undefined;
  /** The command whose output it reads. */
  readonly input: RunCommand | undefined;
  /** What it is given of variables; undefined where nothing was evaluated before it. */
  readonly environment?: Environment | undefined;
}

/** What a function of a shell runs. */
export type FunctionBody = CompoundCommand | Redirected | CompoundList;

/** How much more is followed: scripts that call each other, and loops in loops, may have no end that anybody sees. */
export interface Work {
  /** Statements. */
  left: number;
}

/** No script that starts an agent has so many statements, its loops and all that it reads counted. */
const MOST_STATEMENTS = 20_000;

export const newWork = (): Work => ({ left: MOST_STATEMENTS });

/** What a shell file has done so far, in thought: nothing is run. */
export class ShellState {
  readonly host: Host;
  readonly variables = new Map<string, ShellVariable>();
  readonly remarks: Remark[] = [];
  /** Names that are exported before they have a value. */
  readonly #awaited = new Set<string>();
  /** With `set -a`: every variable that is assigned is exported. */
  exportsAll: boolean;
  /** With `set -u`: a variable that is not set ends the shell. */
  stopsAtUnset = false;
  /** With `set -e`: what fails ends the shell. */
  stopsAtFailure = false;
  /** What `"$@"` stands for; undefined where nothing tells. */
  positional: readonly TracedText[] | undefined;
  /** The commands that it would run, in order. */
  readonly commands: RunCommand[] = [];
  readonly functions = new Map<string, FunctionBody>();
  /** The folder that commands are run in; undefined where nothing tells. */
  folder: string | undefined;
  /** The path of the script, `$0`; undefined where it is none, or nothing tells. */
  script: string | undefined;
  /** Why what is set is not all that may be: something could not be followed. */
  unfollowed: string | undefined;
  /** Set where the shell stops for good: `exit`, a syntax error, a variable that is missing, or a test that fails under `set -e`. */
  stopped: { readonly why: string; readonly origin: Origin; readonly isFailure?: boolean } | undefined;
  /** Why what is set now may not be: set within a branch that cannot be decided. */
  doubt: string | undefined;

  /** Shared by all that is followed from one command. */
  readonly work: Work;

  constructor(host: Host, exportsAll = false, work: Work = newWork()) {
    this.work = work;
    this.host = host;
    this.exportsAll = exportsAll;
  }

  /** Assigns; what is set in doubt cannot be known. */
  assign(name: string, value: string, origin: Origin, unknown: string | undefined): void {
    const before = this.variables.get(name);
    this.variables.set(name, {
      value,
      origin,
      unknown: unknown ?? this.doubt,
      isExported: this.exportsAll || before?.isExported === true || this.#awaited.has(name),
      overridden: overriddenBy(before),
    });
  }

  /** Exports a variable, or takes that back; one that is not set yet is exported once it is. */
  export(name: string, isExported: boolean): void {
    const before = this.variables.get(name);
    if (before !== undefined) this.variables.set(name, { ...before, isExported });
    else if (isExported) this.#awaited.add(name);
    else this.#awaited.delete(name);
  }

  unset(name: string, origin: Origin): void {
    const before = this.variables.get(name);
    if (before === undefined) return;
    if (this.doubt === undefined) this.variables.delete(name);
    else this.variables.set(name, { ...before, unknown: this.doubt, origin });
  }

  /** What a command is given of variables: those that are exported, and those that stand before it. */
  environmentOf(before: readonly (TracedText & { readonly name: string })[] = []): Environment {
    const environment = new Environment();
    for (const [name, variable] of this.variables) {
      if (variable.isExported) for (const each of [...variable.overridden, variable]) environment.set(name, each);
    }
    for (const { name, ...variable } of before) environment.set(name, variable);
    return environment;
  }

  remark(text: string, origin: Origin): void {
    this.remarks.push({ text, origin });
  }
}
