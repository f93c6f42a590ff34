import { textOf } from '../../text/lossless.ts';
import { type Host, isUnseen } from '../host.ts';
import type { Looked } from './agent-flags.ts';
import { Environment, type Given } from './process.ts';
import { isAgentProgram } from './unwrap.ts';

/** A process of the agent, as the kernel tells it. */
export interface AgentOfHost {
  readonly pid: number;
  readonly program: string;
  readonly args: readonly Given[];
  /** Undefined where it may not be read. */
  readonly environment: Environment | undefined;
  readonly looked: readonly Looked[];
}

/** Texts that a NUL ends. */
const parts = (bytes: Buffer): readonly string[] => {
  const text = textOf(bytes);
  return (text.endsWith('\0') ? text.slice(0, -1) : text).split('\0');
};

const read = (host: Host, path: string): Buffer | undefined => {
  const bytes = host.read(path);
  return bytes === undefined || isUnseen(bytes) ? undefined : bytes;
};

/** The process that started a process: field 4 of `stat`, behind a name that may hold anything. */
const parentOf = (host: Host, pid: number): number | undefined => {
  const stat = read(host, `/proc/${pid}/stat`)?.toString('latin1');
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields?.[1] === undefined ? undefined : Number(fields[1]);
};

const isGone = (host: Host, pid: number): boolean => {
  const stat = read(host, `/proc/${pid}/stat`)?.toString('latin1');
  return stat !== undefined && /\) [ZX] /.test(stat.slice(stat.lastIndexOf(')')));
};

/** The agents that run on a host, by their pids; in a container of docker too, whose processes the host sees. */
export const findAgents = (host: Host): readonly AgentOfHost[] => {
  const names = host.list('/proc');
  if (names === undefined || isUnseen(names)) return [];
  const found = names.flatMap((name): AgentOfHost[] => {
    if (!/^[1-9][0-9]*$/.test(name)) return [];
    const bytes = read(host, `/proc/${name}/cmdline`);
    if (bytes === undefined || bytes.length === 0) return [];
    const [program = '', ...args] = parts(bytes);
    const pid = Number(name);
    return isAgentProgram(program) && !isGone(host, pid) ? [agentOf(host, pid, program, args)] : [];
  });
  const pids = new Set(found.map(({ pid }) => pid));
  // A child that was forked and has not yet become another program looks like its parent.
  return found.filter(({ pid }) => !pids.has(parentOf(host, pid) ?? 0)).sort((a, b) => a.pid - b.pid);
};

const agentOf = (host: Host, pid: number, program: string, args: readonly string[]): AgentOfHost => {
  const commandLine = { place: `command line of pid ${pid}`, line: undefined };
  const place = `environment of pid ${pid}`;
  const bytes = host.read(`/proc/${pid}/environ`);
  const isRead = bytes !== undefined && !isUnseen(bytes);
  const environment = isRead ? new Environment() : undefined;
  for (const variable of isRead ? parts(bytes) : []) {
    const at = variable.indexOf('=');
    const given = { value: variable.slice(at + 1), origin: { place, line: undefined }, unknown: undefined };
    if (at > 0) environment?.set(variable.slice(0, at), given);
  }
  return {
    pid,
    program,
    args: args.map((value) => ({ value, origin: commandLine, unknown: undefined })),
    environment,
    looked: [
      { place: commandLine.place, outcome: 'read' },
      { place, outcome: isRead ? 'read' : 'unseen' },
    ],
  };
};
