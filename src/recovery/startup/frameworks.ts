import { fileIn } from '../../layout/kinds.ts';
import { abort, type Context, type Stop } from '../context.ts';
import { isReachable } from '../pid.ts';
import type { RecoveredAgent, RecoveredExecutor, RecoveredFramework, RecoveredRun } from '../state/recovered.ts';
import type { Connection, ExecutorOutcome, FrameworkOutcome } from './outcome.ts';
import { recoverTasks } from './tasks.ts';

/** What becomes of the frameworks and their executors: `Slave::recoverFramework` for each. */
export const recoverFrameworks = (
  context: Context,
  agent: RecoveredAgent,
  stops: Stop[],
): readonly FrameworkOutcome[] => {
  checkFrameworkIds(context, agent.frameworks.filter(hasExecutors), stops);
  return agent.frameworks.map((framework) => recoverFramework(context, framework, stops));
};

const hasExecutors = ({ executors, ordinary }: RecoveredFramework): boolean =>
  executors.length > 0 || ordinary.length > 0;

/**
 * The agent knows frameworks by the ids in their infos, and checks that it does not know yet what it finds in a folder.
 * Which of two it takes first, no tree tells; in the other order one takes the place of the other, without a word.
 */
const checkFrameworkIds = (context: Context, frameworks: readonly RecoveredFramework[], stops: Stop[]): void => {
  const folders = new Set(frameworks.map(({ id }) => id));
  for (const { id, info, path } of frameworks) {
    const own = info?.id?.value ?? id;
    if (own === id || !folders.has(own)) continue;
    context.report(
      'framework-id-taken',
      { path: fileIn(path, 'framework.info') },
      `its id in the file is '${own}', which is another framework's here`,
    );
    abort(context, stops, 'Check failed: !frameworks.contains(state.id) ');
  }
};

const recoverFramework = (context: Context, framework: RecoveredFramework, stops: Stop[]): FrameworkOutcome => {
  const path = fileIn(framework.path, 'framework.info');
  const { ordinary } = framework;
  if (!hasExecutors(framework)) {
    if (framework.pid !== undefined) {
      context.report('framework-without-executors', { path: framework.path }, 'no executor of the framework is here');
    }
    return { id: framework.id, action: 'removed', executors: [], ordinary: [] };
  }
  const { info } = framework;
  if (info?.id === undefined) {
    context.report('framework-without-id', { path }, "the framework has no id in it; the agent gives it its folder's");
  }
  if (info?.checkpoint !== true) {
    context.report('framework-not-checkpointing', { path }, 'the framework does not checkpoint');
    abort(context, stops, 'Check failed: frameworkInfo.checkpoint() ');
    return { id: framework.id, action: 'removed', executors: [], ordinary: [] };
  }
  const executors = framework.executors.map((executor) => recoverExecutor(context, framework, executor, stops));
  const left =
    executors.some((executor) => executor.action === 'recovered') || ordinary.some(({ completed }) => !completed);
  if (!left) {
    const ended = executors.every((executor) => executor.action === 'completed');
    context.report(
      'framework-removed',
      { path: framework.path },
      ended ? 'all its executors have ended' : 'none of its executors is left',
      ended ? { strict: 'note', nonStrict: 'note' } : undefined,
    );
  }
  return { id: framework.id, action: left ? 'recovered' : 'removed', executors, ordinary };
};

/** `Framework::recoverExecutor` */
const recoverExecutor = (
  context: Context,
  framework: RecoveredFramework,
  executor: RecoveredExecutor,
  stops: Stop[],
): ExecutorOutcome => {
  const base = { id: executor.id, path: executor.path };
  const skipped: ExecutorOutcome = {
    ...base,
    action: 'skipped',
    connection: null,
    tasks: new Map(),
    pending: new Map(),
  };
  if (executor.runs.size === 0 || executor.latest === undefined || executor.info === undefined) return skipped;
  const run = executor.runs.get(executor.latest);
  if (run === undefined) {
    abortWithoutRun(context, framework, executor, stops);
    return skipped;
  }
  const tasks = recoverTasks(context, executor, run, stops);
  return {
    ...base,
    action: run.completed ? 'completed' : 'recovered',
    connection: connectionOf(run),
    tasks,
    pending: new Map(),
  };
};

/** The check that fails where `latest` names a run that was not read. */
export const abortWithoutRun = (
  context: Context,
  framework: RecoveredFramework,
  executor: RecoveredExecutor,
  stops: Stop[],
): void => {
  context.report(
    'run-latest-names-no-run',
    { path: fileIn(executor.path, 'runs/latest') },
    `it names run ${executor.latest}, which is not there`,
  );
  abort(
    context,
    stops,
    `Cannot find latest run ${executor.latest} for executor ${executor.id} of framework ${framework.id}`,
  );
};

const connectionOf = (run: RecoveredRun): Connection => {
  if (run.http === undefined) return 'unknown';
  if (run.http || run.libprocessPid === undefined) return 'http';
  return isReachable(run.libprocessPid) ? 'pid' : 'pid-unparsable';
};
