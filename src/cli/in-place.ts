import * as fs from 'node:fs';
import { type AgentPlace, placesOfAgents } from '../host/agent-places.ts';
import { FolderHost } from '../host/folder.ts';
import type { Host } from '../host/host.ts';
import { trace } from '../program/trace.ts';

/** The work_dirs of this host's agents: looked for once, however many paths there are. */
let own: readonly AgentPlace[] | undefined;

/** The work_dirs of the agents of a host, this one where it is not given. */
export const agentPlaces = (host: Host | undefined): readonly AgentPlace[] => {
  if (host !== undefined) return placesOfAgents(host);
  own ??= placesOfAgents(new FolderHost('/'));
  return own;
};

/**
 * What the agent that has its work_dir in this folder, under whatever path, calls it; undefined where none has. A path of
 * the same name on another file system is another folder.
 */
export const nameForAgent = (places: readonly AgentPlace[], folder: string): string | undefined => {
  const identity = identityOf(folder);
  if (identity === undefined) return undefined;
  const found = places.find(({ local }) => local.some((path) => identityOf(path) === identity));
  trace('agents of the host', () => ({ folder, workDir: found?.inside }));
  return found?.inside.startsWith('/') === true ? found.inside : undefined;
};

/** The file system and the inode of a folder. */
const identityOf = (folder: string): string | undefined => {
  try {
    const { dev, ino } = fs.statSync(folder, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
};
