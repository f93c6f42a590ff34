import { isDeepStrictEqual } from 'node:util';
import { resourceText } from '../../agent/resource-text.ts';
import type { UpdateLog } from '../../checkpoint/files.ts';
import { keptUuids } from '../../checkpoint/update-log/acknowledgements.ts';
import { UUID_SIZE } from '../../format/uuid.ts';
import { pidText } from '../../recovery/pid.ts';
import type { Start } from '../../recovery/simulate.ts';
import type { ExecutorOutcome, FrameworkOutcome } from '../../recovery/startup/outcome.ts';
import type {
  RecoveredAgent,
  RecoveredExecutor,
  RecoveredFramework,
  RecoveredRun,
  RecoveredTask,
} from '../../recovery/state/recovered.ts';
import type { Verification } from '../../verify/verification.ts';

/**
 * How a start differs from the one that it should be equal to: a line for each difference, none where they are the same.
 *
 * Compared is what the agent holds when it has come up: itself, its frameworks, executors, runs, tasks, updates and
 * acknowledgements, what it does with each, its resources once a target is committed, and its operations. Errors are not
 * counted. More than the other has is no difference in three things, where mending a file brings back what a non-strict
 * start passes over: resources, where that start failed to read them; operations, where it failed to read them; and how to
 * reach an executor, where its `libprocess.pid` could not be read and `http.marker` tells.
 */
export const differencesFrom = (goal: Start, start: Start): readonly string[] => {
  const out: string[] = [];
  if (goal.verdict !== start.verdict) out.push(`verdict: ${goal.verdict}, now ${start.verdict}`);
  compareAgents(goal.state.agent, start.state.agent, out);
  compareOutcomes(goal, start, out);
  compareResources(goal, start, out);
  return out;
};

/**
 * How the first strict start differs between two verifications of what should be the same tree, a line for each
 * difference: what it says and counts, and what it holds, in which neither may have more than the other.
 */
export const startDifferences = (expected: Verification, found: Verification): readonly string[] => {
  const [wanted, now] = [expected.strict.starts[0], found.strict.starts[0]];
  if (wanted === undefined || now === undefined)
    return wanted === now ? [] : ['a checkpoint, which is not there in one'];
  const out: string[] = [];
  differ('starts', expected.strict.starts.length, found.strict.starts.length, out);
  differ('messages', wanted.messages.join('; '), now.messages.join('; '), out);
  differ('recovery errors', expected.strict.metric, found.strict.metric, out);
  return [...out, ...new Set([...differencesFrom(wanted, now), ...differencesFrom(now, wanted)])];
};

const compareAgents = (goal: RecoveredAgent | undefined, now: RecoveredAgent | undefined, out: string[]): void => {
  if (goal === undefined || now === undefined) {
    if (goal !== now) out.push(`agent: ${goal?.id ?? 'none'}, now ${now?.id ?? 'none'}`);
    return;
  }
  differ('agent', goal.id, now.id, out);
  differ('slave.info', goal.info !== undefined, now.info !== undefined, out);
  differ('draining', goal.draining, now.draining, out);
  const wanted = goal.operations ?? [];
  const found = now.operations ?? [];
  // Equal bytes make equal messages; what was not read is not there.
  if (goal.operations !== undefined && !isDeepStrictEqual(wanted, found)) {
    out.push(`operations: ${wanted.length}, now ${found.length}`);
  }
  pairs('framework', goal.frameworks, now.frameworks, out, (a, b) => compareFrameworks(a, b, out));
};

const compareFrameworks = (goal: RecoveredFramework, now: RecoveredFramework, out: string[]): void => {
  if (goal === now) return;
  differ(`${goal.path}: framework.info`, goal.info !== undefined, now.info !== undefined, out);
  differ(`${goal.path}: framework.pid`, goal.pid && pidText(goal.pid), now.pid && pidText(now.pid), out);
  pairs('executor', goal.executors, now.executors, out, (a, b) => compareExecutors(a, b, out));
};

const compareExecutors = (goal: RecoveredExecutor, now: RecoveredExecutor, out: string[]): void => {
  if (goal === now) return;
  differ(`${goal.path}: executor.info`, goal.info !== undefined, now.info !== undefined, out);
  differ(`${goal.path}: latest`, goal.latest, now.latest, out);
  differ(`${goal.path}: generated`, goal.generatedForCommandTask, now.generatedForCommandTask, out);
  pairs('run', [...goal.runs.values()], [...now.runs.values()], out, (a, b) => compareRuns(a, b, out));
};

const compareRuns = (goal: RecoveredRun, now: RecoveredRun, out: string[]): void => {
  differ(`${goal.path}: completed`, goal.completed, now.completed, out);
  differ(`${goal.path}: forked pid`, goal.forkedPid, now.forkedPid, out);
  differ(
    `${goal.path}: libprocess pid`,
    goal.libprocessPid && pidText(goal.libprocessPid),
    now.libprocessPid && pidText(now.libprocessPid),
    out,
  );
  if (goal.http !== undefined || !isMarked(now)) differ(`${goal.path}: http`, goal.http, now.http, out);
  pairs('task', [...goal.tasks.values()], [...now.tasks.values()], out, (a, b) => compareTasks(a, b, out));
};

/** `http.marker` tells how to reach the executor, now that nothing keeps the agent from looking. */
const isMarked = (run: RecoveredRun): boolean => run.http === true && run.libprocessPid === undefined;

const compareTasks = (goal: RecoveredTask, now: RecoveredTask, out: string[]): void => {
  differ(`${goal.path}: task.info`, goal.info !== undefined, now.info !== undefined, out);
  // A log that was not read again is the same one.
  if (goal.log === now.log) return;
  differ(`${goal.path}: updates`, updatesOf(goal.log), updatesOf(now.log), out);
  differ(`${goal.path}: acknowledgements`, acknowledgementsOf(goal.log), acknowledgementsOf(now.log), out);
};

const updatesOf = (log: UpdateLog | undefined): string =>
  log === undefined ? '' : uuidsIn(log.updateUuids).join() + otherUuids(log) + log.states.join();

const otherUuids = ({ otherUuids: others }: UpdateLog): string =>
  [...(others ?? [])].map(([update, uuid]) => `${update}:${uuid.toString('hex')}`).join();

/** A set, to the agent. */
const acknowledgementsOf = (log: UpdateLog | undefined): string =>
  log === undefined ? '' : [...new Set(uuidsIn(log.ackUuids))].sort().join();

const uuidsIn = (kept: Buffer | undefined): readonly string[] => {
  const uuids = keptUuids(kept);
  return Array.from({ length: uuids.length / UUID_SIZE }, (_, i) =>
    uuids.toString('hex', i * UUID_SIZE, (i + 1) * UUID_SIZE),
  );
};

const compareOutcomes = (goal: Start, start: Start, out: string[]): void => {
  const [wanted, found] = [goal.started?.agent?.frameworks ?? [], start.started?.agent?.frameworks ?? []];
  pairs('framework that comes up', wanted, found, out, (a, b) => compareFrameworkOutcomes(a, b, out));
};

const compareFrameworkOutcomes = (goal: FrameworkOutcome, now: FrameworkOutcome, out: string[]): void => {
  differ(`${goal.id}: what becomes of it`, goal.action, now.action, out);
  pairs('executor that comes up', goal.executors, now.executors, out, (a, b) => compareExecutorOutcomes(a, b, out));
};

const compareExecutorOutcomes = (goal: ExecutorOutcome, now: ExecutorOutcome, out: string[]): void => {
  differ(`${goal.path}: what becomes of it`, goal.action, now.action, out);
  if (goal.connection !== 'unknown' || now.connection !== 'http') {
    differ(`${goal.path}: connection`, goal.connection, now.connection, out);
  }
  if (!isDeepStrictEqual(goal.tasks, now.tasks)) out.push(`${goal.path}: what becomes of its tasks`);
  if (!isDeepStrictEqual(goal.pending, now.pending)) out.push(`${goal.path}: updates that are sent again`);
};

const compareResources = (goal: Start, start: Start, out: string[]): void => {
  const [wanted, found] = [goal, start].map((each) =>
    [...(each.started?.resources.resources ?? each.state.resources.resources)].map(resourceText).sort(),
  );
  const isSame =
    goal.state.resources.errors > 0
      ? wanted?.every((resource) => found?.includes(resource) === true)
      : isDeepStrictEqual(wanted, found);
  if (isSame !== true) out.push(`resources: ${wanted?.join('; ')}, now ${found?.join('; ')}`);
};

const differ = (what: string, wanted: unknown, found: unknown, out: string[]): void => {
  if (wanted !== found) out.push(`${what}: ${String(wanted)}, now ${String(found)}`);
};

/** Compares things with the same id; the agent lists them in no order. */
const pairs = <T extends { readonly id: string }>(
  what: string,
  wanted: readonly T[],
  found: readonly T[],
  out: string[],
  compare: (wanted: T, found: T) => void,
): void => {
  const left = new Map(found.map((each) => [each.id, each]));
  for (const each of wanted) {
    const other = left.get(each.id);
    if (other === undefined) out.push(`${what} ${each.id} is gone`);
    else compare(each, other);
    left.delete(each.id);
  }
  for (const id of left.keys()) out.push(`${what} ${id} is new`);
};
