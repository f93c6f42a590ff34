import type { FolderKind } from '../layout/folders.ts';
import { type CheckpointFileKind, checkpointFiles, fileIn, rowOf } from '../layout/kinds.ts';
import type { LogFile, RecordFile, SequenceFile, TextFile } from './files.ts';
import type { FilesOf, OperationLog } from './model.ts';

/** A file of a checkpoint, whichever kind it is. */
export type AnyFile = RecordFile<unknown> | SequenceFile<unknown> | TextFile | LogFile | LogFile<OperationLog>;

const byFolder = new Map<string, [kind: CheckpointFileKind, field: string][]>();
for (const kind of checkpointFiles) {
  const { of, form, field = '' } = rowOf(kind);
  if (form === 'link' || form === 'marker') continue;
  byFolder.set(of, [...(byFolder.get(of) ?? []), [kind, field]]);
}

/** Gives the files in a folder's model, in the order of their rows; links and markers are none. */
export const eachFile = <F extends FolderKind>(
  folder: F,
  path: string,
  model: FilesOf<F>,
  visit: (path: string, file: AnyFile, kind: CheckpointFileKind) => void,
): void => {
  for (const [kind, field] of byFolder.get(folder) ?? []) {
    visit(fileIn(path, kind), (model as Readonly<Record<string, AnyFile>>)[field] as AnyFile, kind);
  }
};
