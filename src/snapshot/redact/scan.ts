import type { Field, MessageType } from '../../format/message-type.ts';
import { isUtf8 } from '../../text/lossless.ts';

/**
 * Walks the bytes of a message as `src/format/parse.ts` does, with all that protobuf 3.5.0 lets pass, and says what each
 * stretch is, so that it can be blanked in place. It also says whether the message is sure to be one that the agent wrote:
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

const MAX_DEPTH = 100;
const UNLIMITED = 0x7fffffff;

/** Walks `bytes[start, end)` as a message of a type. */
export const scan = (type: MessageType, bytes: Buffer, start: number, end: number): Scan => {
  const walker = new Walker(bytes, start, end);
  const isWhole = walker.message(type, UNLIMITED, { isCompared: false, isSecret: false });
  if (!isWhole) walker.giveUp();
  return { spans: walker.spans, isSure: isWhole && walker.isSure };
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
interface Place {
  readonly isCompared: boolean;
  readonly isSecret: boolean;
}

class Walker {
  readonly spans: Span[] = [];
  isSure = true;
  readonly #bytes: Buffer;
  readonly #base: number;
  readonly #stop: number;
  #at: number;
  #depth = 0;
  #value = 0;
  /** The value has more than 32 bits. */
  #isLong = false;

  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes;
    this.#base = start;
    this.#stop = end;
    this.#at = start;
  }

  /** Nothing is known of what is behind the byte at which the walk ended. */
  giveUp(): void {
    this.isSure = false;
    this.#add('rest', this.#at, this.#stop);
  }

  message(type: MessageType, limit: number, above: Place): boolean {
    const end = limit === UNLIMITED ? this.#stop : Math.min(this.#stop, this.#base + limit);
    if (limit !== UNLIMITED && this.#base + limit > this.#stop) this.isSure = false;
    const place = type.name === 'mesos.Resource' ? { ...above, isCompared: true } : above;
    let last = 0;
    const members: Member[] = [];
    while (this.#at < end) {
      if (!this.#varint(end)) return false;
      const number = this.#value >>> 3;
      const wire = this.#value & 7;
      if (this.#isLong || number === 0) this.isSure = false;
      if (number === 0) return false;
      const field = type.fields[number];
      // The agent writes fields in the order of their numbers, and each that is no list once.
      if (number < last || (number === last && field?.label !== 'repeated')) this.isSure = false;
      last = number;
      const at = this.spans.length;
      if (!this.#field(type, field, number, wire, limit, end, place)) return false;
      if (field !== undefined) members.push({ field, value: this.#value, span: at });
    }
    const required = members.filter(({ field }) => field.label === 'required').length;
    if (required < type.requiredCount || hasOtherMember(type, members)) this.isSure = false;
    this.#doubtTexts(type, members);
    return true;
  }

  /**
   * Where one changed tag would make a secret the text of the field beside it, and there is no secret, the text may be it:
   * it is taken for a text only where it reads like one.
   */
  #doubtTexts(type: MessageType, members: readonly Member[]): void {
    for (const secret of type.fields) {
      if (secret?.secret !== true || secret.message !== undefined || secret.label === 'required') continue;
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

  #field(
    type: MessageType,
    field: Field | undefined,
    number: number,
    wire: number,
    limit: number,
    end: number,
    place: Place,
  ): boolean {
    const expected = field === undefined ? -1 : wireOf(field);
    if (field !== undefined && wire === expected) {
      const inside = field.secret ? { ...place, isSecret: true } : place;
      if (field.kind === 'message') return this.#subMessage(field, limit, end, inside);
      if (wire === 2) return this.#text(type, field, end, inside);
      return this.#number(field, end);
    }
    this.isSure = false;
    if (field !== undefined && wire === 2 && field.label === 'repeated' && expected !== 2) {
      return this.#packed(field, limit, end);
    }
    return this.#unknown(wire, number, end);
  }

  #subMessage(field: Field, limit: number, end: number, place: Place): boolean {
    if (!this.#varint(end)) return false;
    if (this.#isLong || this.#value > UNLIMITED || ++this.#depth > MAX_DEPTH) return false;
    const { message } = field;
    if (message === undefined) return false;
    const inside = this.#limitAfter(this.#value, limit);
    if (inside !== this.#at - this.#base + this.#value) this.isSure = false;
    if (!this.message(message, inside, place)) return false;
    this.#depth--;
    return true;
  }

  #text(type: MessageType, field: Field, end: number, { isCompared, isSecret }: Place): boolean {
    if (!this.#varint(end)) return false;
    const from = this.#at;
    if (this.#value > end - from) return false;
    if (this.#isLong) this.isSure = false;
    const to = from + this.#value;
    if (field.kind === 'string' && type.syntax === 'proto3' && !isUtf8(this.#bytes, from, to)) {
      this.#add('invalid', from, to);
      this.#at = to;
      return false;
    }
    if (isSecret) this.#add(isCompared ? 'compared' : 'secret', from, to);
    else {
      this.#add(field.kind === 'bytes' ? 'bytes' : 'text', from, to);
      if (!isPlainValue(this.#bytes, from, to, field.kind)) this.isSure = false;
    }
    this.#at = to;
    return true;
  }

  #number(field: Field, end: number): boolean {
    if (field.kind === 'double') {
      if (end - this.#at < 8) return false;
      this.#add('double', this.#at, this.#at + 8);
      this.#at += 8;
      return true;
    }
    if (!this.#varint(end)) return false;
    if (field.kind === 'enum' && field.enum?.nameByNumber.has(this.#value | 0) !== true) this.isSure = false;
    return true;
  }

  #packed(field: Field, limit: number, outer: number): boolean {
    if (!this.#varint(outer)) return false;
    if (field.kind !== 'enum' && (this.#isLong || this.#value > UNLIMITED)) return false;
    const inside = this.#limitAfter(this.#value, limit);
    if (inside === UNLIMITED) return true;
    const end = Math.min(this.#stop, this.#base + inside);
    while (this.#at - this.#base < inside) if (!this.#number(field, end)) return false;
    return true;
  }

  #unknown(wire: number, number: number, end: number): boolean {
    const from = this.#at;
    switch (wire) {
      case 0:
        if (!this.#varint(end)) return false;
        this.#add('unknown number', from, this.#at);
        return true;
      case 1:
      case 5: {
        const size = wire === 1 ? 8 : 4;
        if (end - from < size) return false;
        this.#at += size;
        this.#add('unknown', from, this.#at);
        return true;
      }
      case 2:
        if (!this.#varint(end) || this.#value > end - this.#at) return false;
        this.#add('unknown', this.#at, this.#at + this.#value);
        this.#at += this.#value;
        return true;
      case 3:
        return this.#group(number, end);
      default:
        return false;
    }
  }

  #group(number: number, end: number): boolean {
    if (++this.#depth > MAX_DEPTH) return false;
    while (this.#at < end) {
      if (!this.#varint(end)) return false;
      const inner = this.#value >>> 3;
      const wire = this.#value & 7;
      if (wire === 4) {
        this.#depth--;
        return inner === number;
      }
      if (inner === 0 || !this.#unknown(wire, inner, end)) return false;
    }
    return false;
  }

  #limitAfter(length: number, limit: number): number {
    const position = this.#at - this.#base;
    return length <= UNLIMITED - position && length < limit - position ? position + length : limit;
  }

  /** Reads a varint into `#value` (its low 32 bits); one with bytes that say nothing is none that the agent writes. */
  #varint(end: number): boolean {
    let low = 0;
    let isLong = false;
    for (let i = 0; i < 10; i++) {
      if (this.#at >= end) return false;
      const byte = this.#bytes[this.#at++] as number;
      const bits = byte & 0x7f;
      if (i < 5) low |= bits << (7 * i);
      if ((i === 4 && bits > 0x0f) || (i > 4 && bits !== 0)) isLong = true;
      if (byte < 0x80) {
        if (byte === 0 && i > 0) this.isSure = false;
        this.#value = low >>> 0;
        this.#isLong = isLong;
        return true;
      }
    }
    return false;
  }

  #add(what: Stretch, start: number, end: number): void {
    if (end > start) this.spans.push({ what, start, end });
  }
}

/**
 * Whether a message that says by its `type` which of its members it has (a `Secret` of type VALUE has a `value`) has
 * another: its tag was changed.
 */
const hasOtherMember = (type: MessageType, members: readonly Member[]): boolean => {
  const names = type.fields.find((field) => field?.name === 'type')?.enum?.nameByNumber;
  if (names === undefined) return false;
  const kind = members.find(({ field }) => field.name === 'type');
  const named = kind === undefined ? undefined : names.get(kind.value | 0)?.toLowerCase();
  return members.some(({ field }) => field.name !== named && isNamed(names, field.name));
};

const isNamed = (names: ReadonlyMap<number, string>, field: string): boolean => {
  for (const name of names.values()) if (name.toLowerCase() === field) return true;
  return false;
};

/** Some words: a secret has no blanks, and a listing of variables has other signs. */
const isProse = (bytes: Buffer, { start, end }: Span): boolean =>
  end - start <= 500 && /^[\w.,:;'()/-]+( [\w.,:;'()/-]+)+$/.test(bytes.toString('latin1', start, end));

const wireOf = ({ kind }: Field): number =>
  kind === 'double' ? 1 : kind === 'string' || kind === 'bytes' || kind === 'message' ? 2 : 0;

/** Whether a value looks like one of its field: a text is no bytes of a message, and the only bytes are uuids. */
const isPlainValue = (bytes: Buffer, start: number, end: number, kind: Field['kind']): boolean => {
  if (kind === 'bytes') return end - start === 16;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if ((byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) || byte === 0x7f) return false;
  }
  return isUtf8(bytes, start, end);
};
