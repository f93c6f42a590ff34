import { alike } from '../../findings/entry.ts';
import { fileIn } from '../../layout/kinds.ts';
import { pathOf } from '../../layout/place.ts';
import { aborts, type Context, refuses } from '../context.ts';
import type { RecoveredAgent, RecoveredExecutor, RecoveredFramework, RecoveredRun } from '../state/recovered.ts';

/** How the agent starts and finds processes: `--launcher`. The POSIX launcher refuses a pid that occurs twice. */
export type Launcher = 'posix' | 'linux';

/** What the agent takes where nothing says otherwise: it runs as root, on a Linux with cgroups. */
export const DEFAULT_LAUNCHER: Launcher = 'linux';

/** Recovers the containers: `MesosContainerizerProcess::recover`, and the launcher's. */
export const recoverContainers = (
  context: Context,
  agent: RecoveredAgent,
  options: { readonly launcher: Launcher; readonly judgeSandboxes: boolean },
): void => {
  // Each containerizer looks at its own.
  const pids = { mesos: new Map<number, RecoveredRun>(), docker: new Map<number, RecoveredRun>() };
  for (const framework of agent.frameworks) {
    for (const executor of framework.executors) {
      const run = liveRun(executor);
      if (run === undefined) continue;
      const isMesos = isOfMesos(executor);
      if (isMesos && options.judgeSandboxes && run.found?.sandbox !== true) {
        const path = sandboxOf(agent, framework, executor, run);
        const stop = aborts('Check failed: os::exists(directory) ');
        context.meet('sandbox-missing', { path }, 'the sandbox of a live run is not there', stop);
      }
      if (isMesos) checkPid(context, run, pids.mesos, options.launcher === 'posix');
      else if (context.rules.dockerRefusesDuplicatePids) checkPid(context, run, pids.docker, true);
    }
  }
};

/** Whether the Mesos containerizer launched it: `MesosContainerizerProcess::recover` passes over what others did. */
const isOfMesos = ({ info }: RecoveredExecutor): boolean => (info?.container?.type ?? 'MESOS') === 'MESOS';

const sandboxOf = (
  { id: agent }: RecoveredAgent,
  { id: framework }: RecoveredFramework,
  { id: executor }: RecoveredExecutor,
  { id: run }: RecoveredRun,
): string => pathOf({ folder: 'run', isSandbox: true, agent, framework, executor, run });

/** The sandboxes that the Mesos containerizer looks for: of all live runs, whether or not they were seen. */
export const sandboxesLookedFor = (agent: RecoveredAgent): readonly string[] =>
  agent.frameworks.flatMap((framework) =>
    framework.executors.flatMap((executor) => {
      const run = isOfMesos(executor) ? liveRun(executor) : undefined;
      return run === undefined ? [] : [sandboxOf(agent, framework, executor, run)];
    }),
  );

/** The latest run of an executor, where it has a forked pid and is not completed. */
export const liveRun = (executor: RecoveredExecutor): RecoveredRun | undefined => {
  if (executor.info === undefined || executor.latest === undefined) return undefined;
  const run = executor.runs.get(executor.latest);
  return run === undefined || run.forkedPid === undefined || run.completed ? undefined : run;
};

/** What the Linux launcher does not mind is told all the same: a POSIX launcher would, and one of the pids is not right. */
const checkPid = (context: Context, run: RecoveredRun, pids: Map<number, RecoveredRun>, isRefused: boolean): void => {
  const { forkedPid: pid } = run;
  if (pid === undefined) return;
  const other = pids.get(pid);
  if (other === undefined) {
    pids.set(pid, run);
    return;
  }
  const location = { path: fileIn(run.path, 'forked.pid') };
  const message = `pid ${pid} is also in ${other.path}`;
  const stop = refuses(`Detected duplicate pid ${pid} for container ${run.id}`);
  if (isRefused) context.meet('duplicate-forked-pid', location, message, stop);
  else {
    const detail = `${message}; the agent would refuse to start with --launcher=posix`;
    context.meet('duplicate-forked-pid', location, detail, { ...stop, severity: alike('note') });
  }
};
