/**
 * The files of a host: the one that this runs on, or a copy of its root elsewhere. Paths are absolute, as they are on
 * that host; links are followed within its root, never out of it. Nothing here writes, and nothing throws on what is not
 * there: a check has to tell "not there" from "could not be seen", so both are values.
 * What is asked of it, `contrib/collect.sh` has to collect: `test/host/collect-reads.long.test.ts` names what it does not.
 */

import type { CollectedAbout } from '../source/collected/tree.ts';
import type { Source } from '../source/source.ts';
import { textOf } from '../text/lossless.ts';

/** Why something could not be seen: `code` is the errno's name, `EACCES`. */
export interface Unseen {
  readonly code: string;
}

/** What is known of a file or folder of a host. */
export interface HostStat {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** The space of a file system, in bytes and inodes. */
export interface Space {
  readonly size: number;
  /** What anybody may use, as `df` shows it; root may use a little more. */
  readonly free: number;
  readonly inodes: number;
  readonly freeInodes: number;
}

/** A host to be looked at. */
export interface Host {
  /** The folder that stands for its `/`; `/` itself where this is the host. */
  readonly root: string;
  /** Whether it was looked at while it ran, by who ran on it: processes and the kernel could be asked. */
  readonly isOwn: boolean;
  /** Of a host that was collected, what it was called and when that was; undefined of a folder. */
  readonly about?: CollectedAbout | undefined;
  /**
   * A whole file, at most 16 MiB of it. `undefined` where it is not there, or is below what is no folder; `EISDIR` where
   * it is a folder, `EINVAL` where it is a device, a FIFO or a socket, which are never opened.
   */
  readonly read: (path: string) => Buffer | Unseen | undefined;
  /** The names in a folder, sorted. */
  readonly list: (path: string) => readonly string[] | Unseen | undefined;
  /** What a path leads to, links followed within the root. */
  readonly stat: (path: string) => HostStat | Unseen | undefined;
  /** What a link says, as it is written; `undefined` too where something is there that is no link. */
  readonly link: (path: string) => string | Unseen | undefined;
  /** The path of the host without links that a path leads to; `undefined` where it leads nowhere. */
  readonly real: (path: string) => string | undefined;
  /** The path on this machine that a path of the host leads to; `undefined` where it leads nowhere. */
  readonly local: (path: string) => string | undefined;
  /** A folder of a host that is nowhere on this machine; undefined where the path leads nowhere. `local` says so then, too. */
  readonly sourceAt?: ((path: string) => Source | undefined) | undefined;
  /** Whether a file that `read` does not show is known to be no script. */
  readonly isNoScript?: ((path: string) => boolean) | undefined;
  /** The file system that a path is on; `undefined` too where the root is a copy, which is on another one. */
  readonly space: (path: string) => Space | Unseen | undefined;
}

/** Whether an answer of a host says that it could not be seen. */
export const isUnseen = (answer: unknown): answer is Unseen =>
  typeof answer === 'object' && answer !== null && 'code' in answer && !Buffer.isBuffer(answer);

/**
 * Whether a root is that of a host that runs, with its processes: what is not there is missing then. What a copy of files does
 * not have may not have been copied.
 */
export const isRunningRoot = (host: Host): boolean => host.isOwn || host.stat('/proc/1') !== undefined;

/** The text of a file; undefined where it is not there, or may not be seen. */
export const textAt = (host: Host, path: string): string | undefined => {
  const bytes = host.read(path);
  return bytes === undefined || isUnseen(bytes) ? undefined : textOf(bytes);
};

/** The names in a folder; none where it is not there, or may not be seen. */
export const namesAt = (host: Host, path: string): readonly string[] => {
  const names = host.list(path);
  return names === undefined || isUnseen(names) ? [] : names;
};

/** A place that was looked at, and what came of it. */
export interface Looked {
  readonly place: string;
  readonly outcome: 'read' | 'absent' | 'unseen';
}

/** The text of a file, where it can be read; what came of looking is noted in `looked`. */
export const lookAt = (host: Host, path: string, looked: Looked[]): string | undefined => {
  const bytes = host.read(path);
  const isRead = bytes !== undefined && !isUnseen(bytes);
  looked.push({ place: path, outcome: isRead ? 'read' : bytes === undefined ? 'absent' : 'unseen' });
  return isRead ? textOf(bytes) : undefined;
};

/** So many programs has a system in one of these folders at least. */
const PROGRAMS = 100;
const OF_PROGRAMS = ['/bin', '/usr/bin'];

/**
 * Whether all of a host is there to be seen. Who copies what an agent needs, or makes a host up, has a few programs: what is
 * not there then may yet be on the host.
 */
export const isWhole = (host: Host): boolean => OF_PROGRAMS.some((folder) => namesAt(host, folder).length >= PROGRAMS);
