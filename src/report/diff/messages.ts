import { createHash } from 'node:crypto';
import { structuredPatch } from 'diff';
import type { Difference } from '../../compare/compare.ts';
import type { RecordsSide } from '../../compare/sides.ts';
import { DecodedMessage } from '../../decode/message.ts';
import { parse, WireFailure } from '../../format/parse.ts';
import { shapeOf } from '../../format/shape.ts';
import { walk } from '../../format/walk.ts';
import { messageType, type Resource } from '../../schema/index.ts';
import { writeMessage } from '../decode/text.ts';
import { isReservation, isVolume, resourceNotation } from '../inspect/resources.ts';
import { holdsResources } from './words.ts';

/** Lines around a change. */
const CONTEXT = 2;
/** A message that differs in more lines is said to differ: to find out how would take long, and nobody would read it. */
const MOST_EDITS = 2000;

type RecordsDifference = Difference & { readonly kind: 'file'; readonly a: RecordsSide; readonly b: RecordsSide };

/** Whether both trees have messages in a file, so that they can be compared line by line. */
export const hasMessages = (difference: Difference): difference is RecordsDifference =>
  difference.kind === 'file' && difference.a.kind === 'records' && difference.b.kind === 'records';

/** Characters of one side that are compared line by line. */
const MOST_OF_A_TEXT = 16 * 1024 * 1024;

/** A difference of messages in protobuf's text format, as lines that begin with a blank, `-` or `+`; undefined of too many. */
export const messagePatch = ({ a, b }: RecordsDifference, showSecrets: boolean): readonly string[] | undefined => {
  const [before, after] = [textOf(a, showSecrets), textOf(b, showSecrets)];
  if (before === undefined || after === undefined) return undefined;
  const patch = structuredPatch('', '', before, after, undefined, undefined, {
    context: CONTEXT,
    maxEditLength: MOST_EDITS,
  });
  return patch?.hunks.flatMap(({ lines }, i) => [...(i === 0 ? [] : ['...']), ...lines]);
};

/** The messages of a file as text; undefined where that is too long. */
const textOf = ({ type, messages }: RecordsSide, showSecrets: boolean): string | undefined => {
  const pieces: string[] = [];
  let size = 0;
  const write = (piece: string): void => {
    size += piece.length;
    if (size <= MOST_OF_A_TEXT) pieces.push(piece);
  };
  for (const [i, bytes] of messages.entries()) {
    const message = new DecodedMessage(messageType(type));
    const { fields, isCut } = walk(messageType(type), bytes);
    message.add(fields, bytes);
    if (messages.length > 1) write(`# record ${i + 1}\n`);
    writeMessage(message, bytes, { showSecrets, sayOfLarge: sumText, write });
    if (isCut || size > MOST_OF_A_TEXT) return undefined;
  }
  return pieces.join('');
};

/** Large values of which the beginnings are the same are told apart by what tells all of their bytes. */
const sumText = (value: Buffer): string => `SHA-256 ${createHash('sha256').update(value).digest('hex')}`;

/** What was reserved, or is a volume, in one tree alone, as the agent writes resources. */
export interface ResourceChanges {
  readonly came: readonly string[];
  readonly went: readonly string[];
}

/** Reservations and volumes that came and went, of a file that holds them; undefined of other files. */
export const resourceChanges = (difference: Difference): ResourceChanges | undefined => {
  if (!hasMessages(difference) || !holdsResources(difference.file)) return undefined;
  const [before, after] = [wordsOf(difference.a), wordsOf(difference.b)];
  return { came: without(after, before), went: without(before, after) };
};

/** Each of `some` that is not among `others`, as often as it is there more often. */
const without = (some: readonly string[], others: readonly string[]): readonly string[] => {
  const left = new Map<string, number>();
  for (const each of others) left.set(each, (left.get(each) ?? 0) + 1);
  return some.filter((each) => {
    const number = left.get(each) ?? 0;
    if (number > 0) left.set(each, number - 1);
    return number === 0;
  });
};

const wordsOf = ({ type, messages }: RecordsSide): readonly string[] =>
  messages.flatMap((bytes) => {
    const resources = type === 'mesos.Resource' ? resourceIn(bytes) : resourcesIn(bytes);
    return resources.map((resource) => {
      const what = isVolume(resource) ? 'volume' : isReservation(resource) ? 'reservation' : 'resource';
      return `${what} ${resourceNotation([resource])}`;
    });
  });

const resourceIn = (bytes: Buffer): readonly Resource[] => {
  const read = parse(shapeOf(messageType('mesos.Resource'), true), bytes);
  return read instanceof WireFailure ? [] : [read as unknown as Resource];
};

const resourcesIn = (bytes: Buffer): readonly Resource[] => {
  const read = parse(shapeOf(messageType('mesos.internal.slave.ResourceState'), { resources: true }), bytes);
  return read instanceof WireFailure ? [] : (read['resources'] as readonly Resource[]);
};
