import * as fs from 'node:fs';
import type { AgentPlace } from '../host/agent-places.ts';
import { showsAgent } from '../host/flags/signs.ts';
import { FolderHost } from '../host/folder.ts';
import type { Host } from '../host/host.ts';
import { trace } from '../program/trace.ts';

/** The work_dirs of this host's agents: looked for once, however many paths there are. */
let own: readonly AgentPlace[] | undefined;

/** The work_dirs of the agents of a host, this one where it is not given. */
export const agentPlaces = async (host: Host | undefined): Promise<readonly AgentPlace[]> => {
  if (host !== undefined) return placesOn(host);
  own ??= await placesOn(new FolderHost('/'));
  return own;
};

/** All that reads how an agent is started takes longer to load than most commands to run. */
const placesOn = async (host: Host): Promise<readonly AgentPlace[]> => {
  if (!showsAgent(host)) return [];
  const { placesOfAgents } = await import('../host/agent-places.ts');
  return placesOfAgents(host);
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
