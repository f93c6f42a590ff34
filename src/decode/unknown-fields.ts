import type { MessageType } from '../format/message-type.ts';
import { type WireField, walk } from '../format/walk.ts';

/** A field of a message that its schema does not have. */
export interface UnknownField {
  /** The names of the fields that lead to the message that it is in; empty at the top. */
  readonly within: readonly string[];
  readonly field: WireField;
}

/** The fields of a message, and of those in it, that the schema does not have, in the order of the bytes. */
export const unknownFieldsOf = (type: MessageType, bytes: Buffer): readonly UnknownField[] => {
  const found: UnknownField[] = [];
  const look = (fields: readonly WireField[], within: readonly string[]): void => {
    for (const field of fields) {
      if (field.field === undefined) found.push({ within, field });
      else if (field.field.message !== undefined) look(field.fields ?? [], [...within, field.field.name]);
    }
  };
  look(walk(type, bytes).fields, []);
  return found;
};
