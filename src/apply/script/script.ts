import { createHash } from 'node:crypto';
import type { Opened } from '../../checkpoint/open.ts';
import { VERSION } from '../../program/version.ts';
import { comesUp } from '../../recovery/simulate.ts';
import { sandboxesLookedFor } from '../../recovery/startup/containers.ts';
import { PathEffects } from '../../repair/plan/path-effects.ts';
import { changesOf, type Plan, type PlannedChange, plannedChanges } from '../../repair/plan/plan.ts';
import type { Planning } from '../../repair/plan-repair.ts';
import { isErrno, type Source } from '../../source/source.ts';
import { shown } from '../../text/escape.ts';
import { bytesOf } from '../../text/lossless.ts';
import { shellAssignment } from '../../text/shell.ts';
import { planDigest } from '../actions.ts';
import { parentOf } from '../folder.ts';
import { Refusal } from '../refusal.ts';
import { ENGINE } from './generated/engine.ts';
import { scriptHeader } from './header.ts';
import { jsonInAscii } from './json-text.ts';
import { scriptSteps } from './script-steps.ts';
import { shellFunction, stepFunctions } from './step-functions.ts';

/** How a plan becomes a script. All of it may be left out. */
export interface PlanScriptOptions {
  /** Where to keep what goes: an absolute path on the agent's host, on the same file system; beside `meta` by default. */
  readonly journal?: string | undefined;
}

/**
 * A plan as one script for a POSIX shell, which carries it out on a host without Node: it keeps a journal as `applyPlan`
 * does, goes on after a kill, and takes all back with `undo`. Undefined where the plan has no steps, or there is none.
 * @throws Refusal where what the plan was made from is not what is on the host: a snapshot in which secrets were blanked
 */
export const planScript = (planning: Planning, { journal }: PlanScriptOptions = {}): string | undefined => {
  const { plan, opened, after } = planning;
  if (plan === undefined || plan.steps.length === 0) return undefined;
  refuseRedacted(opened);
  const [start] = after.strict.starts;
  return scriptOf({
    header: scriptHeader(planning, plan),
    steps: plannedChanges(plan),
    source: opened.tree.source,
    home: plan.home,
    journal,
    isRebooted: plan.assumed.rebooted,
    comesUp: start !== undefined && comesUp(start),
    startWith: planning.startWith,
    sandboxes: sandboxesWanted(planning, plan),
  });
};

/** The sandboxes that a start after the plan looks for, those not among them that the plan makes. */
const sandboxesWanted = ({ after }: Planning, plan: Plan): readonly string[] => {
  const agent = after.strict.starts[0]?.state.agent;
  const made = new Set(changesOf(plan).flatMap(({ kind, path }) => (kind === 'create-folder' ? [path] : [])));
  return agent === undefined ? [] : sandboxesLookedFor(agent).filter((path) => !made.has(path));
};

const refuseRedacted = ({ manifest, tree }: Opened): void => {
  if (manifest === undefined || manifest.redacted === null) return;
  throw new Refusal(
    `${tree.source.name}: this snapshot was made with --redact, so its files are not those of the host, and a script would ` +
      'refuse them: take one without --redact',
  );
};

/** What a script is made of. */
export interface ScriptParts {
  /** Comments at its head. */
  readonly header: readonly string[];
  readonly steps: readonly PlannedChange[];
  /** The tree that the steps were planned for. */
  readonly source: Source;
  /** The absolute path of the work_dir on its agent. */
  readonly home: string;
  readonly journal?: string | undefined;
  /** What was assumed of the host. */
  readonly isRebooted: boolean;
  /** Whether a strict start comes up after it, by the rehearsal. */
  readonly comesUp: boolean;
  /** Flags that the agent has to have for that, and does not have. */
  readonly startWith?: readonly string[] | undefined;
  /** The sandboxes of live runs, from the work_dir: without one the agent aborts, and the plan may be of `meta` alone. */
  readonly sandboxes?: readonly string[] | undefined;
}

/** A script that carries steps out. */
export const scriptOf = (parts: ScriptParts): string => {
  const { header, steps, source, home, journal, sandboxes = [] } = parts;
  if (journal !== undefined && !journal.startsWith('/')) {
    throw new Refusal('the journal of a script is an absolute path on the host that it runs on');
  }
  const folders = foldersOf(steps);
  return [
    ...header,
    ...settings(parts, folders.length),
    ...shellFunction('set_home', [shellAssignment('given', home)]),
    '',
    '# The steps. What is not plain ASCII is written by printf, in octal.',
    '',
    ...scriptSteps(steps, source).flatMap((step, i) => stepFunctions(step, i, source)),
    '# The folders whose names the steps change: undo gives them their times back.',
    ...folders.flatMap((path, i) => shellFunction(`folder_${i + 1}`, folderLines(source, path))),
    '# The sandboxes that the agent looks for. The plan may have been made from a copy that holds none.',
    ...shellFunction('each_sandbox', [...sandboxes.map(sandboxLine), ':']),
    '',
    ENGINE,
    'main "$@"',
    '',
  ].join('\n');
};

const settings = (
  { steps, home, journal = '', isRebooted, comesUp: isUp, startWith }: ScriptParts,
  folders: number,
): readonly string[] => [
  '# Where to keep what goes: a new folder on the same file system; in mesos-ckpt beside meta where this is empty.',
  shellAssignment('JOURNAL', journal),
  '',
  `PLAN=${planDigest(steps)}`,
  `STEPS=${steps.length}`,
  `FOLDERS=${folders}`,
  `BY='mesos-ckpt ${VERSION} (script)'`,
  `REBOOTED=${isRebooted ? 'yes' : 'no'}`,
  `OUTCOME=${isUp && startWith === undefined ? 0 : 2}`,
  shellAssignment('OUTCOME_TEXT', outcomeText(isUp, startWith)),
  'COULD_NOT=3',
  shellAssignment('SHOWN_HOME', shown(home)),
];

const outcomeText = (isUp: boolean, startWith: readonly string[] | undefined): string =>
  startWith === undefined || !isUp
    ? `By the rehearsal, a strict start ${isUp ? 'comes' : 'does not come'} up after it.`
    : `By the rehearsal, a strict start comes up after it with ${shown(startWith.join(' '))}, which the agent does not have: set that before it is started.`;

/** The folders whose names steps change; those that the steps make themselves are not among them. */
const foldersOf = (steps: readonly PlannedChange[]): readonly string[] => {
  const effects = new PathEffects();
  const found = new Set<string>();
  for (const { change } of steps) {
    const path = parentOf(change.path);
    if (effects.of(path) === undefined) found.add(path);
    effects.carry(change);
  }
  return [...found];
};

/** Hands a path to the command that `each_sandbox` is given. */
const sandboxLine = (path: string): string => `${shellAssignment('path', path)} && "$1"`;

const folderLines = (source: Source, path: string): readonly string[] => [
  shellAssignment('path', path === '' ? '.' : path),
  shellAssignment('json', jsonInAscii(JSON.stringify(path).slice(1, -1))),
  shellAssignment('shown', shown(path === '' ? 'the work_dir' : path)),
  `listed=${namesDigest(source, path)}`,
];

/** SHA-256 of the names in a folder, as a journal has it. */
const namesDigest = (source: Source, path: string): string => {
  const entries = source.list(path);
  const hash = createHash('sha256');
  if (!isErrno(entries)) for (const name of entries.map((each) => each.name).sort()) hash.update(bytesOf(`${name}\0`));
  return hash.digest('hex');
};
