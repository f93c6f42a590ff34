import type { MessageType } from '../format/message-type.ts';
import { Window } from '../format/window.ts';
import { messageType } from '../schema/index.ts';
import type { Tree } from '../source/links.ts';
import { RecordTooLarge } from '../source/source.ts';
import { contentOf } from './content.ts';
import { openInTree, UnusableFile } from './open.ts';
import { type FileRecord, recordsOf } from './records.ts';

/** A record, and the type of its message. */
export interface RecordOfFile {
  readonly record: FileRecord;
  readonly type: MessageType;
}

/**
 * The record of a file that something was found about: the one with its number, else the one at its offset, else the first that
 * does not decode. Undefined where the file holds no such record, is none of records, or cannot be opened. The bytes are valid
 * until `use` returns.
 */
export const withRecordAt = <T>(
  tree: Tree,
  path: string,
  at: { readonly offset?: number | undefined; readonly record?: number | undefined },
  use: (found: RecordOfFile) => T,
): T | undefined => {
  const content = contentOf(path)?.content;
  if (content === undefined || !('message' in content)) return undefined;
  const type = messageType(content.message);
  try {
    const file = openInTree(tree, path);
    try {
      const window = new Window(tree.maxRecord, (announced) => {
        throw new RecordTooLarge(path, announced, tree.maxRecord ?? 0);
      });
      window.over(file);
      const asked = { bare: content.form === 'message', resync: false, one: content.form === 'records' && content.one };
      for (const record of recordsOf(window, type, asked)) {
        if (record.kind === 'record' && isAsked(record, at)) return use({ record, type });
      }
      return undefined;
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof UnusableFile || error instanceof RecordTooLarge) return undefined;
    throw error;
  }
};

const isAsked = (
  { number, offset, length, ending }: FileRecord,
  at: { readonly offset?: number | undefined; readonly record?: number | undefined },
): boolean => {
  if (ending !== undefined) return true;
  if (at.record !== undefined) return number === at.record;
  return at.offset !== undefined && at.offset >= offset && at.offset < offset + length;
};
