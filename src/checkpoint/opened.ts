import type { CollectedAbout, CollectedTree } from '../source/collected/tree.ts';
import type { Tree } from '../source/links.ts';
import type { OddMemberAt } from './archive.ts';
import type { Level } from './level.ts';
import type { Manifest } from './manifest.ts';

/** A folder that was given, opened. */
export interface Opened {
  readonly tree: Tree;
  readonly level: Level;
  /** The given folder's path in the tree. */
  readonly path: string;
  /** Whether the tree is read where it lives on its agent: a link, the one who asks, or its boot id says so. */
  readonly inPlace: boolean;
  /** What it is read from: only a folder can be changed. */
  readonly from: 'folder' | 'archive' | 'memory';
  /** What a snapshot says of itself: host, time and boot id are those of then. */
  readonly manifest?: Manifest;
  /** What a host that was collected says of itself, and its boot id then. */
  readonly collected?: CollectedAbout & { readonly bootId: string | undefined };
  /** All of that host, of which the checkpoint is a part: standard input cannot be read again. */
  readonly collectedTree?: CollectedTree;
  /** Where the tree lives was said, here or by its manifest, not found out from its links. */
  readonly isPlaceGiven: boolean;
  /** The path on this machine of the work_dir that a folder is of, where its own path tells. */
  readonly place: string | undefined;
  /** Why something else is opened than what was given, a clause that names it; undefined where it is that. */
  readonly instead: string | undefined;
  /** Of an archive: members that replace others, and those that tar cannot unpack. */
  readonly oddMembers?: readonly OddMemberAt[];
}

/** Options of `openPath`. */
export interface OpenOptions {
  /**
   * The absolute path of the work_dir on its agent.
   * @default what the links in it say, or its manifest
   */
  readonly workDir?: string | undefined;
  /** The boot id of the machine that this runs on: a tree that holds it, and no link that says where it lives, is in place. */
  readonly ownBootId?: string | undefined;
  /**
   * Whether the tree is known to be read where it lives, under another path than its agent has for it: the `workDir`.
   * @default what the links in it, or the boot id, say
   */
  readonly inPlace?: boolean | undefined;
  /**
   * Whether only a whole checkpoint will do: where a part of one was given, all of it is opened.
   * @default false: the part alone is
   */
  readonly whole?: boolean | undefined;
  /**
   * Whether the folder is known to be a work_dir: one without a `meta` is then what it is, whatever lies below it.
   * @default false: a work_dir below it is opened
   */
  readonly isWorkDir?: boolean | undefined;
  /**
   * The most bytes of a checkpoint that are taken from an archive into memory.
   * @default 4 GiB
   */
  readonly maxSize?: number | undefined;
  /**
   * Whether large files in `meta` that no agent reads are taken from an archive, too: what copies or compares all of it
   * needs them.
   * @default false: a file of more than 1 MiB is passed over, and to open it is an error
   */
  readonly strays?: boolean | undefined;
  /**
   * The most bytes of one record that are brought into memory; what reads a larger one throws `RecordTooLarge`.
   * @default 1 GiB
   */
  readonly maxRecord?: number | undefined;
}

/** A PATH that is standard input. */
export const STANDARD_INPUT = '-';
