import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { codeOf } from './refusal.ts';

/**
 * What a file has besides its bytes. Node knows neither extended attributes nor times of a nanosecond, so where they are
 * needed, `cp` and `touch` of coreutils are asked. They are handed open files, never paths.
 */

const PERMISSIONS = 0o7777;

/**
 * Gives a new file what another has: owner, group, mode, times, access control lists and extended attributes. Returns
 * what could not be given, in words; undefined where all could.
 */
export const copyAttributes = (from: number, to: number): string | undefined => {
  const { uid, gid, mode, atimeMs, mtimeMs } = fs.fstatSync(from);
  give(to, { uid, gid, mode });
  fs.futimesSync(to, atimeMs / 1000, mtimeMs / 1000);
  const { error, status, stderr } = spawnSync(
    'cp',
    // The second one makes a loss of extended attributes an error, where `all` alone passes over it.
    ['--attributes-only', '--preserve=all', '--preserve=xattr', '--', '/proc/self/fd/3', '/proc/self/fd/4'],
    { stdio: ['ignore', 'ignore', 'pipe', from, to], encoding: 'utf8' },
  );
  if (error === undefined && status === 0) return undefined;
  const why = error === undefined ? (stderr.split('\n', 1)[0] ?? '') : 'there is no cp of coreutils';
  return `its extended attributes and the digits of its times behind the microsecond were not carried over: ${why}`;
};

/** Who owns a new file, and who may do what with it. */
export interface Ownership {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** Gives an open file or folder owner, group and mode. */
export const give = (descriptor: number, { uid, gid, mode }: Ownership): void => {
  const own = fs.fstatSync(descriptor);
  // Not asked for where it is so already: who is not root may not, and need not.
  if (own.uid !== uid || own.gid !== gid) fs.fchownSync(descriptor, uid, gid);
  // After the owner, because a change of that takes bits away.
  fs.fchmodSync(descriptor, mode & PERMISSIONS);
};

/** An open folder, and when it is to have been modified, in ns since 1970. */
export interface TimeToGive {
  readonly descriptor: number;
  readonly modified: bigint;
}

/** As many open files as one process is handed. */
const BATCH = 64;
const FIRST_HANDED = 3;

/** How many folders did not get their times back. */
export interface Missed {
  /** To the microsecond only. */
  readonly inexact: number;
  /** Not at all: who is not root may not, of a folder that is another's. */
  readonly refused: number;
}

/** Gives open folders their times back. A time is not worth a failure: what could not be given is counted. */
export const giveTimes = (times: readonly TimeToGive[]): Missed => {
  const given = times.filter(giveTime);
  const inexact = given.filter(isMissed);
  for (let at = 0; at < inexact.length; at += BATCH) touch(inexact.slice(at, at + BATCH));
  return { inexact: inexact.filter(isMissed).length, refused: times.length - given.length };
};

const giveTime = ({ descriptor, modified }: TimeToGive): boolean => {
  const { atimeMs } = fs.fstatSync(descriptor);
  try {
    // To the microsecond, as Node can; in the middle of it, because the rest is cut off and a double is not exact.
    fs.futimesSync(descriptor, atimeMs / 1000, (Number(modified / 1000n) + 0.5) / 1e6);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'EPERM' && code !== 'EACCES' && code !== 'EROFS') throw error;
    return false;
  }
};

const isMissed = ({ descriptor, modified }: TimeToGive): boolean =>
  fs.fstatSync(descriptor, { bigint: true }).mtimeNs !== modified;

/** One shell for many folders, because a process is far slower than the call that it makes. */
const touch = (times: readonly TimeToGive[]): void => {
  const script = times
    .map(({ modified }, i) => `touch -c -m -d @${secondsText(modified)} /proc/self/fd/${FIRST_HANDED + i}`)
    .join('\n');
  spawnSync('sh', ['-c', script], {
    stdio: ['ignore', 'ignore', 'ignore', ...times.map(({ descriptor }) => descriptor)],
  });
};

/** `-5.500000001` and the like: nanoseconds as seconds. */
const secondsText = (ns: bigint): string => {
  const size = ns < 0n ? -ns : ns;
  return `${ns < 0n ? '-' : ''}${size / 1_000_000_000n}.${(size % 1_000_000_000n).toString().padStart(9, '0')}`;
};
