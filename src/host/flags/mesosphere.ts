import { Environment } from '../../agent/flags/environment.ts';
import type { Origin, Refusal, Remark, TracedText } from '../../agent/flags/origin.ts';
import { type Host, isUnseen, type Looked, textAt } from '../host.ts';
import { sourceFile } from '../shell/evaluate.ts';
import { catOf } from '../shell/expand.ts';
import { ShellState, type ShellVariable } from '../shell/state.ts';
import type { AgentProcess } from './agent-process.ts';
import { flagFolderOf, WRAPPER, type WrappedName } from './signs.ts';

/** Variables of the shell files that become flags, in the script's order. */
const VARIABLES: readonly (readonly [variable: string, flag: string])[] = [
  ['MASTER', 'master'],
  ['IP', 'ip'],
  ['LOGS', 'log_dir'],
  ['ISOLATION', 'isolation'],
];

/** What the packages' script would start the agent with, given its own environment. */
export interface Wrapped {
  readonly agent: AgentProcess;
  readonly looked: readonly Looked[];
}

/** Follows the packages' script: shell files, variables, then files of flags (`function slave`, or `agent`, of mesos-init-wrapper). */
export const followWrapper = (host: Host, environment: Environment, name: WrappedName): Wrapped =>
  new Wrapper(host, name).follow(environment);

class Wrapper {
  readonly #host: Host;
  readonly #looked: Looked[] = [];
  readonly #remarks: Remark[] = [];
  readonly #refusals: Refusal[] = [];
  readonly #args: TracedText[] = [];
  readonly #name: WrappedName;
  /** The folder with a file a flag. */
  readonly #folder: string;
  readonly #shellFiles: readonly string[];
  #isComplete = true;

  constructor(host: Host, name: WrappedName) {
    this.#host = host;
    this.#name = name;
    this.#folder = flagFolderOf(name);
    this.#shellFiles = ['/etc/default/mesos', `/etc/default/mesos-${name}`];
  }

  follow(before: Environment): Wrapped {
    const state = new ShellState(this.#host, this.#exportsAll());
    // Under `set -o nounset` a variable that is not set ends the script.
    state.stopsAtUnset = true;
    for (const variable of before) state.variables.set(variable.name, { ...variable, isExported: true });
    for (const file of this.#shellFiles) {
      if (state.stopped === undefined) sourceFile(state, file, this.#looked);
    }
    if (state.stopped !== undefined) {
      this.#refusals.push({
        message: `${state.stopped.why}: ${WRAPPER} ends there, and the agent is not started`,
        origin: state.stopped.origin,
      });
    }
    for (const [variable, flag] of VARIABLES) this.#fromVariable(state, variable, flag);
    this.#flagFiles();
    this.#joined('attributes');
    this.#joined('resources');
    const environment = new Environment();
    for (const [name, variable] of state.variables) this.#pass(environment, name, variable);
    return {
      agent: {
        program: `/usr/sbin/mesos-${this.#name}`,
        args: this.#args,
        environment,
        refusals: this.#refusals,
        remarks: [...state.remarks, ...this.#remarks],
        isComplete: this.#isComplete,
      },
      looked: this.#looked,
    };
  }

  /** Older scripts pass on only what the shell files export; newer ones all that they set. */
  #exportsAll(): boolean {
    const text = textAt(this.#host, WRAPPER);
    if (text === undefined) return true;
    if (![...this.#shellFiles, this.#folder].every((name) => text.includes(name))) {
      this.#isComplete = false;
      this.#remarks.push({
        text: 'it is not the script that the packages have: what else it sets is not known',
        origin: { place: WRAPPER, line: undefined },
      });
    }
    return /^\s*set\s+(?:-o\s+allexport|-[a-z]*a)/m.test(text);
  }

  #pass(environment: Environment, name: string, variable: ShellVariable): void {
    if (variable.isExported) {
      for (const each of [...variable.overridden, variable]) environment.set(name, each);
    } else if (name.startsWith('MESOS_')) {
      this.#remarks.push({
        text: `${name} is set and not exported: ${WRAPPER} of this host does not pass it on`,
        origin: variable.origin,
      });
    }
  }

  #fromVariable(state: ShellState, variable: string, flag: string): void {
    const found = state.variables.get(variable);
    if (found === undefined || (found.value === '' && found.unknown === undefined)) return;
    this.#args.push({ value: `--${flag}=${found.value}`, origin: found.origin, unknown: found.unknown });
  }

  #flagFiles(): void {
    for (const name of this.#names(this.#folder)) {
      const path = `${this.#folder}/${name}`;
      if (!this.#isFile(path)) continue;
      const origin: Origin = { place: path, line: undefined };
      if (name.startsWith('?')) {
        this.#looked.push({ place: path, outcome: 'read' });
        // It says that nothing is sent to syslog, and is kept from the agent.
        if (name === '?no-logger') continue;
        this.#args.push({ value: `--${name.slice(1)}`, origin, unknown: undefined });
      } else {
        const content = this.#content(path);
        this.#args.push({ value: `--${name}=${content.text}`, origin, unknown: content.unknown });
      }
    }
  }

  /** A folder with a file an attribute or a resource: names and contents, joined. */
  #joined(flag: 'attributes' | 'resources'): void {
    const folder = `${this.#folder}/${flag}`;
    const parts: string[] = [];
    let unknown: string | undefined;
    for (const name of this.#names(folder)) {
      const path = `${folder}/${name}`;
      const stat = this.#host.stat(path);
      if (stat === undefined || (!isUnseen(stat) && (stat.size === 0 || stat.kind !== 'file'))) continue;
      const content = this.#content(path);
      unknown ??= content.unknown;
      parts.push(`${name}:${content.text}`);
    }
    if (parts.length === 0) return;
    const origin: Origin = { place: `${folder}/`, line: undefined };
    this.#args.push({ value: `--${flag}=${parts.join(';')}`, origin, unknown });
  }

  /** The names that the shell's `*` finds: none that begins with a point. */
  #names(folder: string): readonly string[] {
    const stat = this.#host.stat(folder);
    if (stat === undefined || (!isUnseen(stat) && stat.kind !== 'folder')) {
      if (stat === undefined && folder === this.#folder) this.#looked.push({ place: `${folder}/`, outcome: 'absent' });
      return [];
    }
    const names = this.#host.list(folder);
    if (names === undefined || isUnseen(names)) {
      this.#looked.push({ place: `${folder}/`, outcome: 'unseen' });
      this.#isComplete = false;
      return [];
    }
    this.#looked.push({ place: `${folder}/`, outcome: 'read' });
    return names.filter((name) => !name.startsWith('.'));
  }

  #isFile(path: string): boolean {
    const stat = this.#host.stat(path);
    return stat !== undefined && (isUnseen(stat) || stat.kind === 'file');
  }

  #content(path: string): { readonly text: string; readonly unknown: string | undefined } {
    const text = textAt(this.#host, path);
    this.#looked.push({ place: path, outcome: text === undefined ? 'unseen' : 'read' });
    return text === undefined
      ? { text: '', unknown: `${path} may not be read` }
      : { text: catOf(text), unknown: undefined };
  }
}
