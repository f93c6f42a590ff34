import type { EnumType, Field, MessageType, ValueKind } from '../format/message-type.ts';
import { enums, mapEntries, messages, type Row } from './generated/messages.ts';
import type { MessageTypes } from './generated/types.ts';
import { isSecret, isTelling } from './secrets.ts';

type FieldCells = readonly [number: number, name: string, label: Field['label'], type: string, oneof: string];
type EnumCells = readonly [number: number, name: string];

const builtMessages = new Map<string, MessageType>();
const builtEnums = new Map<string, EnumType>();

/** The full names of all messages, sorted; those behind maps are not among them. */
export const messageNames = Object.keys(messages) as readonly (keyof MessageTypes)[];

/** Whether a text is the full name of a message, `mesos.internal.StatusUpdateRecord`. */
export function isMessageName(name: string): name is keyof MessageTypes {
  return Object.hasOwn(messages, name);
}

/** The description of a message; built when first asked for, then shared. */
export function messageType(name: keyof MessageTypes): MessageType {
  return builtMessages.get(name) ?? buildMessage(name, messages[name]);
}

function buildMessage(name: string, row: Row): MessageType {
  const [syntax, ...cells] = row;
  const fields: (Field | undefined)[] = [];
  const type = { name, fields, syntax, requiredCount: 0 };
  builtMessages.set(name, type);
  for (const fieldCells of inGroups<FieldCells>(cells, 5)) {
    const field = new SchemaField(name, fieldCells);
    while (fields.length < field.number) fields.push(undefined);
    fields[field.number] = field;
    if (field.label === 'required') type.requiredCount += 1;
  }
  return type;
}

/** A field, of which the message or the enumeration is built when it is first asked for: what one small checkpoint holds are few of them. */
class SchemaField implements Field {
  readonly number: number;
  readonly name: string;
  readonly label: Field['label'];
  readonly kind: ValueKind;
  readonly isMap: boolean;
  readonly oneof: string | undefined;
  readonly secret: boolean;
  readonly telling: boolean;
  readonly #typeName: string;
  #message: MessageType | undefined;
  #enum: EnumType | undefined;

  constructor(messageName: string, [number, name, label, typeName, oneof]: FieldCells) {
    this.number = number;
    this.name = name;
    this.label = label;
    this.isMap = Object.hasOwn(mapEntries, typeName);
    this.kind =
      this.isMap || isMessageName(typeName)
        ? 'message'
        : Object.hasOwn(enums, typeName)
          ? 'enum'
          : (typeName as ValueKind);
    this.oneof = oneof === '' ? undefined : oneof;
    this.secret = isSecret(messageName, name);
    this.telling = isTelling(messageName, name);
    this.#typeName = typeName;
  }

  get message(): MessageType | undefined {
    if (this.kind === 'message') this.#message ??= findMessage(this.#typeName);
    return this.#message;
  }

  get enum(): EnumType | undefined {
    if (this.kind === 'enum') this.#enum ??= findEnum(this.#typeName);
    return this.#enum;
  }
}

function findMessage(name: string): MessageType | undefined {
  const built = builtMessages.get(name);
  if (built !== undefined) return built;
  const row = isMessageName(name) ? messages[name] : mapEntries[name];
  return row && buildMessage(name, row);
}

function findEnum(name: string): EnumType | undefined {
  const built = builtEnums.get(name);
  if (built !== undefined) return built;
  const cells = enums[name];
  if (cells === undefined) return undefined;
  const type = { name, nameByNumber: new Map(inGroups<EnumCells>(cells, 2)) };
  builtEnums.set(name, type);
  return type;
}

function* inGroups<Cells>(cells: readonly (number | string)[], size: number): Generator<Cells> {
  for (let at = 0; at < cells.length; at += size) yield cells.slice(at, at + size) as Cells;
}
