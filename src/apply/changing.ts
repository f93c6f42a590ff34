import { hostname } from 'node:os';
import type { Opened } from '../checkpoint/open.ts';
import type { Target } from './journals.ts';
import type { Processes } from './lock.ts';
import { Refusal } from './refusal.ts';
import type { Ran, Watch } from './run.ts';
import { checkNobodyRuns } from './running.ts';
import { type HeldTree, targetOf, withTree } from './tree.ts';

/** How a tree is changed. All of it may be left out. */
export interface ChangeOptions {
  /** Change the tree although an agent runs on it, because it is known to be a copy; by default that is refused. */
  readonly force?: boolean | undefined;
  /** Stops the run between two steps that do not belong together; a later run goes on with what is left. */
  readonly signal?: AbortSignal | undefined;
  /** Is called behind each step with how many are done, and of how many. */
  readonly onStep?: ((done: number, of: number) => void) | undefined;
  /** Is told how many processes of other users could not be looked into: what they have open is not known. */
  readonly onUnseen?: ((processes: number) => void) | undefined;
  /** The proc file system of the host, in which agents are looked for; `/proc` by default. */
  readonly processes?: string | undefined;
}

/** What came of a run through the steps of a journal. */
export interface Changed extends Ran {
  /** The real path of the journal: `undoJournal` takes it back. */
  readonly journal: string;
  /** The same by the folder of journals of the tree; another path where the journal was made elsewhere. */
  readonly listed: string;
}

/** The tree that an opened checkpoint is of, where that is a folder of a whole one. */
export const changeable = ({ from, level, tree: { source } }: Opened): Target => {
  if (from === 'archive') throw archiveRefusal(source.name);
  if (from !== 'folder') throw new Refusal(`${source.name}: no folder, and only what is in one can be changed`);
  if (level !== 'work_dir' && level !== 'meta') {
    throw new Refusal(`${source.name}: the folder of one ${level}; expected the agent's work_dir, or its meta`);
  }
  return targetOf(source.name, level === 'meta');
};

/** An archive has to be unpacked to be changed. */
export const archiveRefusal = (path: string): Refusal =>
  new Refusal(
    `${path}: an archive; unpack it (tar -xpf) to change what is in it, or write the plan as a script for its host (--emit-sh FILE)`,
  );

/**
 * Looks for agents that run on a tree, and returns how many processes could not be looked into.
 * @throws Refusal that names the process
 */
export const refuseWhileRunning = (target: Target, { force, processes }: ChangeOptions): number =>
  force === true ? 0 : checkNobodyRuns(target, processesIn(processes));

/** Holds a tree that no agent runs on while it is changed. */
export const changing = async <T>(
  target: Target,
  options: ChangeOptions,
  change: (tree: HeldTree, watch: Watch) => Promise<T>,
): Promise<T> => {
  const unseen = refuseWhileRunning(target, options);
  if (unseen > 0) options.onUnseen?.(unseen);
  const { onStep, signal } = options;
  const processes = processesIn(options.processes);
  const watch: Watch = {
    pid: processes.pid,
    now: () => new Date(),
    onStep,
    shouldStop: () => signal?.aborted === true,
  };
  return withTree(target, processes, (tree) => change(tree, watch));
};

const processesIn = (folder = '/proc'): Processes => ({ folder, pid: process.pid, host: hostname() });
