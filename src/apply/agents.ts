import * as fs from 'node:fs';
import { isAgentProgram } from '../agent/program.ts';
import {
  type DiskPlace,
  extentOf,
  isWithin,
  type MountEntry,
  placeOn,
  readMountInfo,
  realPathOf,
} from '../source/mounts.ts';
import { bytesOf } from '../text/lossless.ts';
import type { Folder } from './folder.ts';
import { whyHidden } from './hidden.ts';
import type { Target } from './journals.ts';
import { codeOf } from './refusal.ts';
import { type OpenedFile, ShownProcess } from './shown-process.ts';

/** Processes that a tree must not be changed under: agents that were started on it, and what writes to its `meta`. */

/** A process, and why it counts. */
export interface RunningAgent {
  readonly pid: number;
  /** Its arguments, or its name where it has none. */
  readonly command: string;
  /** As a clause: `it was started with --work_dir=/var/lib/mesos`. */
  readonly why: string;
  /** Whether it is one of this tree; else it may be, as it does not show all that would tell. */
  readonly isSure: boolean;
}

/** What was seen of the processes of a host. */
export interface Seen {
  /** The sure ones first. */
  readonly agents: readonly RunningAgent[];
  /** How many processes did not show what they have open, because they are another user's. */
  readonly unseen: number;
  /** Why there may be an agent among what is not shown at all, as a clause; undefined where every process has a name. */
  readonly hidden: string | undefined;
}

/** Where processes are looked for. */
export interface ProcessFolder {
  /** `/proc`. */
  readonly folder: string;
  /** This process: it is none of them. */
  readonly pid: number;
}

/** Looks through all processes for those that a tree must not be changed under. */
export const runningAgents = (target: Target, root: Folder, { folder, pid }: ProcessFolder): Seen => {
  const look = new Look(target, root, folder);
  const all = fs
    .readdirSync(folder)
    .filter((name) => /^\d+$/.test(name) && Number(name) !== pid)
    .map((name) => new ShownProcess(folder, Number(name)))
    .filter(({ hasEnded }) => !hasEnded);
  const agents = all.flatMap((shown) => look.at(shown) ?? []);
  const nameless = all.filter(({ isNameless }) => isNameless).length;
  const noNames = nameless === 0 ? undefined : `${nameless} of the processes here do not show what they are`;
  return {
    agents: [...agents.filter(({ isSure }) => isSure), ...agents.filter(({ isSure }) => !isSure)],
    unseen: all.filter(({ isWhole }) => !isWhole).length,
    hidden: whyHidden(folder) ?? noNames,
  };
};

type Reason = Pick<RunningAgent, 'why' | 'isSure'>;

class Look {
  readonly #target: Target;
  readonly #root: Folder;
  readonly #meta: string;
  /** What this process has mounted. */
  readonly #mounts: readonly MountEntry[];
  readonly #extent: readonly DiskPlace[];

  constructor(target: Target, root: Folder, folder: string) {
    this.#target = target;
    this.#root = root;
    this.#meta = `${target.workDir}/${target.meta}`;
    this.#mounts = readMountInfo(`${folder}/self/mountinfo`);
    this.#extent = extentOf(this.#mounts, this.#meta);
  }

  at(shown: ShownProcess): RunningAgent | undefined {
    const { pid, args, name } = shown;
    const asAgent = isAgent(shown) ? this.#asAgent(shown) : undefined;
    const reason = asAgent?.isSure === true ? asAgent : (this.#asWriter(shown) ?? asAgent);
    return reason === undefined ? undefined : { pid, command: args.length > 0 ? args.join(' ') : name, ...reason };
  }

  /** Whether an agent is one of this tree; one that does not show its work_dir may be. */
  #asAgent(shown: ShownProcess): Reason | undefined {
    const flag = flagOf(shown.args);
    const environment = flag === undefined ? shown.environment() : [];
    if (environment === 'unseen') {
      const why = 'it is an agent, and its environment, which may tell its work_dir, cannot be read';
      return { why, isSure: false };
    }
    const value = flag ?? environmentOf(environment ?? []);
    const workDir = value === undefined ? undefined : flagValue(value, shown);
    if (workDir === undefined) return undefined;
    if (workDir === 'unseen') return { why: `it is an agent, and ${value} cannot be read`, isSure: false };
    const isTree = this.#isTree(workDir, shown);
    if (isTree === 'unseen') {
      return { why: `it is an agent with the work_dir ${workDir}, and where that is cannot be seen`, isSure: false };
    }
    return isTree ? { why: `it is an agent with the work_dir ${workDir}`, isSure: true } : undefined;
  }

  /** An agent may live in a container, in which the path is another, or in a folder from which it is relative. */
  #isTree(workDir: string, shown: ShownProcess): boolean | 'unseen' {
    const isAbsolute = workDir.startsWith('/');
    const folder = isAbsolute ? '' : shown.folder();
    if (folder === undefined || folder === 'unseen') return folder ?? false;
    const path = isAbsolute ? workDir : `${folder}/${workDir}`;
    const seen = shown.statOf(path);
    if (seen !== undefined && seen !== 'unseen') return seen.dev === this.#root.device && seen.ino === this.#root.inode;
    if ((realPathOf(path) ?? path.replace(/\/+$/, '')) === this.#target.workDir) return true;
    return seen === 'unseen' && !this.#seesTheSame(shown) ? 'unseen' : false;
  }

  /** Whether paths of a process are paths of this one: mounts of another namespace have other numbers. */
  #seesTheSame(shown: ShownProcess): boolean {
    const own = new Set(this.#mounts.map(({ id }) => id));
    return shown.mounts().some(({ id }) => own.has(id));
  }

  /** What has a file of `meta` open for writing; an executor writes to its sandbox, and a backup reads. */
  #asWriter(shown: ShownProcess): Reason | undefined {
    for (const file of shown.filesForWriting()) {
      if (this.#isInMeta(file, shown)) return { why: `it has ${file.path} open for writing`, isSure: true };
    }
    return undefined;
  }

  /** Its path tells; and in a container, or by a bind mount, where its mount has it on the disk. */
  #isInMeta({ path, mount: id, at }: OpenedFile, shown: ShownProcess): boolean {
    if (path.startsWith(`${this.#meta}/`)) return true;
    const mount = [...this.#mounts, ...shown.mounts()].find((each) => each.id === id);
    if (mount !== undefined) return isWithin(placeOn(mount, path), this.#extent);
    // Where no mounts are told: the same path below the tree has the same file.
    const inside = path.indexOf('/meta/');
    if (inside < 0) return false;
    const [own, here] = [at, `${this.#meta}/${path.slice(inside + '/meta/'.length)}`].map(statAt);
    return own !== undefined && here !== undefined && own.dev === here.dev && own.ino === here.ino;
  }
}

const statAt = (path: string): fs.BigIntStats | undefined => {
  try {
    return fs.statSync(bytesOf(path), { bigint: true });
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
};

/**
 * An agent by the name that it was started under, or by that of its executable; a script that starts one has it as its
 * second argument. What runs an agent in itself, such as an emulator or a debugger, has it among its arguments, and its flags
 * behind it.
 */
const isAgent = ({ args, name, program }: ShownProcess): boolean => {
  if ([...args.slice(0, 2), name, program].some(isAgentProgram)) return true;
  const at = args.findIndex(isAgentProgram);
  return at >= 0 && flagOf(args.slice(at)) !== undefined;
};

/** The last of `--work_dir=X` and `--work_dir X`. */
const flagOf = (args: readonly string[]): string | undefined => {
  const at = args.findLastIndex((arg) => /^--work[_-]dir(=|$)/.test(arg));
  const arg = args[at];
  if (arg === undefined) return undefined;
  return arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : args[at + 1];
};

const environmentOf = (environment: readonly string[]): string | undefined => {
  const found = environment.find((each) => /^MESOS_WORK_DIR=/i.test(each));
  return found?.slice(found.indexOf('=') + 1);
};

/** A flag may name a file that holds its value. */
const flagValue = (value: string, shown: ShownProcess): string | undefined => {
  if (!value.startsWith('file://')) return value;
  return shown.textOf(value.slice('file://'.length))?.trim();
};
