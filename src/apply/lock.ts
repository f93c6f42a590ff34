import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import type { Folder } from './folder.ts';
import { readText, writeNew } from './log.ts';
import { codeOf, problemText, Refusal } from './refusal.ts';

/**
 * One mesos-ckpt at a time changes a tree. Each that wants to puts a file with a name of its own into the folder of
 * journals, and then looks for others': of two, the one that came later sees the other, and gives way (where they came
 * at once, both do). A file whose process is gone holds nobody up. No file is ever taken over, so that there is no
 * moment at which two could take the same one.
 */

/** Who holds a lock. */
export interface Holder {
  readonly pid: number;
  /** When the process was started, in ticks since boot: a pid is given out again, this is not. */
  readonly started: string;
  /** The kernel's boot id: after a reboot, every process is another. */
  readonly bootId: string;
  readonly host: string;
  /** The namespace that the pid is of, as `/proc/self/ns/pid` has it. */
  readonly namespace: string;
  /** The namespace of its clocks, as `/proc/self/ns/time` has it; '' on kernels without. `started` is by these clocks. */
  readonly timeNamespace?: string | undefined;
}

/** Where processes are looked at, and who this one is. */
export interface Processes {
  /** `/proc`. */
  readonly folder: string;
  readonly pid: number;
  readonly host: string;
}

const PREFIX = 'lock-';

/** This process, as the others will see it. */
const holderOf = ({ folder, pid, host }: Processes): Holder => ({
  pid,
  started: startOf(folder, pid) ?? '',
  bootId: firstLine(`${folder}/sys/kernel/random/boot_id`),
  host,
  namespace: linkOf(`${folder}/self/ns/pid`),
  timeNamespace: linkOf(`${folder}/self/ns/time`),
});

const firstLine = (path: string): string => {
  try {
    return fs.readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
};

const linkOf = (path: string): string => {
  try {
    return fs.readlinkSync(path);
  } catch {
    return '';
  }
};

/** When a process was started; undefined where there is none, or only what its parent has not yet taken note of. */
const startOf = (folder: string, pid: number): string | undefined => {
  const stat = firstLine(`${folder}/${pid}/stat`);
  // The second field is a name in brackets, which may hold anything.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return stat === '' || state === 'Z' || state === 'X' ? undefined : rest[18];
};

/** Whether the holder of a lock still runs; undefined where that cannot be told from here. */
const isAlive = (holder: Holder, own: Holder, folder: string): boolean | undefined => {
  if (holder.bootId !== own.bootId) return holder.host === own.host ? false : undefined;
  if (holder.namespace !== own.namespace) return undefined;
  const started = startOf(folder, holder.pid);
  if (started === undefined || (holder.timeNamespace ?? '') === own.timeNamespace) return started === holder.started;
  // By other clocks the same process has another start.
  return undefined;
};

/** A lock that is held. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock of a tree. Locks in its other folders of journals count too.
 * @throws Refusal where another mesos-ckpt holds it, or may do so
 */
export const takeLock = (base: Folder, processes: Processes, others: readonly Folder[] = []): Lock => {
  const own = holderOf(processes);
  const name = `${PREFIX}${own.pid}-${own.started}-${randomBytes(4).toString('hex')}`;
  try {
    // It appears whole: who sees it can read it.
    writeNew(base, `.${name}`, Buffer.from(`${JSON.stringify(own)}\n`));
    fs.renameSync(base.place(`.${name}`), base.place(name));
  } catch (error) {
    removeQuietly(base, `.${name}`);
    throw lockProblem(base, error);
  }
  // What cannot be taken away on the way out is a dead lock to the next run, and changes nothing in what was done.
  const lock = { release: (): void => removeQuietly(base, name) };
  try {
    for (const other of locksIn(base)) if (other !== name) checkOther(base, other, own, processes.folder);
    for (const each of others) for (const other of locksIn(each)) checkOther(each, other, own, processes.folder);
    return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
};

/** The folder of journals is gone again where another mesos-ckpt has just ended, and left nothing in it. */
export class BaseGone extends Error {}

const lockProblem = (base: Folder, error: unknown): unknown => {
  const code = codeOf(error);
  if (code === undefined) return error;
  if (code === 'ENOENT') return new BaseGone();
  return new Refusal(`nothing can be written in ${base.name}: ${problemText(error)}; nothing was changed`, {
    cause: error,
  });
};

const locksIn = (base: Folder): readonly string[] =>
  fs.readdirSync(base.place('.')).filter((name) => name.startsWith(PREFIX) || name.startsWith(`.${PREFIX}`));

/** Takes a dead lock away; its name will never be another's. */
const checkOther = (base: Folder, name: string, own: Holder, folder: string): void => {
  const holder = readHolder(base, name);
  if (holder === 'gone') return;
  const alive = holder === undefined ? undefined : isAlive(holder, own, folder);
  if (alive === false) {
    remove(base, name);
    return;
  }
  if (name.startsWith('.') && holder === undefined) {
    checkUnwritten(base, name, folder);
    return;
  }
  const who = holder === undefined ? 'somebody' : `process ${holder.pid} on ${holder.host}`;
  throw new Refusal(
    alive === true
      ? `another mesos-ckpt is changing this tree (${who}): wait until it is done`
      : `another mesos-ckpt may be changing this tree (${who}, which cannot be seen from here): ` +
          `where it is not, remove ${base.name}/${name}`,
  );
};

/** One that is being written holds nobody up: its writer will look for others when it has its name, and see this one. */
const checkUnwritten = (base: Folder, name: string, folder: string): void => {
  const [, , pid = '', started = ''] = /^(\.lock)-(\d+)-(\d*)-/.exec(name) ?? [];
  // A process that is there may have another start by its own clocks.
  const isThere = startOf(folder, Number(pid)) !== undefined;
  if (!isThere || (pid !== '' && sameClocks(folder, Number(pid)) && startOf(folder, Number(pid)) !== started)) {
    remove(base, name);
  }
};

/** Whether a process reads the clocks that this one reads; where that cannot be seen, it may not. */
const sameClocks = (folder: string, pid: number): boolean =>
  linkOf(`${folder}/${pid}/ns/time`) === linkOf(`${folder}/self/ns/time`);

const readHolder = (base: Folder, name: string): Holder | 'gone' | undefined => {
  const text = readText(base, name);
  if (text === undefined) return 'gone';
  try {
    const value = JSON.parse(text) as Holder;
    return Number.isSafeInteger(value.pid) && typeof value.host === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
};

const remove = (base: Folder, name: string): void => {
  try {
    fs.unlinkSync(base.place(name));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
};

/** What is tidied up on the way out of a failure must not hide it. */
const removeQuietly = (base: Folder, name: string): void => {
  try {
    remove(base, name);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
  }
};
