/**
 * The files of a checkpoint as they were found: what is damaged is a value with its place, never an error.
 * Offsets and lengths are in bytes from the start of the file.
 */
import type { Damage, Ending } from '../format/records.ts';
import type { SpecialKind } from '../source/source.ts';

/** A file that is not there. */
export interface Absent {
  readonly kind: 'absent';
  /** It was there when its folder was listed, and gone when it was opened. */
  readonly vanished: boolean;
}

/** A file that is there (to `lstat`), and cannot be read. */
export interface Unreadable {
  readonly kind: 'unreadable';
  /** The errno's name, `EISDIR`. */
  readonly code: string;
  /** Whether opening it failed, or reading it. A folder opens for reading, and then fails to be read. */
  readonly step: 'open' | 'read';
  /** Where a link leads that leaves the tree; it was not followed. */
  readonly outside: string | undefined;
  /** What is there instead of a file, where that is why, and it is known. */
  readonly instead: 'folder' | 'empty folder' | SpecialKind | undefined;
  /** A link stands there, which led to that. */
  readonly linked: boolean;
}

/** Bytes behind the last record of a file that has one: the agent does not look at them. */
export interface Trailing {
  readonly offset: number;
  readonly length: number;
}

/** A file with one record, or what is wrong with it. */
export type RecordFile<T> =
  | Absent
  | Unreadable
  | { readonly kind: 'empty' }
  /** `announced` is undefined where the length itself is torn. */
  | {
      readonly kind: 'torn';
      readonly announced: number | undefined;
      readonly available: number;
      readonly size: number;
      readonly zeros: boolean;
    }
  | { readonly kind: 'oversized'; readonly announced: number }
  | { readonly kind: 'bad'; readonly damage: Damage; readonly size: number; readonly zeros: boolean }
  | {
      readonly kind: 'whole';
      readonly value: T;
      readonly size: number;
      readonly trailing: Trailing | undefined;
      readonly zeros: boolean;
    };

/** A file with a sequence of records, such as `resources.info`. */
export type SequenceFile<T> =
  | Absent
  | Unreadable
  | {
      readonly kind: 'records';
      readonly values: readonly T[];
      /** Where the record of each begins; the next one's beginning, or `end`, is where it ends. */
      readonly offsets: readonly number[];
      readonly size: number;
      readonly end: number;
      readonly ending: Ending;
      readonly zeros: boolean;
    };

/** A file of text. */
export type TextFile = Absent | Unreadable | { readonly kind: 'text'; readonly text: string; readonly zeros: boolean };

/** The text of a file, undefined where it has none. */
export const textIn = (file: TextFile): string | undefined => (file.kind === 'text' ? file.text : undefined);

/**
 * A link that was followed: what is changed at one of its places changes what the agent finds under its path. A `latest`
 * that leads to a name beside it is none.
 */
export interface FollowedLink {
  /** As the agent names it. */
  readonly path: string;
  /** Where the links are that it leads through, itself among them, no part of which is a link. */
  readonly through: readonly string[];
  /** Where it leads to, or where nothing is on the way; undefined where that is out of the tree, or in a circle. */
  readonly to: string | undefined;
}

/** What a `latest` link leads to. */
export type LatestLink =
  | Absent
  /** `name` is the last component of the real path. */
  | {
      readonly kind: 'found';
      readonly name: string;
      readonly path: string | undefined;
      readonly target: string | undefined;
    }
  | { readonly kind: 'dangling'; readonly target: string }
  | { readonly kind: 'unresolvable'; readonly code: string; readonly target: string | undefined }
  /**
   * It leaves the work_dir, so that the tree does not tell whether the agent finds something there. `beside` says that
   * what its last component names is in the link's own folder: the work_dir was moved, or the link made by hand.
   */
  | { readonly kind: 'outside'; readonly name: string; readonly target: string; readonly beside: boolean };

/** The name that a `latest` link leads to, in whatever place; undefined where it leads nowhere. */
export const latestName = (link: LatestLink): string | undefined => ('name' in link ? link.name : undefined);

/** A name in a folder where the agent puts none. */
export interface Stray {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

/** What is kept of the updates in a log, in the order of the records. */
export interface UpdateLog {
  readonly kind: 'log';
  readonly size: number;
  /** Offset behind the last record that the agent reads. */
  readonly end: number;
  readonly ending: Ending;
  readonly zeros: boolean;
  /** How many records were read. */
  readonly records: number;
  /** What is behind the end, as far as the lengths tell. */
  readonly lost: LostRecords;
  readonly updates: number;
  /** The updates' uuids, 16 bytes each, zeros where one is of another length; undefined where they were not kept. */
  readonly updateUuids: Buffer | undefined;
  /** One bit an update, the lowest first: its uuid is among the acknowledged ones. */
  readonly acknowledged: Uint8Array;
  /** The updates' states, as numbers in the schema. */
  readonly states: Uint8Array;
  /** The acknowledged uuids, 16 bytes each, in the order of the records; undefined where they were not kept. */
  readonly ackUuids: Buffer | undefined;
  /** By number of update (from 0): the task that it is of, where that is not the log's. */
  readonly otherTasks: ReadonlyMap<number, string> | undefined;
  /** By number of update (from 0): its uuid, where that is not 16 bytes long. */
  readonly otherUuids: ReadonlyMap<number, Buffer> | undefined;
  /** By number of update (from 0): those whose uuid is not one that the agent takes. */
  readonly invalidUuids: ReadonlySet<number> | undefined;
  /** The first update whose uuid is not valid: number of the update (from 0), record and offset. */
  readonly badUpdate: RecordPlace | undefined;
  /** The first acknowledgement whose uuid is not valid: the agent aborts on it, and nothing behind it is read. */
  readonly badAcknowledgement: RecordPlace | undefined;
  /** The first update that is older than one before it. */
  readonly outOfOrder: RecordPlace | undefined;
  /** Ids in an update that are not those of the log's place, with the record. */
  readonly foreignIds: (RecordPlace & { readonly field: string; readonly id: string }) | undefined;
  /** When the last update was made, in seconds since 1970. */
  readonly lastTimestamp: number | undefined;
}

/** What of a log there may be something to say of, and how much is cut off of it; not what its updates say. */
export type LogFacts = Pick<
  UpdateLog,
  | 'kind'
  | 'size'
  | 'end'
  | 'ending'
  | 'zeros'
  | 'records'
  | 'lost'
  | 'updates'
  | 'badUpdate'
  | 'badAcknowledgement'
  | 'outOfOrder'
  | 'foreignIds'
>;

/** The records behind the first bad one: the agent cuts them all off. */
export interface LostRecords {
  /** How many there are, the bad one included; not all where `whole` is false. */
  readonly records: number;
  /** How many of them are updates. */
  readonly updates: number;
  /** The lengths lead to the end of the file, so that the counts are true. */
  readonly whole: boolean;
}

/** A record in a log. */
export interface RecordPlace {
  /** From 1. */
  readonly record: number;
  readonly offset: number;
  readonly length: number;
  /** Number of the update, from 0; -1 for an acknowledgement. */
  readonly update: number;
}

/** A task's or an operation's log. */
export type LogFile<L = UpdateLog> = Absent | Unreadable | L;

/** A resource, as far as recovery asks about it: presence is all that counts of a sub-message. */
export interface ResourceFacts {
  readonly role?: string | undefined;
  readonly reservation?: object | undefined;
  readonly reservations: readonly { readonly type?: string | undefined; readonly role?: string | undefined }[];
  readonly allocation_info?: object | undefined;
}
