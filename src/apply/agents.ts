import * as fs from 'node:fs';
import { bytesOf, textOf } from '../text/lossless.ts';
import type { Folder } from './folder.ts';
import type { Target } from './journals.ts';
import { codeOf } from './refusal.ts';

/** Processes that a tree must not be changed under: agents that were started on it, and what writes to its `meta`. */

/** A process, and why it counts. */
export interface RunningAgent {
  readonly pid: number;
  /** Its arguments, or its name where it has none. */
  readonly command: string;
  /** As a clause: `it was started with --work_dir=/var/lib/mesos`. */
  readonly why: string;
}

/** What was seen of the processes of a host. */
export interface Seen {
  readonly agents: readonly RunningAgent[];
  /** How many processes did not show all that was asked for, because they are another user's. */
  readonly unseen: number;
}

/** Names of the agent's executable: of Mesos before and since 1.0, of its fork, and as libtool starts them. */
const AGENT = /^(lt-)?(mesos|clusterd)-(agent|slave)$/;

/** Where processes are looked for. */
export interface ProcessFolder {
  /** `/proc`. */
  readonly folder: string;
  /** This process: it is none of them. */
  readonly pid: number;
}

/** Looks through all processes for those that a tree must not be changed under. */
export const runningAgents = (target: Target, root: Folder, processes: ProcessFolder): Seen => {
  const look = new Look(target, root, processes);
  const agents = fs
    .readdirSync(processes.folder)
    .filter((name) => /^\d+$/.test(name) && Number(name) !== processes.pid)
    .flatMap((name) => look.at(Number(name)) ?? []);
  return { agents, unseen: look.unseen };
};

class Look {
  unseen = 0;
  readonly #target: Target;
  readonly #root: Folder;
  readonly #folder: string;

  constructor(target: Target, root: Folder, { folder }: ProcessFolder) {
    this.#target = target;
    this.#root = root;
    this.#folder = folder;
  }

  at(pid: number): RunningAgent | undefined {
    let isWhole = true;
    const tell = <T>(read: () => T): T | undefined => {
      try {
        return read();
      } catch (error) {
        const code = codeOf(error);
        if (code === undefined) throw error;
        // A process may end while it is looked at.
        if (code === 'EACCES' || code === 'EPERM') isWhole = false;
        return undefined;
      }
    };
    const at = `${this.#folder}/${pid}`;
    const args = splitZeros(tell(() => fs.readFileSync(`${at}/cmdline`)));
    const name = tell(() => fs.readFileSync(`${at}/comm`, 'utf8').trim()) ?? '';
    const isOne = isAgent(args, name) || isStartingOne(args);
    const why = (isOne ? this.#asAgent(at, args, tell) : undefined) ?? this.#asWriter(at, tell);
    if (!isWhole) this.unseen++;
    return why === undefined ? undefined : { pid, command: args.length > 0 ? args.join(' ') : name, why };
  }

  /** Whether an agent is one of this tree; one that does not show its work_dir is taken for it. */
  #asAgent(at: string, args: readonly string[], tell: <T>(read: () => T) => T | undefined): string | undefined {
    const flag = flagOf(args);
    const environment = flag === undefined ? tell(() => fs.readFileSync(`${at}/environ`)) : undefined;
    const value = flag ?? environmentOf(splitZeros(environment));
    if (value === undefined) {
      return environment === undefined
        ? 'it is an agent, and its environment, which may tell its work_dir, cannot be read'
        : undefined;
    }
    const workDir = fileValue(value, at, tell);
    return this.#isTree(workDir, at, tell) ? `it is an agent with the work_dir ${workDir}` : undefined;
  }

  /** An agent may live in a container, in which the path is another, or in a folder from which it is relative. */
  #isTree(workDir: string, at: string, tell: <T>(read: () => T) => T | undefined): boolean {
    const isAbsolute = workDir.startsWith('/');
    const cwd = isAbsolute ? '' : (tell(() => textOf(fs.readlinkSync(`${at}/cwd`, { encoding: 'buffer' }))) ?? '');
    const path = isAbsolute ? workDir : `${cwd}/${workDir}`;
    const seen = tell(() => fs.statSync(bytesOf(`${at}/root${path}`), { bigint: true }));
    if (seen !== undefined) return seen.dev === this.#root.device && seen.ino === this.#root.inode;
    const here = tell(() => textOf(fs.realpathSync(bytesOf(path), { encoding: 'buffer' })));
    return (here ?? path.replace(/\/+$/, '')) === this.#target.workDir;
  }

  /** What has a file of `meta` open for writing; an executor writes to its sandbox, and a backup reads. */
  #asWriter(at: string, tell: <T>(read: () => T) => T | undefined): string | undefined {
    const below = `${this.#target.workDir}/${this.#target.meta}/`;
    for (const name of tell(() => fs.readdirSync(`${at}/fd`)) ?? []) {
      const path = tell(() => textOf(fs.readlinkSync(`${at}/fd/${name}`, { encoding: 'buffer' })));
      if (path === undefined || !this.#isBelow(path, below, `${at}/fd/${name}`, tell)) continue;
      if (this.#isOpenForWriting(at, name, path)) return `it has ${path} open for writing`;
    }
    return undefined;
  }

  /** A file that is closed while it is looked at, or that has given its number to another by then, is open no more. */
  #isOpenForWriting(at: string, name: string, path: string): boolean {
    try {
      const info = fs.readFileSync(`${at}/fdinfo/${name}`, 'utf8');
      return isForWriting(info) && textOf(fs.readlinkSync(`${at}/fd/${name}`, { encoding: 'buffer' })) === path;
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined) throw error;
      return code !== 'ENOENT' && code !== 'ESRCH';
    }
  }

  /** Its path tells; where it is of a mount elsewhere, the same path below the tree has the same file. */
  #isBelow(path: string, below: string, descriptor: string, tell: <T>(read: () => T) => T | undefined): boolean {
    if (path.startsWith(below)) return true;
    const inside = path.indexOf('/meta/');
    if (inside < 0) return false;
    const own = tell(() => fs.statSync(bytesOf(descriptor), { bigint: true }));
    const here = tell(() => fs.lstatSync(bytesOf(below + path.slice(inside + '/meta/'.length)), { bigint: true }));
    return own !== undefined && here !== undefined && own.dev === here.dev && own.ino === here.ino;
  }
}

const splitZeros = (bytes: Buffer | undefined): readonly string[] => {
  if (bytes === undefined || bytes.length === 0) return [];
  const parts = textOf(bytes).split('\0');
  return parts.at(-1) === '' ? parts.slice(0, -1) : parts;
};

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** An agent by the name that it was started under; a script that starts one has it as its second argument. */
const isAgent = (args: readonly string[], name: string): boolean =>
  args.slice(0, 2).some((arg) => AGENT.test(baseName(arg))) || AGENT.test(name);

/** What runs an agent in itself, such as an emulator or a debugger, has it among its arguments, and its flags behind it. */
const isStartingOne = (args: readonly string[]): boolean => {
  const at = args.findIndex((arg) => AGENT.test(baseName(arg)));
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
const fileValue = (value: string, at: string, tell: <T>(read: () => T) => T | undefined): string => {
  if (!value.startsWith('file://')) return value;
  const path = value.slice('file://'.length);
  return tell(() => fs.readFileSync(bytesOf(`${at}/root${path}`), 'utf8'))?.trim() ?? path;
};

const ACCESS_MODE = 3;

/** Whether the flags of an open file, in octal, let it be written to. */
const isForWriting = (info: string): boolean => {
  const flags = /^flags:\s*([0-7]+)$/m.exec(info)?.[1];
  return flags === undefined || (Number.parseInt(flags, 8) & ACCESS_MODE) !== 0;
};
