import { isDeepStrictEqual } from 'node:util';
import { agentPort } from '../../agent/info/check.ts';
import type { Run } from '../../checkpoint/model.ts';
import type { Opened } from '../../checkpoint/open.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { advance, during } from '../../program/progress.ts';
import { agentsOf, livingOn, runningRun } from '../../recovery/living.ts';
import { comesUp, type Start } from '../../recovery/simulate.ts';
import type { Verification } from '../../verify/verification.ts';
import type { RepairOptions, SalvageOptions } from '../options.ts';
import { levelsOf, type Planning } from '../plan-repair.ts';
import { rehearseChanges } from '../rehearsal/rehearse.ts';
import { compareWorth, keptExecutors, ownerOfRun, updatesKept, type Worth, worthOf } from '../rehearsal/worth.ts';
import { LEVELS, type Way, type Ways } from './way.ts';

/** What is planned for each way; what may be salvaged from, where a way salvages. */
export interface WaysOptions extends Omit<RepairOptions, 'salvage'> {
  readonly sources?: Omit<SalvageOptions, 'allowSuspect'> | undefined;
  /**
   * What else is done where `slave.info` is changed for an agent whose info is another.
   * @default 'salvage'
   */
  readonly adoptOver?: (typeof LEVELS)[number] | undefined;
}

/**
 * Rehearses every way out of a checkpoint, and compares what they keep. Nothing is written.
 * @throws AccessDenied where a file may not be read, TypeError where `version` is a text that names none that is simulated
 */
export const compareWays = (opened: Opened, given: WaysOptions = {}): Ways => {
  return during('comparing the ways out', WAYS, () => compare(opened, given));
};

/** How many are planned or rehearsed, for who waits. */
const WAYS = 5;

const told = <T>(way: T): T => {
  advance();
  return way;
};

const compare = (opened: Opened, given: WaysOptions): Ways => {
  const { sources, adoptOver = 'salvage', ...options } = given;
  const levels = told(levelsOf(opened, options));
  const { before } = levels;
  const asIs: Rehearsed = { way: 'as-is', after: before, planning: undefined };
  const exact = told(levels.salvage({ ...sources, allowSuspect: false }));
  const suspect = told(levels.salvage({ ...sources, allowSuspect: true }));
  const planned: Ways['planned'] = {
    'as-non-strict': told(levels.plain()),
    salvage: exact,
    // What is likely may lead to less than what is certain.
    'salvage-suspect': keepsLess(suspect, exact) ? exact : suspect,
    adopt: levels.adopt(
      adoptOver === 'as-non-strict' ? undefined : { ...sources, allowSuspect: adoptOver === 'salvage-suspect' },
    ),
  };
  const changes = ([...LEVELS, 'adopt'] as const)
    .flatMap((way): readonly Rehearsed[] => {
      const planning = planned[way];
      const over = way === 'adopt' ? { over: adoptOver } : {};
      return planning === undefined ? [] : [{ way, after: planning.after, planning, ...over }];
    })
    .filter(
      ({ planning }, i, all) =>
        planning?.plan !== undefined &&
        planning.plan.steps.length > 0 &&
        all.slice(0, i).every((other) => !isSamePlan(other.planning, planning)),
    );
  const removing = withoutLatest(opened, before, options);
  const ways = measured(before, [asIs, ...changes, ...(removing === undefined ? [] : [removing])]);
  return { before, ways, recommended: bestOf(ways), planned };
};

const keepsLess = ({ plan, after }: Planning, other: Planning): boolean => {
  if (plan === undefined || other.plan === undefined) return plan === undefined;
  const [own, others] = [after, other.after].map(({ strict }) => worthOf(strict.starts[0] as Start));
  return compareWorth(own as Worth, others as Worth) < 0;
};

/** A way before it is measured against the others. */
type Rehearsed = Pick<Way, 'way' | 'after' | 'planning' | 'over'>;

/** A level that found no more than the one before it hands over that one's plan. */
const isSamePlan = (a: Planning | undefined, b: Planning | undefined): boolean =>
  a === b || isDeepStrictEqual(a?.plan?.steps, b?.plan?.steps);

/** What the agent's log advises where it refuses; undefined where there is no link to remove, or it changes nothing. */
const withoutLatest = (opened: Opened, before: Verification, given: RepairOptions): Rehearsed | undefined => {
  const path = fileIn(names.META, 'slaves/latest');
  const [start] = before.strict.starts;
  if (opened.tree.source.kindOf(path) === undefined || (start !== undefined && comesUp(start))) return undefined;
  const after = rehearseChanges(opened, before, [{ kind: 'set-aside', path }], given);
  return { way: 'remove-latest', after, planning: undefined };
};

const measured = (before: Verification, rehearsed: readonly [Rehearsed, ...Rehearsed[]]): Ways['ways'] => {
  // A way may find an agent again that the tree as it is does not show.
  const living = rehearsed.map(({ after }) => livingOn(after.checkpoint));
  const all = rehearsed.map((each) => ({ ...each, kept: keptBy(each.after, before) }));
  const most = (of: (kept: Kept) => number): number => Math.max(...all.map(({ kept }) => of(kept)));
  const executors = Math.max(
    ...living.map(({ executors }) => executors),
    most((kept) => kept.executors),
  );
  const tasks = Math.max(
    ...living.map(({ tasks }) => tasks),
    most((kept) => kept.tasks),
  );
  const updates = Math.max(
    updatesInLogs([before, ...rehearsed.map(({ after }) => after)]),
    most((kept) => kept.updates),
  );
  const reservations = most((kept) => kept.reservations + kept.reservationsLost);
  const measure = ({ kept, ...each }: (typeof all)[number]): Way => ({
    ...each,
    comesUp: kept.comesUp,
    executors: { kept: kept.executors, of: executors },
    tasks: { kept: kept.tasks, of: tasks },
    updatesLost: kept.comesUp ? updates - kept.updates : undefined,
    // Where no start comes up, nothing has touched them yet.
    reservations: { kept: kept.comesUp ? kept.reservations : reservations, of: reservations },
    sure: each.planning?.plan?.steps.some(({ certainty }) => certainty === 'suspect') ? 'suspect' : 'exact',
  });
  return all.map(measure) as unknown as Ways['ways'];
};

/**
 * The updates in the logs of all executors that some way keeps, those included that cannot be read, as far as they can be
 * counted: whatever a start makes of them, the number is the same. Logs that links show under other names count once.
 */
const updatesInLogs = (all: readonly Verification[]): number => {
  const kept = new Set(all.flatMap(({ strict: { starts } }) => starts.flatMap(keptExecutors)));
  const logged = new Map<string, number>();
  for (const { checkpoint } of all) {
    for (const executor of agentsOf(checkpoint).flatMap(({ frameworks }) =>
      frameworks.flatMap((each) => each.executors),
    )) {
      const run = runningRun(executor);
      if (run === undefined || !kept.has(executor.path)) continue;
      const owner = ownerOfRun(checkpoint.links, run.path);
      logged.set(owner, Math.max(logged.get(owner) ?? 0, updatesInLogsOf(run)));
    }
  }
  return sumOf(logged.values());
};

const updatesInLogsOf = ({ tasks }: Run): number =>
  sumOf(tasks.map(({ updates: log }) => (log.kind === 'log' ? log.updates + log.lost.updates : 0)));

const sumOf = (numbers: Iterable<number>): number => [...numbers].reduce((sum, each) => sum + each, 0);

/** What a first strict start keeps, by what is predicted of it. */
interface Kept {
  readonly comesUp: boolean;
  readonly executors: number;
  readonly tasks: number;
  readonly updates: number;
  readonly reservations: number;
  readonly reservationsLost: number;
}

const keptBy = ({ strict: { starts, impact }, checkpoint }: Verification, before: Verification): Kept => {
  const [start] = starts;
  const isUp = start !== undefined && comesUp(start);
  const { executors, tasks, reservations, volumes } = impact;
  const cutOff = isUp ? cutOffByPort(start, before) : { executors: 0, tasks: 0 };
  return {
    comesUp: isUp,
    executors: isUp
      ? executors.reconnected.length + executors.awaited.length + endsToldBy(start) - cutOff.executors
      : 0,
    tasks: isUp ? tasks.live.length + tasks.gone.length - cutOff.tasks : 0,
    updates: isUp ? sumOf(updatesKept(start, checkpoint.links).values()) : 0,
    reservations: reservations.kept.length + volumes.kept.length,
    reservationsLost: reservations.lost.length + volumes.lost.length,
  };
};

/** After a reboot, how many of the executors that are gone with it the agent still knows, and tells the end of. */
const endsToldBy = (start: Start): number => (start.state.rebooted ? worthOf(start).executors : 0);

/** Executors that speak HTTP to the port of the agent, which will be another, and their tasks: nobody calls them. */
const cutOffByPort = (
  { started, state }: Start,
  { assumed: { agentInfo }, checkpoint }: Verification,
): { readonly executors: number; readonly tasks: number } => {
  const old = checkpoint.agent?.info;
  const isSame = agentInfo === undefined || old?.kind !== 'whole' || agentPort(old.value) === agentPort(agentInfo.info);
  const all = isSame || state.rebooted ? [] : (started?.agent?.frameworks ?? []).flatMap(({ executors }) => executors);
  const lost = all.filter(({ action, connection }) => action === 'recovered' && connection === 'http');
  const tasks = lost.flatMap((executor) => [...executor.tasks.values()]).filter((task) => task === 'launched');
  return { executors: lost.length, tasks: tasks.length };
};

/**
 * The exact way that keeps most, and where none keeps anything that runs, the best guess that does; of those that keep the same the smallest change,
 * the tree as it is first. A start as a new agent that forgets what runs here is no way out.
 */
const bestOf = (ways: readonly Way[]): Way | undefined => {
  const able = ways.filter(
    ({ way, comesUp, after }) => comesUp && way !== 'remove-latest' && (way !== 'as-is' || after.strict.exitCode < 2),
  );
  const exact = able.filter(({ sure }) => sure === 'exact');
  const isEnough = exact.some(keepsAny) || (exact.length > 0 && !able.some(keepsAny));
  return (isEnough ? exact : able).reduce<Way | undefined>(
    (best, way) => (best === undefined || compareKept(way, best) > 0 ? way : best),
    undefined,
  );
};

/** Whether anything that runs is kept. */
const keepsAny = ({ executors, tasks }: Way): boolean => executors.kept > 0 || tasks.kept > 0;

/** Positive where the first way keeps more than the second, negative where less, 0 where they keep the same. */
export const compareKept = (a: Way, b: Way): number => compareWorth(worthOf(firstStart(a)), worthOf(firstStart(b)));

const firstStart = ({ after }: Way): Start => after.strict.starts[0] as Start;
