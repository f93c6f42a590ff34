import type { Field, MessageType } from '../../format/message-type.ts';
import { type WireField, walk } from '../../format/walk.ts';
import { WIRE_BYTES, WIRE_VARINT } from '../../format/wire.ts';
import { isUtf8 } from '../../text/lossless.ts';

/**
 * Says of each stretch of a message's bytes what it is, so that it can be blanked in place. It also says whether the message is sure to be one that the agent wrote:
 * where a byte was changed, a secret may stand where a name is expected.
 */

/** What a stretch of bytes is. What is in none of them is structure: tags, lengths and numbers. */
export type Stretch =
  /** The value of a secret field. `compared`: the agent compares it with others, so different ones must stay different. */
  | 'secret'
  | 'compared'
  /** A string that protobuf refuses for not being UTF-8. */
  | 'invalid'
  /** A text, or bytes, of a field that is known and not secret: the only such bytes are uuids. */
  | 'text'
  | 'bytes'
  /** A text that may be a secret whose tag was changed. */
  | 'doubtful text'
  /** The value of a field that the schema does not have. */
  | 'unknown'
  /** The same, of a number: its bytes keep their form. */
  | 'unknown number'
  /** A number of eight bytes. */
  | 'double'
  /** What is behind the byte that makes the bytes no message. */
  | 'rest';

/** A stretch, and where it is. */
export interface Span {
  readonly what: Stretch;
  readonly start: number;
  readonly end: number;
}

/** What a message's bytes are. */
export interface Scan {
  /** In ascending order, and apart. */
  readonly spans: readonly Span[];
  /** The bytes are exactly what the agent would write of what they say. */
  readonly isSure: boolean;
}

/** What is blanked: what is secret by its meaning, or all that people put secrets into, too. */
export type Scope = 'secrets' | 'all';

/** Walks `bytes[start, end)` as a message of a type. */
export const scan = (type: MessageType, bytes: Buffer, start: number, end: number, scope: Scope): Scan => {
  const walked = walk(type, bytes, start, end);
  const scanner = new Scanner(bytes, scope);
  scanner.message(type, walked.fields, { isCompared: false, isSecret: false });
  // Nothing is known of what is behind the byte at which the walk ended, and what was not looked at may be anything.
  if (!walked.isWhole) scanner.add(walked.isCut ? 'unknown' : 'rest', walked.end, end);
  return { spans: scanner.spans, isSure: walked.isWhole && scanner.isSure };
};

/** A field that a message has. */
interface Member {
  readonly field: Field;
  /** Of an enumeration, its number. */
  readonly value: number;
  /** The index of its first span, if it has one. */
  readonly span: number;
}

/** Where a field is: in a `Resource`, which the agent compares with others, and below a field that is secret as a whole. */
interface Surroundings {
  readonly isCompared: boolean;
  readonly isSecret: boolean;
}

/** Says of the fields of a message what they are. */
class Scanner {
  readonly spans: Span[] = [];
  isSure = true;
  readonly #bytes: Buffer;
  readonly #scope: Scope;

  constructor(bytes: Buffer, scope: Scope) {
    this.#bytes = bytes;
    this.#scope = scope;
  }

  #isSecret({ secret, telling }: Field): boolean {
    return secret || (telling && this.#scope === 'all');
  }

  add(what: Stretch, start: number, end: number): void {
    if (end > start) this.spans.push({ what, start, end });
  }

  message(type: MessageType, fields: readonly WireField[], above: Surroundings): void {
    const place = type.name === 'mesos.Resource' ? { ...above, isCompared: true } : above;
    let last = 0;
    const members: Member[] = [];
    for (const each of fields) {
      // The agent writes fields in the order of their numbers, and each that is no list once.
      const isInOrder = each.number > last || (each.number === last && type.fields[last]?.label === 'repeated');
      if (!isInOrder || !each.isPlain) this.isSure = false;
      last = each.number;
      const span = this.spans.length;
      if (each.field === undefined) this.#unknown(each);
      else {
        this.#field(type, each, each.field, place);
        members.push({ field: each.field, value: intOf(each), span });
      }
    }
    const required = members.filter(({ field }) => field.label === 'required').length;
    if (required < type.requiredCount || hasOtherMember(type, members)) this.isSure = false;
    this.#doubtTexts(type, members);
  }

  /**
   * Where one changed tag would make a secret the text of the field beside it, and there is no secret, the text may be it:
   * it is taken for a text only where it reads like one.
   */
  #doubtTexts(type: MessageType, members: readonly Member[]): void {
    for (const secret of type.fields) {
      if (
        secret === undefined ||
        !this.#isSecret(secret) ||
        secret.message !== undefined ||
        secret.label === 'required'
      )
        continue;
      // Of several, one may be it while the others are where they were.
      if (secret.label !== 'repeated' && members.some(({ field }) => field === secret)) continue;
      members.forEach(({ field, span }, i) => {
        const [before, behind] = [members[i - 1]?.field.number ?? 0, members[i + 1]?.field.number ?? Number.MAX_VALUE];
        const text = this.spans[span];
        const couldBe = before <= secret.number && secret.number <= behind && field.label !== 'required';
        if (!couldBe || text?.what !== 'text' || field.message !== undefined) return;
        if (!isProse(this.#bytes, text)) this.spans[span] = { ...text, what: 'doubtful text' };
      });
    }
  }

  #field(type: MessageType, each: WireField, field: Field, above: Surroundings): void {
    const place = this.#isSecret(field) ? { ...above, isSecret: true } : above;
    if (field.message !== undefined) this.message(field.message, each.fields ?? [], place);
    else if (each.fields !== undefined) {
      // No agent packs the numbers of a list.
      this.isSure = false;
      for (const value of each.fields) this.#number(value, field);
    } else if (each.wire === WIRE_BYTES) this.#text(type, each, field, place);
    else this.#number(each, field);
  }

  #text(type: MessageType, { start, end }: WireField, field: Field, { isCompared, isSecret }: Surroundings): void {
    if (field.kind === 'string' && type.syntax === 'proto3' && !isUtf8(this.#bytes, start, end)) {
      this.add('invalid', start, end);
    } else if (isSecret) this.add(isCompared ? 'compared' : 'secret', start, this.#endOfSecret(field, start, end));
    else {
      this.add(field.kind === 'bytes' ? 'bytes' : 'text', start, end);
      if (!isPlainValue(this.#bytes, start, end, field.kind)) this.isSure = false;
    }
  }

  /** By how its command ends, the agent tells an executor that it has made for a command. */
  #endOfSecret({ secret }: Field, start: number, end: number): number {
    const from = end - COMMAND_EXECUTOR.length;
    const isOne = !secret && from >= start && this.#bytes.toString('latin1', from, end) === COMMAND_EXECUTOR;
    return isOne ? from : end;
  }

  #number(each: WireField, field: Field): void {
    if (field.kind === 'double') this.add('double', each.start, each.end);
    else if (field.kind === 'enum' && field.enum?.nameByNumber.has(intOf(each)) !== true) this.isSure = false;
    if (!each.isPlain) this.isSure = false;
  }

  #unknown({ wire, start, end, fields }: WireField): void {
    this.isSure = false;
    if (fields === undefined) this.add(wire === WIRE_VARINT ? 'unknown number' : 'unknown', start, end);
    else for (const inner of fields) this.#unknown(inner);
  }
}

const COMMAND_EXECUTOR = 'mesos-executor';

/** A varint as protobuf reads an int32 and an enumeration's number. */
const intOf = ({ value }: WireField): number => Number(BigInt.asIntN(32, value ?? 0n));

/**
 * Whether a message that says by its `type` which of its members it has (a `Secret` of type VALUE has a `value`) has
 * another: its tag was changed.
 */
const hasOtherMember = (type: MessageType, members: readonly Member[]): boolean => {
  const names = type.fields.find((field) => field?.name === 'type')?.enum?.nameByNumber;
  if (names === undefined) return false;
  const kind = members.find(({ field }) => field.name === 'type');
  const named = kind === undefined ? undefined : names.get(kind.value)?.toLowerCase();
  return members.some(({ field }) => field.name !== named && isNamed(names, field.name));
};

const isNamed = (names: ReadonlyMap<number, string>, field: string): boolean => {
  for (const name of names.values()) if (name.toLowerCase() === field) return true;
  return false;
};

/** Some words: a secret has no blanks, and a listing of variables has other signs. */
const isProse = (bytes: Buffer, { start, end }: Span): boolean =>
  end - start <= 500 && /^[\w.,:;'()/-]+( [\w.,:;'()/-]+)+$/.test(bytes.toString('latin1', start, end));

/** Whether a value looks like one of its field: a text is no bytes of a message, and the only bytes are uuids. */
const isPlainValue = (bytes: Buffer, start: number, end: number, kind: Field['kind']): boolean => {
  if (kind === 'bytes') return end - start === 16;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if ((byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) || byte === 0x7f) return false;
  }
  return isUtf8(bytes, start, end);
};
