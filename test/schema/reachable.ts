import type { EnumType, Field, MessageType } from '../../src/format/message-type.ts';
import { messageNames, messageType } from '../../src/schema/index.ts';

/** Every message type that can be built, those behind maps too, by full name. */
export function allMessageTypes(): Map<string, MessageType> {
  const found = new Map<string, MessageType>();
  const visit = (type: MessageType): void => {
    if (found.has(type.name)) return;
    found.set(type.name, type);
    for (const field of fieldsOf(type)) if (field.message) visit(field.message);
  };
  for (const name of messageNames) visit(messageType(name));
  return found;
}

/** Every enumeration that a field has, by full name. */
export function allEnumTypes(): Map<string, EnumType> {
  const found = new Map<string, EnumType>();
  for (const type of allMessageTypes().values()) {
    for (const field of fieldsOf(type)) if (field.enum) found.set(field.enum.name, field.enum);
  }
  return found;
}

/** The fields of a message, without the holes. */
export function fieldsOf(type: MessageType): Field[] {
  return type.fields.filter((field) => field !== undefined);
}
