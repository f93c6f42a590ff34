import type { Stray } from '../checkpoint/files.ts';
import type { Checkpoint, ExecutorFacts, Run, TaskFacts } from '../checkpoint/model.ts';
import type { Level } from '../checkpoint/open.ts';
import type { Message } from '../format/parse.ts';
import type { Connection } from '../recovery/startup/outcome.ts';
import type {
  CgroupDeviceAccessStates,
  DrainConfig,
  FrameworkInfo,
  Resource,
  SlaveInfo,
  VolumeGidInfos,
} from '../schema/index.ts';

/**
 * What was inspected: the checkpoint, or the part of it that was given, with what the agent would make of each text and
 * log. Texts are as they are on disk, not yet safe for a screen. Paths are relative to the work_dir.
 */
export interface Inspected extends Contents {
  readonly level: Level;
  /** Where the given folder is in the work_dir; '' for the work_dir itself. */
  readonly path: string;
  /** The ids that the given folder's path tells. */
  readonly place: InspectedPlace;
}

/** What was read: `checkpoint` and `agent` of a whole one, else the one entry that was given. */
export interface Contents {
  readonly checkpoint: InspectedCheckpoint | undefined;
  readonly agent: InspectedAgent | undefined;
  readonly framework: InspectedFramework | undefined;
  readonly executor: InspectedExecutor | undefined;
  readonly run: InspectedRun | undefined;
  readonly task: InspectedTask | undefined;
}

/** The ids of an entry and of what holds it; undefined for the levels below it. */
export interface InspectedPlace {
  readonly agent: string | undefined;
  readonly framework: string | undefined;
  readonly executor: string | undefined;
  readonly run: string | undefined;
  readonly task: string | undefined;
}

/**
 * What is wrong with a file, a link or a folder's name: `missing` what the agent cannot do without, `empty`, `zeros`
 * full of zeros, `unreadable`, `torn` shorter than its record says, `unparsable` no message of its type, `oversized`
 * announced with more than protobuf takes, `malformed` a text or a name that the agent does not take, `dangling` a link
 * that leads nowhere, `invalid-uuid` an update or acknowledgement that the agent ends itself on.
 */
export type DamageKind =
  | 'missing'
  | 'empty'
  | 'zeros'
  | 'unreadable'
  | 'torn'
  | 'unparsable'
  | 'oversized'
  | 'malformed'
  | 'dangling'
  | 'invalid-uuid';

/** Damage, and where it is. */
export interface InspectedDamage {
  readonly kind: DamageKind;
  readonly path: string;
  /** Of the record, in bytes from the start of the file; undefined where the whole file is meant. */
  readonly offset: number | undefined;
  /** Number of the record, from 1. */
  readonly record: number | undefined;
  /** One clause, without a full stop. */
  readonly reason: string;
}

/** What every entry has. */
export interface Entry {
  readonly path: string;
  /** Of the entry's own files, not of those below it. */
  readonly damage: readonly InspectedDamage[];
  /** What is in the folder, and is not the agent's. */
  readonly strays: readonly Stray[];
}

/** What is beside the agent's folder. */
export interface InspectedCheckpoint extends Entry {
  readonly hasMeta: boolean;
  readonly bootId: string | undefined;
  readonly latest: Checkpoint['latest'];
  readonly otherAgents: readonly string[];
  readonly hasSandboxes: boolean;
  /** What the agent has committed to. */
  readonly committed: InspectedResources | undefined;
  /** What it was about to commit to when it stopped. */
  readonly pending: InspectedResources | undefined;
  readonly volumeGids: VolumeGidInfos | undefined;
  readonly devices: CgroupDeviceAccessStates | undefined;
}

/** A set of checkpointed resources. */
export interface InspectedResources {
  /** The file that it is read from. */
  readonly path: string;
  readonly resources: readonly Resource[];
  /** Operations that were not finished, decoded `mesos.Operation`; undefined where the file cannot have any. */
  readonly operations: readonly Message[] | undefined;
}

/** The agent. */
export interface InspectedAgent extends Entry {
  readonly id: string;
  readonly info: SlaveInfo | undefined;
  readonly drain: DrainConfig | undefined;
  readonly operations: readonly InspectedOperation[];
  readonly frameworks: readonly InspectedFramework[];
}

/** The log of an operation's updates. */
export interface InspectedOperation extends Entry {
  readonly id: string;
  readonly updates: number;
  readonly acknowledged: number;
  /** The last update's. */
  readonly state: string | undefined;
}

/** A framework. */
export interface InspectedFramework extends Entry {
  readonly id: string;
  readonly info: FrameworkInfo | undefined;
  /** The text of its pid. */
  readonly pid: string | undefined;
  /** How the agent reaches it; undefined where there is no pid. */
  readonly connection: Exclude<Connection, 'unknown'> | undefined;
  readonly executors: readonly InspectedExecutor[];
}

/** An executor. */
export interface InspectedExecutor extends Entry {
  readonly id: string;
  /** An `ExecutorInfo`, whole or what recovery asks of it. */
  readonly info: ExecutorFacts | undefined;
  /** The agent made it up for a command task; undefined where it did not write that down. */
  readonly generated: boolean | undefined;
  /** The id that `runs/latest` names. */
  readonly latest: string | undefined;
  readonly runs: readonly InspectedRun[];
}

/** A run of an executor. */
export interface InspectedRun extends Entry {
  readonly id: string;
  /** Whether `runs/latest` names it; undefined where that is not known. */
  readonly isLatest: boolean | undefined;
  readonly completed: boolean;
  readonly forkedPid: number | undefined;
  /** The text of its libprocess pid. */
  readonly libprocessPid: string | undefined;
  readonly connection: Connection;
  readonly sandbox: Run['sandbox'];
  readonly tasks: readonly InspectedTask[];
}

/** A task. */
export interface InspectedTask extends Entry {
  readonly id: string;
  /** A `Task`, whole or what recovery asks of it. */
  readonly info: TaskFacts | undefined;
  /** The last update's, else that of its info. */
  readonly state: string | undefined;
  /** When the last update was made, in seconds since 1970. */
  readonly updated: number | undefined;
  /** In the order of the log. */
  readonly updates: InspectedUpdates;
  readonly acknowledged: number;
  /** How many will be sent again. */
  readonly pending: number;
}

/** Status updates: an array of them, or what makes each when it is asked for. */
export interface InspectedUpdates {
  readonly length: number;
  /** Those from one to before another, as `Array.prototype.slice` counts. */
  readonly slice: (from?: number, to?: number) => readonly InspectedUpdate[];
}

/** A status update. */
export interface InspectedUpdate {
  readonly state: string;
  /** In hexadecimal, with dashes where it is 16 bytes long; left out where it was not asked for. */
  readonly uuid?: string;
  readonly acknowledged: boolean;
}
