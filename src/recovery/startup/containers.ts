import { fileIn } from '../../layout/kinds.ts';
import { pathOf } from '../../layout/place.ts';
import { aborts, type Context, refuses } from '../context.ts';
import type { RecoveredAgent, RecoveredExecutor, RecoveredRun } from '../state/recovered.ts';

/** How the agent starts and finds processes: `--launcher`. The POSIX launcher refuses a pid that occurs twice. */
export type Launcher = 'posix' | 'linux';

/** Recovers the containers: `MesosContainerizerProcess::recover`, and the launcher's. */
export const recoverContainers = (
  context: Context,
  agent: RecoveredAgent,
  options: { readonly launcher: Launcher; readonly judgeSandboxes: boolean },
): void => {
  const pids = new Map<number, RecoveredRun>();
  for (const framework of agent.frameworks) {
    for (const executor of framework.executors) {
      const run = liveRun(executor);
      if (run === undefined) continue;
      const isMesos = (executor.info?.container?.type ?? 'MESOS') === 'MESOS';
      if (isMesos && options.judgeSandboxes && run.found?.sandbox !== true) {
        const ids = { agent: agent.id, framework: framework.id, executor: executor.id, run: run.id };
        const path = pathOf({ folder: 'run', isSandbox: true, ...ids });
        const stop = aborts('Check failed: os::exists(directory) ');
        context.meet('sandbox-missing', { path }, 'the sandbox of a live run is not there', stop);
      }
      const refusesTwice = isMesos ? options.launcher === 'posix' : context.rules.dockerRefusesDuplicatePids;
      if (refusesTwice && run.forkedPid !== undefined) checkPid(context, run, run.forkedPid, pids);
    }
  }
};

/** The latest run of an executor, where it has a forked pid and is not completed. */
export const liveRun = (executor: RecoveredExecutor): RecoveredRun | undefined => {
  if (executor.info === undefined || executor.latest === undefined) return undefined;
  const run = executor.runs.get(executor.latest);
  return run === undefined || run.forkedPid === undefined || run.completed ? undefined : run;
};

const checkPid = (context: Context, run: RecoveredRun, pid: number, pids: Map<number, RecoveredRun>): void => {
  const other = pids.get(pid);
  if (other === undefined) {
    pids.set(pid, run);
    return;
  }
  const path = fileIn(run.path, 'forked.pid');
  const stop = refuses(`Detected duplicate pid ${pid} for container ${run.id}`);
  context.meet('duplicate-forked-pid', { path }, `pid ${pid} is also in ${other.path}`, stop);
};
