/**
 * What the wire reader has to know of a message: a plain description, filled in by `src/schema/`.
 * It is deliberately smaller than a protobuf descriptor: just what decides whether bytes parse, and under which name a
 * value is kept.
 */

/** How a field's value is laid out and understood. */
export type ValueKind =
  | 'bool'
  | 'bytes'
  | 'double'
  | 'enum'
  | 'int32'
  | 'int64'
  | 'message'
  | 'string'
  | 'uint32'
  | 'uint64';

/** An enumeration: a number that is not in it is, to proto2, an unknown field. */
export interface EnumType {
  readonly name: string;
  readonly nameByNumber: ReadonlyMap<number, string>;
}

/** One field of a message. */
export interface Field {
  readonly number: number;
  /** The name as the schema spells it, `framework_id`. */
  readonly name: string;
  readonly label: 'optional' | 'required' | 'repeated';
  readonly kind: ValueKind;
  /** The message's type, of a field of kind `message`. */
  readonly message: MessageType | undefined;
  /** The enumeration, of a field of kind `enum`. */
  readonly enum: EnumType | undefined;
  /** A map: on the wire a repeated message of `key` (1) and `value` (2). */
  readonly isMap: boolean;
  /** The oneof that the field belongs to: setting one member clears the others. */
  readonly oneof: string | undefined;
  /** Must never reach a screen or a file unasked: see `secrets` in `src/schema/`. */
  readonly secret: boolean;
  /** May hold a secret by the way in which people use it. */
  readonly telling: boolean;
}

/** A message. */
export interface MessageType {
  /** The full name, `mesos.internal.StatusUpdateRecord`. */
  readonly name: string;
  /** By field number; holes are unknown fields. */
  readonly fields: readonly (Field | undefined)[];
  /** proto3 refuses strings that are not UTF-8 and keeps enum numbers that it does not know; proto2 does neither. */
  readonly syntax: 'proto2' | 'proto3';
  /** How many of the fields are required. */
  readonly requiredCount: number;
}
