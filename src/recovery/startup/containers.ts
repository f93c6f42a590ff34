import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { abort, type Context, refuse, type Stop } from '../context.ts';
import type { RecoveredAgent, RecoveredExecutor, RecoveredFramework, RecoveredRun } from '../state/recovered.ts';

/** How the agent starts and finds processes: `--launcher`. The POSIX launcher refuses a pid that occurs twice. */
export type Launcher = 'posix' | 'linux';

/** Recovers the containers: `MesosContainerizerProcess::recover`, and the launcher's. */
export const recoverContainers = (
  context: Context,
  agent: RecoveredAgent,
  options: { readonly launcher: Launcher; readonly judgeSandboxes: boolean },
  stops: Stop[],
): void => {
  const pids = new Map<number, RecoveredRun>();
  for (const framework of agent.frameworks) {
    for (const executor of framework.executors) {
      const run = liveRun(executor);
      if (run === undefined) continue;
      const isMesos = (executor.info?.container?.type ?? 'MESOS') === 'MESOS';
      if (isMesos && options.judgeSandboxes && run.found?.sandbox !== true) {
        reportSandbox(context, agent, framework, executor, run);
        abort(context, stops, 'Check failed: os::exists(directory) ');
      }
      const refusesTwice = isMesos ? options.launcher === 'posix' : context.rules.dockerRefusesDuplicatePids;
      if (refusesTwice && run.forkedPid !== undefined) checkPid(context, run, run.forkedPid, pids, stops);
    }
  }
};

/** The latest run of an executor, where it has a forked pid and is not completed. */
export const liveRun = (executor: RecoveredExecutor): RecoveredRun | undefined => {
  if (executor.info === undefined || executor.latest === undefined) return undefined;
  const run = executor.runs.get(executor.latest);
  return run === undefined || run.forkedPid === undefined || run.completed ? undefined : run;
};

const reportSandbox = (
  context: Context,
  agent: RecoveredAgent,
  framework: RecoveredFramework,
  executor: RecoveredExecutor,
  run: RecoveredRun,
): void => {
  const path = [
    names.SLAVES,
    agent.id,
    names.FRAMEWORKS,
    framework.id,
    names.EXECUTORS,
    executor.id,
    names.RUNS,
    run.id,
  ].join('/');
  context.report('sandbox-missing', { path }, 'the sandbox of a live run is not there');
};

const checkPid = (
  context: Context,
  run: RecoveredRun,
  pid: number,
  pids: Map<number, RecoveredRun>,
  stops: Stop[],
): void => {
  const other = pids.get(pid);
  if (other === undefined) {
    pids.set(pid, run);
    return;
  }
  context.report(
    'duplicate-forked-pid',
    { path: fileIn(run.path, 'forked.pid') },
    `pid ${pid} is also in ${other.path}`,
  );
  refuse(context, stops, `Detected duplicate pid ${pid} for container ${run.id}`);
};
