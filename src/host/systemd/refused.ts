import { posix } from 'node:path';
import type { Refusal } from '../../agent/flags/origin.ts';
import { isAgentProgram } from '../../agent/program.ts';
import { type Host, isRunningRoot, isUnseen, isWhole, namesAt } from '../host.ts';
import { evaluateTest, type TestedWord } from '../shell/test.ts';
import { UNIT_FOLDERS } from './services.ts';
import { isEndless, madeByUnit, restartOf, serviceDirective } from './settings.ts';
import { expandSpecifiers, type Specifiers } from './specifiers.ts';
import type { Unit } from './unit.ts';
import type { Directive } from './unit-file.ts';

/** A command of a unit, as far as it decides whether systemd can run it. */
export interface RunByUnit {
  readonly key: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Whether systemd goes on where it fails: it has a `-` before it. */
  readonly mayFail: boolean;
  readonly directive: Directive;
}

/** Why systemd does not start a unit, or ends what it has started, whatever that is: by what is on the host now. */
export const refusalsOfUnit = (
  host: Host,
  unit: Unit,
  specifiers: Specifiers,
  commands: readonly RunByUnit[],
): readonly Refusal[] => {
  const look = new Look(host, unit, specifiers);
  return [
    ...look.missingUnits(),
    ...look.conditions(),
    ...look.workingDirectory(),
    ...commands.flatMap((command) => look.command(command)),
    ...typeRefusals(host, unit, commands),
  ];
};

/** What nothing but a folder, a link or a file that is there makes true; what else is asked of a host is not looked at. */
const CONDITIONS: Readonly<Record<string, (host: Host, path: string) => boolean | undefined>> = {
  PathExists: (host, path) => isThere(host, path),
  PathIsDirectory: (host, path) => isThere(host, path, (kind) => kind === 'folder'),
  PathIsSymbolicLink: (host, path) =>
    typeof host.link(path) === 'string' || (isThere(host, path) === undefined ? undefined : false),
  FileNotEmpty: (host, path) => isThere(host, path, (kind, size) => kind === 'file' && size > 0),
  DirectoryNotEmpty: (host, path) => {
    const names = host.list(path);
    if (isUnseen(names) || (names === undefined && !isWhole(host))) return undefined;
    return names !== undefined && names.length > 0;
  },
};

/** Whether something is there; undefined where that is not known, because nothing is, and of the host a part was copied. */
const isThere = (
  host: Host,
  path: string,
  isWanted: (kind: string, size: number) => boolean = () => true,
): boolean | undefined => {
  const stat = host.stat(path);
  if (isUnseen(stat) || (stat === undefined && !isWhole(host))) return undefined;
  return stat !== undefined && isWanted(stat.kind, stat.size);
};

/** Where another root is, paths lead elsewhere. */
const OWN_ROOT = ['RootDirectory', 'RootImage'];

class Look {
  readonly #host: Host;
  readonly #unit: Unit;
  readonly #specifiers: Specifiers;

  constructor(host: Host, unit: Unit, specifiers: Specifiers) {
    this.#host = host;
    this.#unit = unit;
    this.#specifiers = specifiers;
  }

  /** Units that have to be started with this one, and cannot be. What generators make, a host that is off does not have. */
  missingUnits(): readonly Refusal[] {
    if (!isRunningRoot(this.#host)) return [];
    return ['Requires', 'BindsTo', 'Requisite'].flatMap((key) =>
      this.#unit.directives
        .filter((each) => each.section === 'Unit' && each.key === key)
        .flatMap((directive) =>
          directive.value.split(/\s+/).flatMap((written) => {
            // An empty assignment takes no dependency back.
            const expanded = expandSpecifiers(written, this.#specifiers);
            const state = 'text' in expanded ? this.#stateOf(expanded.text) : undefined;
            return state === undefined ? [] : [refusal(`${key}=${written} is ${state}`, directive)];
          }),
        ),
    );
  }

  #stateOf(name: string): 'masked' | 'not there' | undefined {
    const names = [name, ...(name.includes('@') ? [name.replace(/@.*(\.[^.]+)$/, '@$1')] : [])];
    for (const each of names) {
      for (const folder of UNIT_FOLDERS) {
        const path = `${folder}/${each}`;
        if (this.#host.link(path) === '/dev/null') return 'masked';
        const stat = this.#host.stat(path);
        // An empty file masks too; in a part of a host, one may stand for what was not copied.
        if (stat !== undefined)
          return !isUnseen(stat) && stat.kind === 'file' && stat.size === 0 && isWhole(this.#host)
            ? 'masked'
            : undefined;
      }
    }
    const isHidden = UNIT_FOLDERS.some((folder) => isUnseen(this.#host.list(folder)));
    // Of the other kinds systemd has some that are in no file.
    return isHidden || !name.endsWith('.service') || !isWhole(this.#host) ? undefined : 'not there';
  }

  /** `Condition...=` and `Assert...=`: of those with `|` one has to hold, of the others all. */
  conditions(): readonly Refusal[] {
    return ['Condition', 'Assert'].flatMap((prefix) => {
      const all = this.#unit.directives.filter(({ section, key }) => section === 'Unit' && key.startsWith(prefix));
      const counting = all.slice(all.findLastIndex(({ value }) => value === '') + 1);
      const judged = counting.map((directive) => ({
        directive,
        isTrigger: /^!?\|/.test(directive.value),
        holds: this.#holds(directive, directive.key.slice(prefix.length)),
      }));
      const triggers = judged.filter(({ isTrigger }) => isTrigger);
      const broken = [
        ...judged.filter(({ isTrigger, holds }) => !isTrigger && holds === false),
        ...(triggers.every(({ holds }) => holds === false) ? triggers.slice(0, 1) : []),
      ];
      return broken.map(({ directive }) => refusal(`${directive.key}=${directive.value} does not hold`, directive));
    });
  }

  #holds({ value }: Directive, key: string): boolean | undefined {
    const judge = Object.hasOwn(CONDITIONS, key) ? CONDITIONS[key] : undefined;
    const [, signs = '', written = ''] = /^([|!\s]*)(.*)$/s.exec(value) ?? [];
    const expanded = expandSpecifiers(written, this.#specifiers);
    if (judge === undefined || !('text' in expanded) || !expanded.text.startsWith('/')) return undefined;
    // What is in memory is not there while a host is off.
    if (/^\/(?:run|proc|sys|dev|tmp|var\/run)(?:\/|$)/.test(expanded.text) && !isRunningRoot(this.#host))
      return undefined;
    const truth = judge(this.#host, expanded.text);
    return truth === undefined ? undefined : truth !== signs.includes('!');
  }

  workingDirectory(): readonly Refusal[] {
    const directive = serviceDirective(this.#unit, 'WorkingDirectory');
    const expanded = expandSpecifiers(directive?.value ?? '', this.#specifiers);
    if (directive === undefined || !('text' in expanded) || !expanded.text.startsWith('/') || this.#hasOwnRoot())
      return [];
    const path = posix.normalize(expanded.text).replace(/(.)\/$/, '$1');
    if (madeByUnit(this.#unit).includes(path) || isThere(this.#host, path, (kind) => kind === 'folder') !== false)
      return [];
    return [refusal(`WorkingDirectory=${directive.value} is not a folder`, directive)];
  }

  #hasOwnRoot(): boolean {
    return OWN_ROOT.some((key) => serviceDirective(this.#unit, key) !== undefined);
  }

  /** A command that cannot be run, or that fails for sure. Where its folder is not there, the copy lacks it. */
  command({ key, program, args, mayFail, directive }: RunByUnit): readonly Refusal[] {
    if (this.#hasOwnRoot() || (mayFail && key !== 'ExecStart') || !/^Exec(?:Condition|Start(?:Pre)?)$/.test(key))
      return [];
    if (isMissing(this.#host, program)) return [refusal(`${key}=${program} is not there`, directive)];
    if (mayNotBeRun(this.#host, program)) {
      const found = `${key}=${program} is not executable`;
      return [{ ...refusal(found, directive), todo: `Make it executable: chmod 0755 ${program}` }];
    }
    const name = posix.basename(program);
    const isFailing = key !== 'ExecStart' && (name === 'false' || (name === 'test' && this.#failsTest(args)));
    return isFailing ? [refusal(`${key}=${[program, ...args].join(' ')} fails`, directive)] : [];
  }

  /** What a test looks for may be in memory, or in a part of the host that was not copied. */
  #failsTest(args: readonly string[]): boolean {
    if (!isRunningRoot(this.#host) || !isWhole(this.#host)) return false;
    const words = args.map((text): TestedWord => ({ text, unknown: undefined }));
    return evaluateTest(words, this.#host) === false;
  }
}

/** Whether a program is not there. What the copy of a disk does not have may not have been copied, unless its folder was. */
export const isMissing = (host: Host, program: string): boolean =>
  program.startsWith('/') &&
  isThere(host, program) === false &&
  (isRunningRoot(host) || isThere(host, posix.dirname(program), (kind) => kind === 'folder') === true);

const EXECUTABLE = 0o111;

/** Whether a program is a file that nobody may run, not even root. Where none beside it may be run either, the copy has lost that. */
const mayNotBeRun = (host: Host, program: string): boolean => {
  const modeOf = (path: string): number | undefined => {
    const stat = host.stat(path);
    return stat === undefined || isUnseen(stat) || stat.kind !== 'file' ? undefined : stat.mode & EXECUTABLE;
  };
  if (!program.startsWith('/') || modeOf(program) !== 0 || !isWhole(host)) return false;
  const folder = posix.dirname(program);
  return namesAt(host, folder).some((name) => (modeOf(`${folder}/${name}`) ?? 0) !== 0);
};

/** A script of an older init has the agent's name, and forks. */
const isScript = (host: Host, program: string): boolean => {
  const bytes = host.read(program);
  // What is not there was not copied, and may be one.
  return bytes === undefined || isUnseen(bytes) || bytes.subarray(0, 2).toString('latin1') === '#!';
};

/** An agent forks nothing that goes on in its place, and tells systemd nothing. */
const typeRefusals = (host: Host, unit: Unit, commands: readonly RunByUnit[]): readonly Refusal[] => {
  const isAgent = commands.some(
    ({ key, program }) => key === 'ExecStart' && isAgentProgram(program) && !isScript(host, program),
  );
  const type = serviceDirective(unit, 'Type');
  if (type?.value === 'oneshot' && /^(?:always|on-success)$/.test(restartOf(unit).policy)) {
    return [refusal(`Restart=${restartOf(unit).policy} does not go with Type=oneshot`, type)];
  }
  const timeout = serviceDirective(unit, 'TimeoutStartSec') ?? serviceDirective(unit, 'TimeoutSec');
  const isWaiting = timeout !== undefined && isEndless(timeout.value);
  if (isAgent && type !== undefined && /^(?:forking|notify|notify-reload|dbus)$/.test(type.value) && !isWaiting) {
    const message = `Type=${type.value} waits for what an agent does not do: systemd ends it when the time for its start is over`;
    return [
      {
        message,
        origin: { place: type.place, line: type.line },
        todo: 'Set Type=simple, and run systemctl daemon-reload.',
      },
    ];
  }
  return [];
};

const TODO = 'Put back what is missing, or correct the unit and run systemctl daemon-reload.';

const refusal = (found: string, { place, line }: Directive): Refusal => ({
  message: found,
  origin: { place, line },
  todo: TODO,
});
