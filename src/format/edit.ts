import { encodeLength } from './encode.ts';
import type { WireField } from './walk.ts';
import { readVarint } from './wire.ts';

/**
 * Changes fields of a message without writing the rest of it again: what is not named keeps its bytes, and only the lengths
 * of what holds a change are new. Fields are those of `walk`, on the same bytes.
 */
export class Edits {
  readonly #instead = new Map<WireField, Uint8Array>();
  readonly #behind = new Map<WireField, Uint8Array[]>();
  readonly #first: Uint8Array[] = [];

  /** Takes a field out. */
  cut(field: WireField): void {
    this.#instead.set(field, new Uint8Array(0));
  }

  /** Puts the bytes of fields in the place of one. */
  replace(field: WireField, bytes: Uint8Array): void {
    this.#instead.set(field, bytes);
  }

  /** Puts the bytes of a field behind another one, or, where there is none, at the front of the message. */
  insert(bytes: Uint8Array, behind: WireField | undefined): void {
    if (behind === undefined) {
      this.#first.push(bytes);
      return;
    }
    const others = this.#behind.get(behind) ?? [];
    this.#behind.set(behind, [...others, bytes]);
  }

  get isEmpty(): boolean {
    return this.#instead.size === 0 && this.#behind.size === 0 && this.#first.length === 0;
  }

  /** The message `bytes[start, end)` with the changes made, by its fields. */
  apply(bytes: Buffer, fields: readonly WireField[], start = 0, end = bytes.length): Buffer {
    if (this.isEmpty) return bytes.subarray(start, end);
    return Buffer.concat([...this.#first, ...this.#parts(bytes, fields, start, end)]);
  }

  #parts(bytes: Buffer, fields: readonly WireField[], start: number, end: number): readonly Uint8Array[] {
    const parts: Uint8Array[] = [];
    let at = start;
    for (const field of fields) {
      parts.push(bytes.subarray(at, field.tag), this.#own(bytes, field), ...(this.#behind.get(field) ?? []));
      at = field.end;
    }
    parts.push(bytes.subarray(at, end));
    return parts;
  }

  #own(bytes: Buffer, field: WireField): Uint8Array {
    const instead = this.#instead.get(field);
    if (instead !== undefined) return instead;
    const { fields, tag, end, isPlain } = field;
    const isMessage = fields !== undefined && field.field?.message !== undefined;
    // A length that reaches past the end of the bytes would take in what is put behind.
    if (!isMessage || (isPlain && !this.#touches(fields))) return bytes.subarray(tag, end);
    const inside = Buffer.concat(this.#parts(bytes, fields, field.start, end));
    return Buffer.concat([bytes.subarray(tag, readVarint(bytes, tag, end)), encodeLength(inside.length), inside]);
  }

  #touches(fields: readonly WireField[]): boolean {
    return fields.some(
      (field) =>
        this.#instead.has(field) ||
        this.#behind.has(field) ||
        (field.fields !== undefined && this.#touches(field.fields)),
    );
  }
}
