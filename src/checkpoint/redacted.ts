import { dirname } from 'node:path';
import * as names from '../layout/names.ts';
import { ArchiveSource } from '../source/archive.ts';
import { FolderSource } from '../source/folder.ts';
import type { Tree } from '../source/links.ts';
import type { Source } from '../source/source.ts';
import { wholeOf } from '../source/whole.ts';

/** Why nothing is taken from such a tree. */
export const REDACTED_COPY = 'this snapshot was made with --redact, so nothing is taken from it';

/** Whether a tree is of a snapshot in which something was blanked, be it packed or not: the manifest lies beside `meta`. */
export const isRedacted = ({ source }: Pick<Tree, 'source'>): boolean => {
  // Of an archive, what is none of a checkpoint's files was not kept, and is not there to be asked for.
  if (source instanceof ArchiveSource && source.tree.child(source.tree.root, names.MANIFEST) === undefined)
    return false;
  const bytes = wholeOf(withBeside(source), names.MANIFEST);
  if (bytes === undefined) return false;
  try {
    const manifest = JSON.parse(bytes.toString('utf8')) as { readonly redacted?: unknown } | null;
    return typeof manifest?.redacted === 'object' && manifest.redacted !== null;
  } catch {
    return false;
  }
};

/** Of a `meta` alone, what is beside it is not in the source. */
const withBeside = (source: Source): Source =>
  source instanceof FolderSource && source.mount === names.META ? new FolderSource(dirname(source.folder)) : source;
