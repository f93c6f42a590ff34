import type { Host } from './host.ts';

type Content = ReturnType<Host['read']>;

/** What was read of a host's command lines, by pid, until the processes are read. */
const readOf = new WeakMap<Host, Map<string, Content>>();

/**
 * The command line of a process, as `/proc` has it. Looking for agents reads that of every process, and reading the processes
 * each once more: it is kept for that.
 */
export const commandLine = (host: Host, pid: string): Content => {
  let read = readOf.get(host);
  if (read === undefined) {
    read = new Map();
    readOf.set(host, read);
  }
  if (!read.has(pid)) read.set(pid, contentOf(host, pid));
  return read.get(pid);
};

/** The command line of a process, of which nothing is kept then. */
export const takeCommandLine = (host: Host, pid: string): Content => {
  const read = readOf.get(host);
  if (read?.has(pid) !== true) return contentOf(host, pid);
  const content = read.get(pid);
  read.delete(pid);
  return content;
};

const contentOf = (host: Host, pid: string): Content => host.read(`/proc/${pid}/cmdline`);
