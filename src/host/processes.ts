import { isAgentProgram } from '../agent/program.ts';
import { advance, during } from '../program/progress.ts';
import type { Clock } from './clock.ts';
import type { Host } from './host.ts';
import { isUnseen } from './host.ts';
import { ifKnown, type Known, known, unknown, unseen } from './known.ts';
import { type Process, readProcess, withPids } from './process.ts';

/** The host's processes by pid, threads of the kernel left out. */
export type Processes = ReadonlyMap<number, Process>;

/** What the first pid namespace, the host's own, is called by every Linux (`PROC_PID_INIT_INO`). */
const HOST_PID_NAMESPACE = 'pid:[4026531836]';

/** Reads all processes of a host. What is not seen for sure is not known: a pid that is not listed is then not dead. */
export const readProcesses = (host: Host, clock: Clock): Known<Processes> => {
  const names = host.list('/proc');
  if (isUnseen(names)) return unseen('/proc', names);
  const pids = (names ?? []).filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
  if (pids.length === 0) return unknown('/proc shows no processes: a disk that is only mounted has none');
  if (!pids.includes(1)) return unknown('/proc hides the processes of others (hidepid)', true);
  const namespace = host.isOwn ? host.link('/proc/self/ns/pid') : undefined;
  if (typeof namespace === 'string' && namespace !== HOST_PID_NAMESPACE) {
    return unknown(
      "this runs in a container, which does not see the host's processes; give it the host's pid namespace",
    );
  }
  return during('reading processes', pids.length, () => readAll(host, pids, clock));
};

const readAll = (host: Host, pids: readonly number[], clock: Clock): Known<Processes> => {
  const processes = new Map<number, Process>();
  for (const pid of pids) {
    advance();
    const read = readProcess(host, pid, ifKnown(clock.booted));
    // One that is not seen may be any: the agent, or the executor that is looked for.
    if (!read.known) return read;
    const found = read.value;
    if (found !== undefined && (found.command.length > 0 || found.state === 'Z')) processes.set(pid, found);
  }
  return known(withNamespaces(host, processes));
};

/** Which pids the processes have in namespaces matters where an agent is in one of its own. */
const withNamespaces = (host: Host, processes: Processes): Processes => {
  const all = new Map(processes);
  for (const agent of agentsIn(processes)) all.set(agent.pid, withPids(host, agent));
  const isInside = agentsIn(all).some(({ pids }) => pids !== undefined && pids.length > 1);
  if (isInside) for (const [pid, process] of processes) all.set(pid, withPids(host, process));
  return all;
};

/** The agents that run: their own processes, not those that start them. */
export const agentsIn = (processes: Processes): readonly Process[] =>
  [...processes.values()].filter(({ state, command }) => state !== 'Z' && isAgentProgram(command[0] ?? ''));
