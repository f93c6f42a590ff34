import { type Selection, type Shape, shapeOf } from '../format/shape.ts';
import type { FolderKind } from '../layout/folders.ts';
import { type CheckpointFileKind, checkpointFiles, type FileKindOf, type KINDS, rowOf } from '../layout/kinds.ts';
import { messageType } from '../schema/index.ts';
import { join } from '../source/source.ts';
import type { Folder, FolderReader } from './folder.ts';
import type { Files, Kept } from './model.ts';
import type { FileReader } from './read.ts';

/**
 * How much is kept of what is read: just what decides a verdict; all that recovery asks about, the updates' uuids
 * included; or whole messages, to be shown.
 */
export type Detail = 'verdict' | 'facts' | 'whole';

const id = { value: true } as const;
/** All that recovery asks of a resource in an executor's or a task's info: presence. */
const resources: Selection = {
  role: true,
  reservation: {},
  reservations: { type: true, role: true },
  allocation_info: {},
};

/** All that recovery asks of a message, as `Kept` has it. */
const FACTS: Readonly<Record<keyof Kept, Selection>> = {
  'executor.info': {
    executor_id: id,
    framework_id: id,
    type: true,
    name: true,
    command: id,
    container: { type: true },
    resources,
  },
  'task.info': {
    name: true,
    task_id: id,
    framework_id: id,
    executor_id: id,
    slave_id: id,
    state: true,
    resources,
    statuses: { limitation: { resources } },
  },
  'resources_and_operations.state': true,
  'resources_and_operations.target': true,
};

const hasFacts = (kind: CheckpointFileKind): kind is keyof Kept => Object.hasOwn(FACTS, kind);

/** A kind of file as it is read: its row, with the shape of its message. */
interface Entry {
  readonly field: string;
  readonly name: string;
  readonly within: string | undefined;
  readonly read: (reader: FileReader, path: string, kind: ReturnType<Folder['kindOf']>) => unknown;
}

const entryOf = (kind: CheckpointFileKind, detail: Detail): Entry | undefined => {
  const { field = '', name = kind, within, form, message } = rowOf(kind);
  const shape = (): Shape => {
    const selection = detail !== 'whole' && hasFacts(kind) ? FACTS[kind] : true;
    return shapeOf(messageType(message as NonNullable<typeof message>), selection);
  };
  switch (form) {
    case 'marker':
      return { field, name, within, read: (_, __, found) => found !== undefined };
    case 'text':
      return { field, name, within, read: (reader, path, found) => reader.text(path, found) };
    case 'record': {
      const own = shape();
      return { field, name, within, read: (reader, path, found) => reader.record(path, found, own) };
    }
    case 'sequence': {
      const own = shape();
      return { field, name, within, read: (reader, path, found) => reader.sequence(path, found, own, 'record') };
    }
    default:
      return undefined;
  }
};

/** What a file alone tells. */
type Plain<F extends FolderKind> = Files<Exclude<FileKindOf<F>, Unlike>>;
type Unlike = {
  [K in CheckpointFileKind]: (typeof KINDS)[K]['form'] extends 'log' | 'link' ? K : never;
}[CheckpointFileKind];

/** Reads the files of folders by their rows; logs and links need more than their file, and are left to the loader. */
export class FolderFiles {
  readonly #reader: FileReader;
  readonly #folders: FolderReader;
  readonly #entries = new Map<FolderKind | 'elsewhere', Entry[]>();

  constructor(reader: FileReader, folders: FolderReader, detail: Detail) {
    this.#reader = reader;
    this.#folders = folders;
    for (const kind of checkpointFiles) {
      const entry = entryOf(kind, detail);
      const { of } = rowOf(kind);
      if (entry !== undefined) this.#entries.set(of, [...(this.#entries.get(of) ?? []), entry]);
    }
  }

  /** The files of a folder; `listed` are folders in it that were listed already, by name. */
  read<F extends FolderKind>(kind: F, folder: Folder, listed: Readonly<Record<string, Folder>> = {}): Plain<F> {
    const files: Record<string, unknown> = {};
    for (const { field, name, within, read } of this.#entries.get(kind) ?? []) {
      const at = within === undefined ? folder : (listed[within] ?? this.#folders.inside(folder, within));
      files[field] = read(this.#reader, join(at.path, name), at.kindOf(name));
    }
    return files as Plain<F>;
  }
}
