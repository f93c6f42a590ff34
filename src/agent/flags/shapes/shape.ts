/** How the messages are written down that a flag's JSON is read into, and no checkpoint holds. */

import type { EnumType, Field, MessageType, ValueKind } from '../../../format/message-type.ts';

/** A field, before its message gives it a name and a number. */
export type FieldShape = Omit<Field, 'number' | 'name'>;

const field = (label: Field['label'], type: ValueKind | MessageType | EnumType): FieldShape => {
  const plain = {
    label,
    message: undefined,
    enum: undefined,
    isMap: false,
    oneof: undefined,
    secret: false,
    telling: false,
  };
  if (typeof type === 'string') return { ...plain, kind: type };
  return 'fields' in type ? { ...plain, kind: 'message', message: type } : { ...plain, kind: 'enum', enum: type };
};

/** A field that may be set. */
export const optional = (type: ValueKind | MessageType | EnumType): FieldShape => field('optional', type);
/** A field that has to be set. */
export const required = (type: ValueKind | MessageType | EnumType): FieldShape => field('required', type);
/** A field that may be set any number of times. */
export const repeated = (type: ValueKind | MessageType | EnumType): FieldShape => field('repeated', type);

/** A message of some fields. JSON names fields, so that their numbers are of no account. */
export const message = (name: string, fields: Readonly<Record<string, FieldShape>>): MessageType => {
  const numbered = Object.entries(fields).map(([each, shape], i): Field => ({ ...shape, name: each, number: i + 1 }));
  return {
    name,
    fields: [undefined, ...numbered],
    syntax: 'proto2',
    requiredCount: numbered.filter(({ label }) => label === 'required').length,
  };
};

/** An enumeration of some names. */
export const enumeration = (name: string, ...names: readonly string[]): EnumType => ({
  name,
  nameByNumber: new Map(names.map((each, i) => [i, each])),
});
