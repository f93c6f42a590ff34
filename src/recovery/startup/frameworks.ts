import { alike } from '../../findings/entry.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { aborts, type Context } from '../context.ts';
import { isReachable } from '../pid.ts';
import type { RecoveredAgent, RecoveredExecutor, RecoveredFramework, RecoveredRun } from '../state/recovered.ts';
import type { Connection, ExecutorOutcome, FrameworkOutcome } from './outcome.ts';
import { RewrittenInfos } from './rewrite-infos.ts';
import { recoverTasks } from './tasks.ts';

/** What becomes of the frameworks and their executors: `Slave::recoverFramework` for each. */
export const recoverFrameworks = (context: Context, agent: RecoveredAgent): readonly FrameworkOutcome[] => {
  checkFrameworkIds(context, agent.frameworks.filter(hasExecutors));
  const rewritten = new RewrittenInfos(agent);
  return agent.frameworks.map((framework) => recoverFramework(context, framework, rewritten));
};

const hasExecutors = ({ executors, ordinary }: RecoveredFramework): boolean =>
  executors.length > 0 || ordinary.length > 0;

/**
 * The agent knows frameworks by the ids in their infos, and checks that it does not know yet what it finds in a folder.
 * Which of two it takes first, no tree tells; in the other order one takes the place of the other, without a word.
 */
const checkFrameworkIds = (context: Context, frameworks: readonly RecoveredFramework[]): void => {
  const folders = new Set(frameworks.map(({ id }) => id));
  for (const { id, info, path } of frameworks) {
    const own = info?.id?.value ?? id;
    if (own === id || !folders.has(own)) continue;
    const detail = `its id in the file is '${own}', which is another framework's here`;
    const stop = aborts('Check failed: !frameworks.contains(state.id) ');
    context.meet('framework-id-taken', { path: fileIn(path, 'framework.info') }, detail, stop);
  }
};

const recoverFramework = (
  context: Context,
  framework: RecoveredFramework,
  rewritten: RewrittenInfos,
): FrameworkOutcome => {
  const path = fileIn(framework.path, 'framework.info');
  const removed: FrameworkOutcome = { id: framework.id, action: 'removed', executors: [], ordinary: [] };
  const { info, ordinary } = framework;
  if (!hasExecutors(framework)) {
    if (framework.pid !== undefined) {
      context.meet('framework-without-executors', { path: framework.path }, 'no executor of the framework is here');
    }
    return removed;
  }
  if (info?.id === undefined) {
    context.meet('framework-without-id', { path }, "the framework has no id in it; the agent gives it its folder's");
  }
  if (info?.checkpoint !== true) {
    const stop = aborts('Check failed: frameworkInfo.checkpoint() ');
    context.meet('framework-not-checkpointing', { path }, 'the framework does not checkpoint', stop);
    return removed;
  }
  const executors = framework.executors.map((executor) => recoverExecutor(context, framework, executor, rewritten));
  for (const { id, latest } of ordinary) {
    if (!rewritten.concerns(id)) continue;
    rewritten.checkIds(context, framework, {
      path: `${framework.path}/${names.EXECUTORS}/${id}`,
      executor: id,
      run: latest,
    });
  }
  const isLeft =
    executors.some((executor) => executor.action === 'recovered') || ordinary.some(({ completed }) => !completed);
  if (!isLeft) meetRemoved(context, framework, executors);
  return { id: framework.id, action: isLeft ? 'recovered' : 'removed', executors, ordinary };
};

const meetRemoved = (context: Context, { path }: RecoveredFramework, executors: readonly ExecutorOutcome[]): void => {
  if (executors.every((executor) => executor.action === 'completed')) {
    context.meet('framework-removed', { path }, 'all its executors have ended', { severity: alike('note') });
  } else context.meet('framework-removed', { path }, 'none of its executors is left');
};

/** `Framework::recoverExecutor` */
const recoverExecutor = (
  context: Context,
  framework: RecoveredFramework,
  executor: RecoveredExecutor,
  rewritten: RewrittenInfos,
): ExecutorOutcome => {
  const base = { id: executor.id, path: executor.path, pending: new Map() };
  const skipped: ExecutorOutcome = { ...base, action: 'skipped', connection: null, tasks: new Map() };
  if (executor.runs.size === 0 || executor.latest === undefined || executor.info === undefined) return skipped;
  const run = executor.runs.get(executor.latest);
  if (run === undefined) {
    meetNoRun(context, framework, executor);
    return skipped;
  }
  const tasks = recoverTasks(context, executor, run);
  rewritten.write(context, framework, executor);
  return { ...base, action: run.completed ? 'completed' : 'recovered', connection: connectionOf(run), tasks };
};

/** Meets a `latest` that names a run which was not read: a check fails. */
export const meetNoRun = (context: Context, framework: RecoveredFramework, executor: RecoveredExecutor): void => {
  const { id, latest } = executor;
  const path = fileIn(executor.path, 'runs/latest');
  const stop = aborts(`Cannot find latest run ${latest} for executor ${id} of framework ${framework.id}`);
  context.meet('run-latest-names-no-run', { path }, `it names run ${latest}, which is not there`, stop);
};

const connectionOf = (run: RecoveredRun): Connection => {
  if (run.http === undefined) return 'unknown';
  if (run.http || run.libprocessPid === undefined) return 'http';
  return isReachable(run.libprocessPid) ? 'pid' : 'pid-unparsable';
};
