import { Environment } from '../../agent/flags/environment.ts';
import type { TracedText } from '../../agent/flags/origin.ts';
import { type Host, type Looked, textAt } from '../host.ts';
import { nulEnded } from '../nul-ended.ts';
import { agentCommand, pidsOf } from './signs.ts';

/** A process of the agent, as the kernel tells it. */
export interface AgentOfHost {
  readonly pid: number;
  readonly program: string;
  readonly args: readonly TracedText[];
  /** Undefined where it may not be read. */
  readonly environment: Environment | undefined;
  readonly looked: readonly Looked[];
}

/** The state of a process, and the one that started it: fields 3 and 4 of `stat`, behind a name that may hold anything. */
const statOf = (host: Host, pid: number): { readonly state: string; readonly parent: number } | undefined => {
  const stat = textAt(host, `/proc/${pid}/stat`);
  const [state = '', parent] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return stat === undefined ? undefined : { state, parent: Number(parent ?? 0) };
};

/** The agents that run on a host, by their pids; in a container of docker too, whose processes the host sees. */
export const findAgents = (host: Host): readonly AgentOfHost[] => {
  const found = pidsOf(host).flatMap((name) => {
    const [program, ...args] = agentCommand(host, name) ?? [];
    if (program === undefined) return [];
    const stat = statOf(host, Number(name));
    return stat?.state === 'Z' || stat?.state === 'X'
      ? []
      : [{ agent: agentOf(host, Number(name), program, args), parent: stat?.parent ?? 0 }];
  });
  const pids = new Set(found.map(({ agent }) => agent.pid));
  // A child that was forked and has not yet become another program looks like its parent.
  return found
    .filter(({ parent }) => !pids.has(parent))
    .map(({ agent }) => agent)
    .sort((a, b) => a.pid - b.pid);
};

const agentOf = (host: Host, pid: number, program: string, args: readonly string[]): AgentOfHost => {
  const commandLine = { place: `command line of pid ${pid}`, line: undefined };
  const origin = { place: `environment of pid ${pid}`, line: undefined };
  const text = textAt(host, `/proc/${pid}/environ`);
  const environment = text === undefined ? undefined : new Environment();
  for (const variable of nulEnded(text ?? '')) {
    const at = variable.indexOf('=');
    if (at > 0) environment?.set(variable.slice(0, at), { value: variable.slice(at + 1), origin, unknown: undefined });
  }
  return {
    pid,
    program,
    args: args.map((value) => ({ value, origin: commandLine, unknown: undefined })),
    environment,
    looked: [
      { place: commandLine.place, outcome: 'read' },
      { place: origin.place, outcome: text === undefined ? 'unseen' : 'read' },
    ],
  };
};
