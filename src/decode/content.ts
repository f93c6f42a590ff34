import { type FileKind, KINDS, kindNamed, rowOf } from '../layout/kinds.ts';
import { META } from '../layout/names.ts';
import { placeOf } from '../layout/place.ts';
import { isMessageName, type MessageTypes, messageNames } from '../schema/index.ts';

/** Messages of one type. */
export type Messages =
  /** With their lengths; `one` where the agent reads no more than the first. */
  | { readonly form: 'records'; readonly message: keyof MessageTypes; readonly one: boolean }
  /** One, without a length before it. */
  | { readonly form: 'message'; readonly message: keyof MessageTypes };

/** What the bytes of a file are. */
export type Content = Messages | { readonly form: 'text' | 'marker' };

/** A file's kind, and what its bytes are. */
export interface Known {
  readonly kind: FileKind;
  readonly content: Content;
}

/** What a file is by its place, of which the part from `meta` on tells most, or by its name alone; undefined of others. */
export const contentOf = (path: string): Known | undefined => {
  const kind = kindAt(path) ?? kindNamed(path) ?? besideCheckpoint(path);
  if (kind === undefined) return undefined;
  const { form, message } = rowOf(kind);
  if (form === 'text' || form === 'marker') return { kind, content: { form } };
  return message === undefined ? undefined : { kind, content: { form: 'records', message, one: form === 'record' } };
};

const kindAt = (path: string): FileKind | undefined => {
  const parts = path.split('/');
  for (let at = parts.lastIndexOf(META); at >= 0; at = at === 0 ? -1 : parts.lastIndexOf(META, at - 1)) {
    const { file } = placeOf(parts.slice(at).join('/'));
    if (file !== undefined) return file;
  }
  return undefined;
};

/** A kind of file that recovery does not read, by its name alone. */
const besideCheckpoint = (path: string): FileKind | undefined => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (Object.keys(KINDS) as readonly FileKind[]).find((kind) => kind === name && rowOf(kind).field === undefined);
};

/** The messages that a name may mean: one by its whole name, or those whose name ends with it. */
export const messagesNamed = (name: string): readonly (keyof MessageTypes)[] =>
  isMessageName(name) ? [name] : messageNames.filter((each) => each.endsWith(`.${name}`));
