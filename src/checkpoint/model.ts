import type { Message } from '../format/parse.ts';
import type { Ending } from '../format/records.ts';
import type { FolderKind } from '../layout/folders.ts';
import type { FieldOf, FileKind, FileKindOf, KINDS, MessageNameOf } from '../layout/kinds.ts';
import type { MessageTypes, Resource } from '../schema/index.ts';
import type {
  FollowedLink,
  LatestLink,
  LogFacts,
  LogFile,
  RecordFile,
  ResourceFacts,
  SequenceFile,
  Stray,
  TextFile,
  UpdateLog,
} from './files.ts';

/** What is kept of a message, where that is not all of it. */
export interface Kept {
  readonly 'executor.info': ExecutorFacts;
  readonly 'task.info': TaskFacts;
  readonly 'resources_and_operations.state': ResourceStateFacts;
  readonly 'resources_and_operations.target': ResourceStateFacts;
}

type ValueOf<K extends FileKind> = K extends keyof Kept
  ? Kept[K]
  : MessageNameOf<K> extends keyof MessageTypes
    ? MessageTypes[MessageNameOf<K>]
    : never;

/** A kind of file as it was found. */
interface Found<K extends FileKind> {
  readonly text: TextFile;
  readonly record: RecordFile<ValueOf<K>>;
  readonly sequence: SequenceFile<ValueOf<K>>;
  readonly log: LogFile<K extends 'operation.updates' ? OperationLog : UpdateLog>;
  readonly link: LatestLink;
  /** Whether it is there. */
  readonly marker: boolean;
}

/** Some kinds of files, by the fields in their rows. */
export type Files<K extends FileKind> = {
  readonly [Each in K as FieldOf<Each>]: Found<Each>[(typeof KINDS)[Each]['form']];
};

/** The files that belong to a kind of folder. */
export type FilesOf<F extends FolderKind> = Files<FileKindOf<F>>;

/**
 * The checkpoint of an agent as a tree of what was found, damage included. It says nothing of what the agent makes of
 * it: that is `src/recovery/`. Paths are relative to the work_dir.
 */
export interface Checkpoint extends FilesOf<'meta'> {
  /** Whether `meta` is there, to `lstat`. */
  readonly hasMeta: boolean;
  readonly resources: ResourcesFolder;
  /** The agent that `latest` leads to; undefined where it leads nowhere. */
  readonly agent: Agent | undefined;
  /** The agents that have folders here, where `latest` leads to none of them. */
  readonly unnamedAgents: readonly Agent[];
  /** The names of the other folders under `slaves/`. */
  readonly otherAgents: readonly string[];
  /** Whether the tree has sandboxes (`slaves/` beside `meta/`). */
  readonly hasSandboxes: boolean;
  /** What is where a folder belongs, and is none: the agent sees nothing in it. */
  readonly misplaced: readonly Stray[];
  /** The links that were followed to what is in other places of the tree. */
  readonly links: readonly FollowedLink[];
  readonly strays: readonly Stray[];
}

/** The folder `meta/resources`. */
export interface ResourcesFolder extends FilesOf<'resources'> {
  /** When `state` and `info` were modified, in ms since 1970; undefined where they are no files. */
  readonly stateModified: number | undefined;
  readonly infoModified: number | undefined;
  readonly strays: readonly Stray[];
}

/** A decoded `ResourceState`. */
export interface ResourceStateFacts {
  readonly resources: readonly Resource[];
  readonly operations: readonly Message[];
}

/** What is told of every folder that has an id. */
interface Folder {
  readonly id: string;
  readonly path: string;
  readonly strays: readonly Stray[];
}

/** A folder with others in it. */
interface Holder extends Folder {
  /** Names in the folder of what it holds that the agent does not see, or that are no folders. */
  readonly hidden: readonly Stray[];
}

/** An agent's folder under `meta/slaves`. */
export interface Agent extends FilesOf<'agent'>, Holder {
  readonly frameworks: readonly Framework[];
  readonly operations: readonly OperationFolder[];
  /** Those in the folder of the id that `slave.info` holds, where that is another: there the agent looks for them. */
  readonly otherOperations: readonly OperationFolder[] | undefined;
}

/** A framework's folder; of a plain file in its place, everything is absent. */
export interface Framework extends FilesOf<'framework'>, Holder {
  readonly executors: readonly Executor[];
  /** The rest of its executors, where a loader was told to be brief; both lists are sorted by the bytes of the ids. */
  readonly ordinary: readonly OrdinaryExecutor[];
}

/** An executor's folder. */
export interface Executor extends FilesOf<'executor'>, Holder {
  readonly runs: readonly Run[];
}

/**
 * All that is kept of an executor that the agent recovers in either mode, with each of its tasks: what becomes of it, and
 * what is odd in its folder all the same.
 */
export interface OrdinaryExecutor {
  readonly id: string;
  /** The ids of its runs. */
  readonly runs: readonly string[];
  /** The id of the latest of them: what follows is of that run. */
  readonly latest: string;
  readonly completed: boolean;
  readonly forkedPid: number;
  readonly connection: 'pid' | 'http';
  readonly tasks: readonly OrdinaryTask[];
  /** What the agent guesses of whether it made the executor itself, for a command task; undefined where it does not have to. */
  readonly guessedGenerated?: boolean | undefined;
  /** What kind of executor it is; undefined where nobody asked for names and kinds. */
  readonly kind?: ExecutorKind;
  /** Its folders in which something is odd, in the order of the tree; undefined where everything is as it should be. */
  readonly odd?: readonly OddFolder[] | undefined;
}

/** A folder of an ordinary executor, with what is odd in it: the executor's own, or that of a run or of a task. */
export interface OddFolder {
  /** The ids of the run and of the task, as far as there are. */
  readonly run?: string | undefined;
  readonly task?: string | undefined;
  /** Its info, but for what that says, where anything is behind its record. */
  readonly info?: OddFile<RecordFile<undefined>> | undefined;
  /** Its log, where that is not there, does not end as it should, or says what is odd. */
  readonly log?: OddFile<LogFile<LogFacts>> | undefined;
  readonly strays: readonly Stray[];
  readonly hidden: readonly Stray[];
}

/** A file with its path, which is asked for many times: to put it together costs more than to keep it. */
interface OddFile<F> {
  readonly path: string;
  readonly file: F;
}

/** What `ExecutorInfo` says of how an executor runs. */
export interface ExecutorKind {
  /** `ContainerInfo.type`; undefined where the executor has no container of its own. */
  readonly container: string | undefined;
  readonly type: ExecutorFacts['type'];
}

/** A task of an ordinary executor. */
export interface OrdinaryTask {
  readonly id: string;
  /** As `TaskOutcome` in `src/recovery/startup/outcome.ts`. */
  readonly outcome: 'launched' | 'terminated' | 'completed';
  /** How many of its updates will be sent again; 0 where its run is completed. */
  readonly pending: number;
  /** `Task.name`; undefined where nobody asked for names and kinds. */
  readonly name?: string;
}

/** What is kept of an `ExecutorInfo`. */
export interface ExecutorFacts {
  readonly executor_id: { readonly value: string };
  readonly framework_id?: { readonly value: string };
  readonly type?: 'UNKNOWN' | 'DEFAULT' | 'CUSTOM';
  readonly name?: string;
  readonly source?: string;
  readonly command?: { readonly value?: string };
  readonly container?: { readonly type: string };
  readonly resources: readonly ResourceFacts[];
}

/** A run's folder: one container of an executor. */
export interface Run extends FilesOf<'run'>, Holder {
  readonly tasks: readonly Task[];
  /** Whether the run's sandbox is there; undefined where the tree has none at all. */
  readonly sandbox: boolean | undefined;
}

/** A task's folder. */
export interface Task extends FilesOf<'task'>, Folder {}

/** What is kept of a `Task`. */
export interface TaskFacts {
  readonly name: string;
  readonly task_id: { readonly value: string };
  readonly framework_id: { readonly value: string };
  readonly executor_id?: { readonly value: string };
  readonly slave_id: { readonly value: string };
  readonly state: string;
  readonly resources: readonly ResourceFacts[];
  readonly statuses: readonly { readonly limitation?: { readonly resources: readonly ResourceFacts[] } }[];
}

/** A folder under an agent's `operations`. */
export interface OperationFolder extends FilesOf<'operation'> {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
  readonly strays: readonly Stray[];
}

/** What is kept of an operation's log. */
export interface OperationLog {
  readonly kind: 'log';
  readonly size: number;
  readonly end: number;
  readonly ending: Ending;
  readonly zeros: boolean;
  readonly records: readonly OperationRecord[];
}

/** A record of an operation's log. */
export interface OperationRecord {
  readonly type: 'UPDATE' | 'ACK';
  /** The uuid of the update's status or of the acknowledgement; undefined where there is none. */
  readonly uuid: Uint8Array | undefined;
  readonly state: string | undefined;
  readonly offset: number;
  readonly length: number;
}
