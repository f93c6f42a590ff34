import { textOf } from '../../text/lossless.ts';
import { DamagedArchive } from '../unpack.ts';
import type { CollectedStat } from './node.ts';
import { type Reason, reasonNamed } from './reasons.ts';

/** What a line of the manifest of a collected host says. `path` is absolute. */
export type CollectedRecord =
  /** Of the host as a whole. */
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  /** A path by which a checkpoint was found. */
  | { readonly kind: 'work_dir'; readonly path: string }
  | { readonly kind: 'stat'; readonly path: string; readonly stat: CollectedStat }
  | { readonly kind: 'nothing'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'content'; readonly path: string; readonly bytes: Buffer }
  | { readonly kind: 'unseen'; readonly path: string; readonly reason: Reason }
  /** It is a program, and no script. */
  | { readonly kind: 'program'; readonly path: string }
  /** All names of a folder are told. */
  | { readonly kind: 'listed'; readonly path: string }
  /** All that is in a folder is in the archive, but what tar left out. */
  | { readonly kind: 'tree'; readonly path: string }
  | { readonly kind: 'space'; readonly path: string; readonly numbers: readonly number[] };

/** What a manifest, and the last member, begin with. */
export const FIRST_LINE = 'mesos-ckpt collect 1';

/**
 * Reads the manifest of a collected host, in the order of its lines: a later one counts more.
 * @throws DamagedArchive where a line is none that the script writes
 */
export function* recordsIn(bytes: Buffer): Generator<CollectedRecord> {
  let line = 0;
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0 || end - at > LONGEST) throw damaged(line + 1);
    const text = bytes.toString('latin1', at, end);
    at = end + 1;
    line += 1;
    if (line === 1) {
      if (text !== FIRST_LINE) throw new DamagedArchive(whichVersion(text));
      continue;
    }
    if (text === '') continue;
    const record = recordIn(text.split('\t'));
    if (record === undefined) throw damaged(line);
    if (record !== 'passed over') yield record;
  }
  if (line === 0) throw damaged(1);
}

/** The script takes a MiB of a file, of which each byte may be written as three. In bytes. */
const LONGEST = 64 * 1024 * 1024;

const whichVersion = (text: string): string =>
  /^mesos-ckpt collect \d+$/.test(text)
    ? 'its script is of a newer mesos-ckpt: use that, or collect the host with the script of this one'
    : 'its manifest is not that of mesos-ckpt collect';

const damaged = (line: number): DamagedArchive =>
  new DamagedArchive(`line ${line} of its manifest is not one of mesos-ckpt collect; collect the host again`);

const recordIn = ([kind, ...fields]: readonly string[]): CollectedRecord | 'passed over' | undefined => {
  const [first = '', second = ''] = fields;
  switch (kind) {
    case 'H':
      return fields.length === 2 ? { kind: 'header', name: first, value: textIn(second) } : undefined;
    case 'W':
      return at(fields, 1, first, (path) => ({ kind: 'work_dir', path }));
    case 'A':
      return at(fields, 1, first, (path) => ({ kind: 'nothing', path }));
    case 'L':
      return at(fields, 1, first, (path) => ({ kind: 'listed', path }));
    case 'B':
      return at(fields, 1, first, (path) => ({ kind: 'program', path }));
    case 'T':
      return at(fields, 1, first, (path) => ({ kind: 'tree', path }));
    case 'K':
      return at(fields, 2, first, (path) => ({ kind: 'link', path, target: textIn(second) }));
    case 'C':
      return at(fields, 2, first, (path) => ({ kind: 'content', path, bytes: bytesIn(second) }));
    case 'X': {
      const reason = reasonNamed(first);
      return reason === undefined ? undefined : at(fields, 2, second, (path) => ({ kind: 'unseen', path, reason }));
    }
    case 'S': {
      const stat = statIn(fields);
      return stat && at(fields, 6, fields[5] ?? '', (path) => ({ kind: 'stat', path, stat }));
    }
    case 'V': {
      const numbers = fields.slice(0, 5).map(numberIn);
      if (numbers.some((number) => !Number.isSafeInteger(number))) return undefined;
      return at(fields, 6, fields[5] ?? '', (path) => ({ kind: 'space', path, numbers }));
    }
    // Which processes are agents is a note of the script to itself.
    case 'G':
      return fields.length === 1 ? 'passed over' : undefined;
    default:
      return undefined;
  }
};

const at = (
  fields: readonly string[],
  count: number,
  field: string,
  make: (path: string) => CollectedRecord,
): CollectedRecord | undefined => {
  const path = textIn(field);
  return fields.length === count && path.startsWith('/') && !path.includes('\0') ? make(path) : undefined;
};

const numberIn = (text: string): number => (/^\d{1,16}$/.test(text) ? Number(text) : Number.NaN);

/** `%f %u %g %s %Y` of stat(1): the mode in hexadecimal, owners, size and time. */
const statIn = ([mode = '', ...rest]: readonly string[]): CollectedStat | undefined => {
  const [uid = Number.NaN, gid = Number.NaN, size = Number.NaN, seconds = Number.NaN] = rest
    .slice(0, 4)
    .map((text) => (/^-\d{1,12}$/.test(text) ? Number(text) : numberIn(text)));
  if (!/^[0-9a-f]{1,8}$/.test(mode) || ![uid, gid, size, seconds].every(Number.isSafeInteger)) return undefined;
  const bits = Number.parseInt(mode, 16);
  return { kind: kindOfMode(bits), mode: bits, uid, gid, size, modified: seconds * 1000 };
};

const FORMAT = 0o170000;

const kindOfMode = (mode: number): CollectedStat['kind'] => {
  switch (mode & FORMAT) {
    case 0o100000:
      return 'file';
    case 0o040000:
      return 'folder';
    case 0o120000:
      return 'link';
    default:
      return 'other';
  }
};

/** What would end a field or a line is written as `%09`. */
const bytesIn = (field: string): Buffer =>
  Buffer.from(
    field.includes('%')
      ? field.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      : field,
    'latin1',
  );

const textIn = (field: string): string => textOf(bytesIn(field));
