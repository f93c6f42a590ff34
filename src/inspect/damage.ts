import { parseInteger } from '../agent/numbers.ts';
import { type AnyFile, eachFile } from '../checkpoint/each-file.ts';
import type { LatestLink, RecordFile, TextFile, UpdateLog } from '../checkpoint/files.ts';
import type { FilesOf } from '../checkpoint/model.ts';
import type { Ending } from '../format/records.ts';
import type { FolderKind } from '../layout/folders.ts';
import { type CheckpointFileKind, rowOf, type TextContent } from '../layout/kinds.ts';
import { damageText } from '../recovery/damage.ts';
import { parsePid } from '../recovery/pid.ts';
import { isRead, type Rules } from '../recovery/versions.ts';
import { errnoText } from '../source/errno.ts';
import { quoted } from '../text/excerpt.ts';
import type { DamageKind, InspectedDamage } from './inspected.ts';

/** Whether the agent can do without a file. */
export type Need = 'needed' | 'optional';

/** Damage of a whole file, or at an offset in it. */
export const damageAt = (
  kind: DamageKind,
  path: string,
  reason: string,
  at: { readonly offset?: number; readonly record?: number } = {},
): InspectedDamage => ({ kind, path, reason, offset: at.offset, record: at.record });

const NONE: readonly InspectedDamage[] = Object.freeze([]);

const absent = (path: string, vanished: boolean, need: Need): readonly InspectedDamage[] =>
  need === 'optional'
    ? NONE
    : [damageAt('missing', path, vanished ? 'it vanished while it was read' : 'it is not there')];

/** What is wrong with a file with one record. */
const damageOfRecord = (path: string, file: RecordFile<unknown>, need: Need): readonly InspectedDamage[] => {
  switch (file.kind) {
    case 'absent':
      return absent(path, file.vanished, need);
    case 'empty':
      return [damageAt('empty', path, 'it is empty')];
    case 'whole':
      return file.zeros ? [damageAt('zeros', path, `it is full of zeros (${file.size} bytes)`)] : NONE;
    case 'torn':
    case 'bad':
      return file.zeros
        ? [damageAt('zeros', path, damageText.of(file))]
        : [damageAt(file.kind === 'bad' ? 'unparsable' : 'torn', path, damageText.of(file), { offset: 0, record: 1 })];
    case 'oversized':
      return [damageAt('oversized', path, damageText.of(file), { offset: 0, record: 1 })];
    case 'unreadable':
      return [damageAt('unreadable', path, damageText.of(file))];
  }
};

/** What is wrong with the end of a file of records, and how much of it is lost by that. */
export const damageOfEnding = (
  path: string,
  ending: Ending,
  records: number,
  size: number,
): readonly InspectedDamage[] => {
  if (ending.kind === 'clean') return NONE;
  const { kind, offset } = ending;
  const reason = `${damageText.atEnd(ending)}; nothing from byte ${offset} on is read, of ${size}`;
  return [damageAt(kind === 'bad' ? 'unparsable' : kind, path, reason, { offset, record: records + 1 })];
};

/** What is wrong with the uuids in a log of updates. */
export const damageOfUuids = (path: string, log: UpdateLog): readonly InspectedDamage[] => {
  const damage: InspectedDamage[] = [];
  if (log.badUpdate !== undefined) {
    damage.push(damageAt('invalid-uuid', path, 'the uuid of an update is not valid', log.badUpdate));
  }
  if (log.badAcknowledgement !== undefined) {
    damage.push(damageAt('invalid-uuid', path, 'the uuid of an acknowledgement is not valid', log.badAcknowledgement));
  }
  return damage;
};

/** What a text ought to be, for the reader of a reason, and whether it is that to the agent. */
interface Expected {
  readonly name: string;
  readonly isTaken: (text: string) => boolean;
}

/** A host name is looked up by the agent: whether it is a pid is not ours to say. */
const isPid = (text: string): boolean => {
  const { malformed, hostName } = parsePid(text);
  return !malformed || hostName !== undefined;
};

const EXPECTED: Readonly<Record<TextContent, Expected>> = {
  number: { name: 'number', isTaken: (text) => parseInteger(text) !== undefined },
  pid: { name: 'pid', isTaken: isPid },
  'boot id': { name: 'text', isTaken: () => true },
};

/** What is wrong with a text. */
const damageOfText = (path: string, file: TextFile, need: Need, expected: Expected): readonly InspectedDamage[] => {
  if (file.kind === 'absent') return absent(path, file.vanished, need);
  if (file.kind === 'unreadable') {
    return [damageAt('unreadable', path, damageText.unreadable(file))];
  }
  if (file.text === '') return [damageAt('empty', path, 'it is empty')];
  if (file.zeros) return [damageAt('zeros', path, 'it is full of zeros')];
  return expected.isTaken(file.text)
    ? NONE
    : [damageAt('malformed', path, `${quoted(file.text)} is not a ${expected.name} to the agent`)];
};

/** What is wrong with a `latest` link. */
export const damageOfLatest = (path: string, link: LatestLink, need: Need): readonly InspectedDamage[] => {
  switch (link.kind) {
    case 'absent':
      return absent(path, link.vanished, need);
    case 'found':
      return link.target === undefined ? [damageAt('malformed', path, 'it is not a link')] : NONE;
    case 'dangling':
      return [damageAt('dangling', path, `it leads nowhere: ${link.target} is not there`)];
    case 'unresolvable':
      return [damageAt('unreadable', path, `it cannot be followed: ${errnoText(link.code)}`)];
    case 'outside':
      return link.beside
        ? [damageAt('dangling', path, `it leaves the work_dir, to ${link.target}; what it names is beside it`)]
        : [damageAt('unreadable', path, `it leaves the tree, to ${link.target}; it was not followed`)];
  }
};

/** What is wrong with a file that a version with these rules reads; of a log that can be opened, more has to be asked. */
export const damageOfFile = (
  kind: CheckpointFileKind,
  path: string,
  file: AnyFile,
  rules: Rules,
): readonly InspectedDamage[] => {
  if (!isRead(kind, rules)) return NONE;
  const { isNeeded, text } = rowOf(kind);
  const need = isNeeded === true ? 'needed' : 'optional';
  if (text !== undefined) return damageOfText(path, file as TextFile, need, EXPECTED[text]);
  if (file.kind === 'log') return NONE;
  return file.kind === 'records'
    ? damageOfEnding(path, file.ending, file.values.length, file.size)
    : damageOfRecord(path, file as RecordFile<unknown>, need);
};

/** What is wrong with the files of a folder. */
export const damageOfFiles = <F extends FolderKind>(
  folder: F,
  path: string,
  model: FilesOf<F>,
  rules: Rules,
): readonly InspectedDamage[] => {
  const damage: InspectedDamage[] = [];
  eachFile(folder, path, model, (at, file, kind) => damage.push(...damageOfFile(kind, at, file, rules)));
  return damage;
};
