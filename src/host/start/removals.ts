import { posix } from 'node:path';
import type { Environment } from '../../agent/flags/environment.ts';
import type { Origin } from '../../agent/flags/origin.ts';
import { isAgentProgram } from '../../agent/program.ts';
import { type Host, namesAt } from '../host.ts';
import type { RunCommand } from '../shell/state.ts';
import type { UnitCommand } from '../systemd/service.ts';
import type { WorkDir } from '../work-dir.ts';
import { endedBy } from './ended.ts';
import { followCommand } from './follow.ts';
import { isHarmless } from './harmless.ts';
import { type CheckpointNames, isSure, removedBy } from './removed.ts';

/** What is run when the agent is started or stopped, as far as it takes the checkpoint or the executors away. */
export interface Removal {
  /**
   * `removes`: the checkpoint, or what leads to it. `sandboxes`: what the tasks have written. `cleans-up`: an agent with
   * --recover=cleanup. `ends`: executors, or the agent in a way that ends them. `untold`: what it does is not known.
   */
  readonly kind: 'removes' | 'sandboxes' | 'cleans-up' | 'ends' | 'untold';
  /** Why it may not do so: it is under a condition that cannot be decided, or what it is given is not known. */
  readonly doubt: string | undefined;
  /** The command, as it would be run. */
  readonly command: string;
  readonly origin: Origin;
}

/** What a unit and its scripts run takes away of a work_dir. */
export const readRemovals = (
  host: Host,
  { commands, environment }: { readonly commands: readonly UnitCommand[]; readonly environment: Environment },
  workDir: WorkDir | undefined,
): readonly Removal[] => {
  const names = namesOf(host, workDir);
  const seen = new Set<string>();
  return commands
    .flatMap(({ isMain, isOfOther = false, ...command }) => {
      const all = followCommand(host, { ...command, doubt: command.doubt, input: undefined }, environment);
      // The agent itself is not beside itself.
      const own = all.findLastIndex((each) => isAgentProgram(each.command.words[0]?.value ?? ''));
      return all
        .filter((_, i) => !isMain || i !== own)
        .flatMap((each) => removalOf(host, each.command, each.unfollowed, names))
        .filter(({ kind }) => !isOfOther || kind !== 'untold');
    })
    .filter(({ origin, command, kind }) => {
      const key = JSON.stringify([origin, command, kind]);
      return !seen.has(key) && seen.add(key);
    });
};

/** The names that a work_dir goes by, and the folders of agents in it. */
const namesOf = (host: Host, workDir: WorkDir | undefined): CheckpointNames => {
  const paths = workDir === undefined ? [] : [workDir.path, workDir.real, workDir.inside];
  const workDirs = [...new Set(paths.map((path) => posix.normalize(path).replace(/(.)\/$/, '$1')))];
  const agents = workDir === undefined ? [] : namesAt(host, `${workDir.path}/meta/slaves`);
  const mount = workDir?.mount.known === true ? workDir.mount.value : undefined;
  return { workDirs, agents: agents.filter((name) => name !== 'latest'), device: mount?.device };
};

const removalOf = (
  host: Host,
  command: RunCommand,
  unfollowed: string | undefined,
  names: CheckpointNames,
): readonly Removal[] => {
  const written = command.words.map(({ value }) => value).join(' ');
  const made = (kind: Removal['kind'], doubt: string | undefined): readonly Removal[] => [
    { kind, doubt, command: written, origin: command.origin },
  ];
  if (unfollowed !== undefined) return made('untold', unfollowed);
  const ended = endedBy(command);
  if (ended !== undefined) return made('ends', ended.doubt ?? command.doubt);
  const removed = removedBy(host, command, names);
  if (removed === undefined) return [];
  if (removed === 'none')
    return isHarmless(command.words[0]?.value ?? '') ? [] : made('untold', 'what it does is not known');
  return made(removed.kind, isSure(removed) ? command.doubt : removed.doubt);
};
