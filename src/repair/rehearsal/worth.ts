import type { FollowedLink } from '../../checkpoint/files.ts';
import { RUNS } from '../../layout/names.ts';
import { comesUp, type Start } from '../../recovery/simulate.ts';
import type { ExecutorOutcome, TaskOutcome } from '../../recovery/startup/outcome.ts';
import type {
  RecoveredExecutor,
  RecoveredFramework,
  RecoveredRun,
  RecoveredTask,
} from '../../recovery/state/recovered.ts';
import { placeThrough } from '../search/aliases.ts';

/** What a start keeps, the most important first: so outcomes are told apart. */
export interface Worth {
  /** Tasks that live on, with executors that the agent can reach; after a reboot, tasks whose end it can tell of. */
  readonly tasks: number;
  readonly executors: number;
  /** Tasks that the agent knows of, whatever becomes of them. */
  readonly knownTasks: number;
  readonly knownExecutors: number;
  /** Status updates and acknowledgements in its logs. */
  readonly updates: number;
  /** Reservations, and persistent volumes. */
  readonly resources: number;
  readonly operations: number;
}

const NOTHING: Worth = {
  tasks: 0,
  executors: 0,
  knownTasks: 0,
  knownExecutors: 0,
  updates: 0,
  resources: 0,
  operations: 0,
};

const ORDER = Object.keys(NOTHING) as readonly (keyof Worth)[];

/** Positive where the first keeps more, negative where less, 0 where they keep the same. */
export const compareWorth = (a: Worth, b: Worth): number => {
  for (const key of ORDER) if (a[key] !== b[key]) return a[key] - b[key];
  return 0;
};

/** What a start keeps; nothing where it does not come up. */
export const worthOf = (start: Start): Worth => {
  if (!comesUp(start)) return NOTHING;
  const { agent } = start.state;
  let total = NOTHING;
  for (const kept of worthByExecutor(start).values()) total = sumOf(total, kept);
  return {
    ...total,
    resources: [...(start.started?.resources.resources ?? start.state.resources.resources)].length,
    operations: agent?.operations?.length ?? 0,
  };
};

/** What a start keeps of each executor, by its path: what is wrong with one changes nothing in the others. */
export const worthByExecutor = (start: Start): ReadonlyMap<string, Worth> =>
  new Map(
    recoveredIn(start).map(({ executor, outcome }) => [executor.path, keptOf(executor, outcome, start.state.rebooted)]),
  );

/** What a start keeps of each framework, executor, latest run and task of that, by their paths. */
export const worthByPart = (start: Start): ReadonlyMap<string, Worth> => {
  const parts = new Map<string, Worth>();
  for (const { framework, executor, outcome } of recoveredIn(start)) {
    const kept = keptOf(executor, outcome, start.state.rebooted);
    parts.set(executor.path, kept);
    parts.set(framework.path, sumOf(parts.get(framework.path) ?? NOTHING, kept));
    const run = latestOf(executor);
    if (run === undefined || outcome === undefined) continue;
    parts.set(run.path, kept);
    for (const [id, task] of run.tasks) parts.set(task.path, keptOfTask(task, outcome.tasks.get(id)));
  }
  return parts;
};

const latestOf = ({ latest, runs }: RecoveredExecutor): RecoveredRun | undefined =>
  latest === undefined ? undefined : runs.get(latest);

const keptOfTask = ({ log }: RecoveredTask, state: TaskOutcome | undefined): Worth => ({
  ...NOTHING,
  tasks: state === 'launched' ? 1 : 0,
  knownTasks: state === undefined || state === 'skipped' ? 0 : 1,
  updates: log === undefined || state === 'skipped' ? 0 : log.records,
});

const sumOf = (a: Worth, b: Worth): Worth => {
  const sum = { ...a };
  for (const key of ORDER) sum[key as 'tasks'] += b[key];
  return sum;
};

/** The executors that were read, each with what the agent does with it. */
const recoveredIn = (
  start: Start,
): readonly {
  readonly framework: RecoveredFramework;
  readonly executor: RecoveredExecutor;
  readonly outcome: ExecutorOutcome | undefined;
}[] => {
  const outcomes = new Map<string, ExecutorOutcome>();
  for (const framework of start.started?.agent?.frameworks ?? []) {
    for (const executor of framework.executors) outcomes.set(executor.path, executor);
  }
  return (start.state.agent?.frameworks ?? []).flatMap((framework) =>
    framework.executors.map((executor) => ({ framework, executor, outcome: outcomes.get(executor.path) })),
  );
};

/** The paths of the executors that a start recovers, and that have not ended. */
export const keptExecutors = (start: Start): readonly string[] =>
  recoveredIn(start).flatMap(({ executor, outcome }) => (outcome?.action === 'recovered' ? [executor.path] : []));

/**
 * How many status updates the agent has of each executor that it recovers, and that has not ended, by where the executor's
 * run lies: what links show under other names is one and the same.
 */
export const updatesKept = (start: Start, links: readonly FollowedLink[]): ReadonlyMap<string, number> => {
  const kept = new Map<string, number>();
  for (const { executor, outcome } of recoveredIn(start)) {
    if (outcome?.action !== 'recovered') continue;
    const run = latestOf(executor);
    if (run === undefined) continue;
    const updates = [...run.tasks.values()].reduce((sum, { log }) => sum + (log?.updates ?? 0), 0);
    const owner = ownerOfRun(links, run.path);
    kept.set(owner, Math.max(kept.get(owner) ?? 0, updates));
  }
  return kept;
};

/** The folder of the executor that a run lies in, whatever links lead to it. */
export const ownerOfRun = (links: readonly FollowedLink[], path: string): string => {
  const [owner = path] = placeThrough(links, path).split(`/${RUNS}/`);
  return owner;
};

const keptOf = (executor: RecoveredExecutor, outcome: ExecutorOutcome | undefined, rebooted: boolean): Worth => {
  const isKnown = outcome?.action === 'recovered';
  const isReached = isKnown && (rebooted || outcome.connection === 'pid' || outcome.connection === 'http');
  const states = [...(outcome?.tasks.values() ?? [])];
  const launched = states.filter((state) => state === 'launched').length;
  let updates = 0;
  if (outcome !== undefined && outcome.action !== 'skipped') {
    const run = latestOf(executor);
    for (const { log } of run?.tasks.values() ?? []) updates += log === undefined ? 0 : log.records;
  }
  return {
    ...NOTHING,
    tasks: isReached ? launched : 0,
    executors: isReached ? 1 : 0,
    knownTasks: states.filter((state) => state !== 'skipped').length,
    knownExecutors: isKnown ? 1 : 0,
    updates,
  };
};
