import { posix } from 'node:path';
import { flagValues } from '../agent/flags/values.ts';
import { LATEST_RELEASE } from '../agent/version.ts';
import { FolderSource } from '../source/folder.ts';
import { resolve } from '../source/links.ts';
import { AccessDenied } from '../source/source.ts';
import type { AgentFlags } from './flags/agent-flags.ts';
import { hostPathOf } from './flags/contained.ts';
import { readTextOf, resolveFlags } from './flags/resolve.ts';
import type { AgentOfHost } from './flags/running.ts';
import { readStart } from './flags/start.ts';
import type { Host } from './host.ts';

/** Where an agent of a host has its work_dir. */
export interface AgentPlace {
  /** What the agent calls it: where it is in a container, another path than on the host. */
  readonly inside: string;
  /** Paths on this machine that lead there, the surest first; some may lead nowhere. */
  readonly local: readonly string[];
}

/** The work_dirs of the agents of a host, those that run and the one that is configured. A usual place is none. */
export const placesOfAgents = (host: Host): readonly AgentPlace[] => {
  const start = readStart(host);
  const container = start.agent?.container;
  const workDirIn = (flags: AgentFlags): string | undefined => {
    const value = flagValues(flags, LATEST_RELEASE, readTextOf(host, container))('work_dir');
    return value.kind === 'set' ? value.value : undefined;
  };
  /** The flags of a start in which some of what runs is left out. */
  const flagsOf = (agent: typeof start.agent, running: readonly AgentOfHost[]): AgentFlags =>
    resolveFlags({ ...start, agent, running }, { version: LATEST_RELEASE }, readTextOf(host, container));
  const configured = start.agent === undefined ? undefined : workDirIn(flagsOf(start.agent, []));
  const onHost = (inside: string): readonly string[] => {
    const path = hostPathOf(inside, container);
    const local = path === undefined ? undefined : host.local(path);
    return local === undefined ? [] : [local];
  };
  return [
    ...start.running.flatMap((agent) => {
      const inside = workDirIn(flagsOf(undefined, [agent]));
      return inside === undefined ? [] : [{ inside, local: [...asSeenBy(host, agent, inside), ...onHost(inside)] }];
    }),
    ...(configured?.startsWith('/') === true ? [{ inside: configured, local: onHost(configured) }] : []),
  ];
};

/**
 * A path as a process sees it: from its own root, where its links lead about, or, a relative one, from the folder that it is
 * in.
 */
const asSeenBy = (host: Host, { pid }: AgentOfHost, inside: string): readonly string[] => {
  if (!host.isOwn || host.about !== undefined) return [];
  const own = posix.join(host.root, `proc/${pid}`);
  if (!inside.startsWith('/')) return [posix.join(own, 'cwd', inside)];
  try {
    const found = resolve({ source: new FolderSource(`${own}/root`), home: '/' }, inside.slice(1));
    return found.kind === 'found' ? [posix.join(own, 'root', found.path)] : [];
  } catch (error) {
    if (!(error instanceof AccessDenied)) throw error;
    return [];
  }
};
