import type { AgentContainer } from './docker.ts';
import { isInside } from './docker.ts';
import type { Process } from './process.ts';
import { agentsIn, type Processes } from './processes.ts';

/**
 * The process that a pid means to the agent that runs: the kernel numbers what is in a pid namespace anew, and a `forked.pid`
 * is of the agent's own. `'untold'` where the kernel is too old to tell which pids those are.
 */
export const processOfPid = (
  processes: Processes,
  container: AgentContainer | undefined,
  pid: number,
): Process | undefined | 'untold' => {
  if (container === undefined || container.hasHostPids === true) return processes.get(pid);
  if (container.hasHostPids === undefined) return 'untold';
  const [agent] = agentsIn(processes);
  const depth = agent?.pids?.length ?? 1;
  const named = [...processes.values()].filter(({ pids }) => pids?.[depth - 1] === pid);
  // Other containers have the same pids: what is in the agent's own, or below what started it there, is meant.
  return named.find((each) => isInside(each, container) || isBelow(each, agent, processes, depth));
};

/** Whether a process descends from the first process of the agent's namespace. */
const isBelow = (found: Process, agent: Process | undefined, processes: Processes, depth: number): boolean => {
  const above = new Set<number>();
  for (
    let at = agent;
    at !== undefined && (at.pids?.length ?? 1) >= depth && !above.has(at.pid);
    at = processes.get(at.parent)
  ) {
    above.add(at.pid);
  }
  const seen = new Set<number>();
  for (let at: Process | undefined = found; at !== undefined && !seen.has(at.pid); at = processes.get(at.parent)) {
    if (above.has(at.pid)) return true;
    seen.add(at.pid);
  }
  return false;
};
