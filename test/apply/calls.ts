import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { afterAll, beforeAll, vi } from 'vitest';

/** The calls that leave something else on the disk; between two of them, it does not matter where a process is killed. */
const CHANGING = new Set([
  ...['writeSync', 'renameSync', 'linkSync', 'unlinkSync', 'mkdirSync', 'rmdirSync', 'symlinkSync', 'fchownSync'],
  ...['fchmodSync', 'lchownSync', 'futimesSync', 'fsyncSync', 'fdatasyncSync', 'spawnSync'],
]);
const LOOKING = ['openSync', 'fstatSync', 'lstatSync', 'readdirSync', 'readSync', 'readlinkSync', 'readFileSync'];
const ALSO_LOOKING = ['accessSync', 'statfsSync', 'realpathSync', 'statSync'];

const { O_CREAT } = fs.constants;

/** Makes the trees of a file's tests in memory, where there is enough of it: nobody waits for a disk there. */
export const inMemory = (): void => {
  beforeAll(() => {
    if (process.env['TMPDIR'] === undefined && isRoomy(MEMORY)) vi.stubEnv('TMPDIR', MEMORY);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });
};

/**
 * Makes this process fast while the tests of a file run. Nobody waits for the disk: what a process that is killed has
 * written is there, synced or not, and another test looks at whether all is synced in time. And there are no coreutils, as
 * on some hosts: the trees of these tests have times that Node can give.
 */
export const quickly = (): void => {
  const { fsyncSync, fdatasyncSync } = fs;
  const { spawnSync } = childProcess;
  const put = (instead: object, starting: object): void => {
    Object.assign(fs, instead);
    Object.assign(childProcess, starting);
    syncBuiltinESMExports();
  };
  inMemory();
  beforeAll(() => {
    const nothing = (): void => undefined;
    put({ fsyncSync: nothing, fdatasyncSync: nothing }, { spawnSync: () => ({ error: new Error('ENOENT') }) });
  });
  afterAll(() => {
    put({ fsyncSync, fdatasyncSync }, { spawnSync });
  });
};

const MEMORY = '/dev/shm';
const ENOUGH = 1024 ** 3;

const isRoomy = (folder: string): boolean => {
  try {
    const { bavail, bsize } = fs.statfsSync(folder);
    fs.accessSync(folder, fs.constants.W_OK);
    return bavail * bsize >= ENOUGH;
  } catch {
    return false;
  }
};

/** A process that is killed makes no further call. */
class Killed extends Error {
  constructor() {
    super('killed');
    this.name = 'Killed';
  }
}

/** What happens to a call: nothing, or what it throws. */
type Fate = (name: string, isChanging: boolean, args: readonly unknown[]) => void;

/** Runs something while each of its system calls is met by a fate first. */
export const meeting = async <T>(fate: Fate, use: () => Promise<T>): Promise<T> => {
  const modules = [fs, childProcess] as unknown as Record<string, (...args: unknown[]) => unknown>[];
  const restore: (() => void)[] = [];
  for (const each of modules) {
    for (const name of [...CHANGING, ...LOOKING, ...ALSO_LOOKING]) {
      const original = each[name];
      if (original === undefined) continue;
      restore.push(() => {
        each[name] = original;
      });
      const wrapped = (...args: unknown[]): unknown => {
        const isMaking = name === 'openSync' && typeof args[1] === 'number' && (args[1] & O_CREAT) !== 0;
        fate(name, CHANGING.has(name) || isMaking, args);
        return original(...args);
      };
      each[name] = Object.assign(wrapped, original);
    }
  }
  syncBuiltinESMExports();
  try {
    return await use();
  } finally {
    for (const each of restore) each();
    syncBuiltinESMExports();
  }
};

/** What is left of a write in the middle of which a process is killed. */
const writeHalf = (write: typeof fs.writeSync, args: readonly unknown[]): void => {
  const [descriptor, bytes, offset, length, position] = args as [number, Uint8Array, number, number, number | null];
  write(descriptor, bytes, offset, Math.floor(length / 2), position);
};

/** Counts the calls of something. */
export const countCalls = async (use: () => Promise<unknown>): Promise<{ all: number; changing: number }> => {
  let all = 0;
  let changing = 0;
  await meeting((_, isChanging) => {
    all++;
    if (isChanging) changing++;
  }, use);
  return { all, changing };
};

/**
 * Runs something that is killed at its changing call number `at`, from 0: it and all later calls do nothing, but that of
 * bytes that are being written half are. Whether it was killed, or came to its end before.
 */
export const killedAt = async (at: number, use: () => Promise<unknown>): Promise<boolean> => {
  let count = 0;
  let isKilled = false;
  try {
    const { writeSync } = fs;
    await meeting((name, isChanging, args) => {
      if (!isKilled && isChanging && count++ === at) {
        isKilled = true;
        if (name === 'writeSync') writeHalf(writeSync, args);
      }
      if (isKilled) throw new Killed();
    }, use);
    return isKilled;
  } catch (error) {
    if (isKilled) return true;
    throw error;
  }
};

/** Runs something of which call number `at`, from 0, fails with an errno, once or from then on. Gives what it threw. */
export const failingAt = async (
  at: number,
  code: string,
  use: () => Promise<unknown>,
): Promise<{ readonly hasFailed: boolean; readonly name: string; readonly error: unknown }> => {
  let count = 0;
  let failed = '';
  let error: unknown;
  try {
    await meeting((name) => {
      if (count++ !== at) return;
      failed = name;
      throw Object.assign(new Error(`${code}: injected, ${name}`), { code, syscall: name, errno: -1 });
    }, use);
  } catch (thrown) {
    error = thrown;
  }
  return { hasFailed: failed !== '', name: failed, error };
};
