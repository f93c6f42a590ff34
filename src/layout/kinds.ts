import type { MessageTypes } from '../schema/index.ts';
import { FOLDERS, type FolderKind } from './folders.ts';
import { DEVICE_MANAGER, LATEST, PIDS, RUNS, SLAVES, VOLUME_GID_MANAGER } from './names.ts';

/** What a file of text holds. */
export type TextContent = 'number' | 'pid' | 'boot id';

/** What a kind of file is, and what is done with it. */
export interface FileRow {
  /** The folder that it belongs to; `elsewhere`, where flags or plugins decide on it. */
  readonly of: FolderKind | 'elsewhere';
  /** Where in that folder it lies, if not right in it. */
  readonly within?: string;
  /** Its name, where it is not the kind's. */
  readonly name?: string;
  /** One message, messages that are read to the end, a log of updates; a marker says by being there what it says. */
  readonly form: 'text' | 'record' | 'sequence' | 'log' | 'link' | 'marker';
  /** The field of the folder's model that holds it; of files that recovery does not read there is none. */
  readonly field?: string;
  /** The full name of the message in its records. */
  readonly message?: keyof MessageTypes;
  /** What its text is. */
  readonly text?: TextContent;
  /** The rule in the table of versions that says which of them read it; where there is none, all do. */
  readonly rule?: string;
  /** The agent cannot do without it. */
  readonly isNeeded?: true;
  /** One that is damaged may be replaced by one from another tree: what it says holds as long as its folder is there. */
  readonly isRestorable?: true;
}

/**
 * The files, markers and links of a checkpoint, and some beside it that preflight looks at: a row each, by its name (of
 * `latest`, with the folder that it is in). Each part is listed, read, checked and redacted in this order
 * (`src/slave/paths.hpp` of the agent).
 */
export const KINDS = {
  boot_id: { of: 'meta', form: 'text', field: 'bootId', text: 'boot id' },
  'resources_and_operations.state': {
    of: 'resources',
    form: 'record',
    field: 'state',
    message: 'mesos.internal.slave.ResourceState',
    rule: 'stateIsRead',
    isRestorable: true,
  },
  'resources_and_operations.target': {
    of: 'resources',
    form: 'record',
    field: 'stateTarget',
    message: 'mesos.internal.slave.ResourceState',
    rule: 'stateTargetIsRead',
  },
  'resources.info': { of: 'resources', form: 'sequence', field: 'info', message: 'mesos.Resource' },
  'resources.target': { of: 'resources', form: 'sequence', field: 'target', message: 'mesos.Resource' },
  'slaves/latest': { of: 'meta', within: SLAVES, name: LATEST, form: 'link', field: 'latest' },
  volume_gids: {
    of: 'meta',
    within: VOLUME_GID_MANAGER,
    form: 'record',
    field: 'volumeGids',
    message: 'mesos.internal.slave.VolumeGidInfos',
    rule: 'operationsAreRead',
    isRestorable: true,
  },
  'device.state': {
    of: 'meta',
    within: DEVICE_MANAGER,
    form: 'record',
    field: 'devices',
    message: 'mesos.internal.slave.CgroupDeviceAccessStates',
    rule: 'devicesAreRead',
    isRestorable: true,
  },

  'slave.info': {
    of: 'agent',
    form: 'record',
    field: 'info',
    message: 'mesos.SlaveInfo',
    isNeeded: true,
    isRestorable: true,
  },
  'drain.config': { of: 'agent', form: 'record', field: 'drain', message: 'mesos.DrainConfig', rule: 'drainIsRead' },
  'operation.updates': {
    of: 'operation',
    form: 'log',
    field: 'updates',
    message: 'mesos.internal.UpdateOperationStatusRecord',
    rule: 'operationsAreRead',
  },

  'framework.info': {
    of: 'framework',
    form: 'record',
    field: 'info',
    message: 'mesos.FrameworkInfo',
    isNeeded: true,
    isRestorable: true,
  },
  'framework.pid': { of: 'framework', form: 'text', field: 'pid', text: 'pid', isNeeded: true, isRestorable: true },

  'executor.info': {
    of: 'executor',
    form: 'record',
    field: 'info',
    message: 'mesos.ExecutorInfo',
    isNeeded: true,
    isRestorable: true,
  },
  executor_generated_for_command_task: {
    of: 'executor',
    form: 'text',
    field: 'generated',
    text: 'number',
    rule: 'generatedIsRead',
    isRestorable: true,
  },
  'runs/latest': { of: 'executor', within: RUNS, name: LATEST, form: 'link', field: 'latest' },

  'executor.sentinel': { of: 'run', form: 'marker', field: 'completed' },
  'http.marker': { of: 'run', form: 'marker', field: 'httpMarker' },
  'forked.pid': { of: 'run', within: PIDS, form: 'text', field: 'forkedPid', text: 'number', isRestorable: true },
  'libprocess.pid': { of: 'run', within: PIDS, form: 'text', field: 'libprocessPid', text: 'pid', isRestorable: true },

  'task.info': {
    of: 'task',
    form: 'record',
    field: 'info',
    message: 'mesos.Task',
    isNeeded: true,
    isRestorable: true,
  },
  'task.updates': { of: 'task', form: 'log', field: 'updates', message: 'mesos.internal.StatusUpdateRecord' },

  'resource_provider.state': {
    of: 'provider',
    form: 'record',
    message: 'mesos.resource_provider.ResourceProviderState',
  },
  'volume.state': { of: 'elsewhere', form: 'record', message: 'mesos.csi.state.VolumeState' },
  volumes: { of: 'elsewhere', form: 'record', message: 'mesos.internal.slave.CSIVolumes' },
  storedImages: { of: 'elsewhere', form: 'record', message: 'mesos.internal.slave.docker.Images' },
} as const satisfies Readonly<Record<string, FileRow>>;

/** A kind of file. */
export type FileKind = keyof typeof KINDS;

/** What holds of some rows only. */
type RowsWith<Part> = {
  readonly [K in FileKind as (typeof KINDS)[K] extends Part ? K : never]: (typeof KINDS)[K];
};

/** A kind of file of the checkpoint: recovery reads it. */
export type CheckpointFileKind = keyof RowsWith<{ readonly field: string }>;

/** A kind of file of a folder that recovery reads. */
export type FileKindOf<F extends FolderKind> = keyof RowsWith<{ readonly of: F; readonly field: string }>;

/** The field of the folder's model that holds a kind of file. */
export type FieldOf<K extends FileKind> = (typeof KINDS)[K] extends { readonly field: infer Field extends string }
  ? Field
  : never;

/** The full name of the message in a kind of file. */
export type MessageNameOf<K extends FileKind> = (typeof KINDS)[K] extends { readonly message: infer Name }
  ? Name
  : never;

/** The row of a kind, as any row is. */
export const rowOf = (kind: FileKind): FileRow => KINDS[kind];

const all = Object.keys(KINDS) as readonly FileKind[];

const isOfCheckpoint = (kind: FileKind): kind is CheckpointFileKind => rowOf(kind).field !== undefined;

/** All kinds of files that recovery reads. */
export const checkpointFiles: readonly CheckpointFileKind[] = all.filter(isOfCheckpoint);

const names = Object.fromEntries(all.map((kind) => [kind, rowOf(kind).name ?? kind])) as Readonly<
  Record<FileKind, string>
>;

/** The name of a file of a kind. */
export const nameOf = (kind: FileKind): string => names[kind];

/** Where a kind of file lies in its folder. */
const pathWithin = Object.fromEntries(
  all.map((kind) => {
    const { within } = rowOf(kind);
    return [kind, within === undefined ? nameOf(kind) : `${within}/${nameOf(kind)}`];
  }),
) as Readonly<Record<FileKind, string>>;

/** The path of a file, by that of the folder that it belongs to. */
export const fileIn = (folder: string, kind: FileKind): string => `${folder}/${pathWithin[kind]}`;

/** The kinds of files that belong to a folder, by where they lie in it. */
export const filesOf = (folder: FolderKind): ReadonlyMap<string, FileKind> => byFolder.get(folder) ?? NONE;

const NONE: ReadonlyMap<string, FileKind> = new Map();

const byFolder = new Map<FileRow['of'], Map<string, FileKind>>();
for (const kind of all) {
  const { of } = rowOf(kind);
  byFolder.set(of, (byFolder.get(of) ?? new Map()).set(pathWithin[kind], kind));
}

/** The names that the agent knows in each folder; in those within, by both names. */
const known = new Map<string, Set<string>>();
const know = (folder: string, name: string): void =>
  void known.set(folder, (known.get(folder) ?? new Set<string>()).add(name));
for (const row of Object.values(FOLDERS)) know(row.in, row.name);
for (const kind of all) {
  const { of, within } = rowOf(kind);
  know(of, within ?? nameOf(kind));
  if (within !== undefined) know(`${of}/${within}`, nameOf(kind));
}

/** The names of what the agent puts in a folder, or in one right in it. */
export const namesIn = (folder: FolderKind, within?: string): ReadonlySet<string> =>
  known.get(within === undefined ? folder : `${folder}/${within}`) ?? NO_NAMES;

const NO_NAMES: ReadonlySet<string> = new Set();

const byName = new Map(
  checkpointFiles.filter((kind) => rowOf(kind).form !== 'link').map((kind) => [nameOf(kind), kind] as const),
);

/** The names of the files and markers that recovery reads, whichever folder they are in. */
export const fileNames: ReadonlySet<string> = new Set(byName.keys());

/**
 * The kind of a file or marker by its name alone, since a link may have led to it from any place; undefined of what
 * recovery does not read.
 */
export const kindNamed = (path: string): CheckpointFileKind | undefined =>
  byName.get(path.slice(path.lastIndexOf('/') + 1));
