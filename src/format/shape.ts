import type { EnumType, Field, MessageType } from './message-type.ts';
import { wireOf } from './wire.ts';

/**
 * What to keep of a message: `true` keeps it whole, an object keeps the fields named in it. What is not kept is still
 * checked, without an object being made of it.
 */
export type Selection = true | { readonly [field: string]: Selection };

/** Of a field that has to be there, whatever the schema says: without it, a message is not plain (`isPlain`). */
export const DEMANDED = 'demanded';

/**
 * What a scan notes of a message, without an object being made of it: a number is the place among the marks where the start
 * and the end of a text, of a list of bytes or of a message are put, or a number's value; what is nested notes more of a message.
 */
export interface Watch {
  readonly [field: string]: number | typeof DEMANDED | Watch;
}

/** A field as the reader wants it: small numbers, and the shape of what is below. */
export interface Slot {
  readonly field: Field;
  readonly name: string;
  /** The wire type of one value. */
  readonly wire: number;
  readonly repeated: boolean;
  readonly keep: boolean;
  /** Where a scan notes its value; -1 where it does not. */
  readonly mark: number;
  /** Which bit of the required and demanded fields this is; 0 where it is neither. */
  readonly requiredBit: number;
  readonly enumeration: EnumType | undefined;
  /** The other members of its oneof. */
  readonly rivals: readonly string[];
  /** The shape of the message's fields; made when first met, because messages contain themselves. */
  sub: Shape | undefined;
}

/** A message's type, compiled for one selection. */
export interface Shape {
  readonly type: MessageType;
  readonly selection: Selection;
  readonly watch: Watch;
  readonly slots: readonly (Slot | undefined)[];
  /** The names of the kept fields that are lists, and of those that are maps: they are always there. */
  readonly lists: readonly string[];
  readonly maps: readonly string[];
  readonly requiredMask: number;
  readonly keepsAny: boolean;
  /** proto3: strings must be UTF-8, and enum numbers are kept whatever they are. */
  readonly proto3: boolean;
}

const NOTHING: Selection = Object.freeze({});
const whole = new WeakMap<MessageType, Shape>();
const checked = new WeakMap<MessageType, Shape>();

/**
 * Compiles a type and a selection. Shapes of the whole message and of nothing are made once a type.
 * Throws where the selection names a field that the type does not have: that is a mistake in this program.
 */
export const shapeOf = (type: MessageType, selection: Selection): Shape => {
  if (selection === true) return remembered(whole, type, true);
  for (const name of Object.keys(selection)) {
    if (!type.fields.some((field) => field?.name === name)) throw new TypeError(`${type.name} has no field ${name}`);
  }
  return Object.keys(selection).length === 0 ? remembered(checked, type, NOTHING) : compile(type, selection);
};

const remembered = (shapes: WeakMap<MessageType, Shape>, type: MessageType, selection: Selection): Shape => {
  let shape = shapes.get(type);
  if (shape === undefined) {
    shape = compile(type, selection);
    shapes.set(type, shape);
  }
  return shape;
};

/** Compiles a type for `scan`: all of it is checked, nothing is kept, and what is watched is noted. */
export const scanShapeOf = (type: MessageType, watch: Watch): Shape => {
  for (const name of Object.keys(watch)) {
    if (!type.fields.some((field) => field?.name === name)) throw new TypeError(`${type.name} has no field ${name}`);
  }
  return Object.keys(watch).length === 0 ? shapeOf(type, NOTHING) : compile(type, NOTHING, watch);
};

const NOTHING_WATCHED: Watch = Object.freeze({});

const compile = (type: MessageType, selection: Selection, watch: Watch = NOTHING_WATCHED): Shape => {
  const lists: string[] = [];
  const maps: string[] = [];
  let nextBit = 1;
  let requiredMask = 0;
  const slots = type.fields.map((field): Slot | undefined => {
    if (field === undefined) return undefined;
    const keep = selection === true || selection[field.name] !== undefined;
    const watched = watch[field.name];
    let requiredBit = 0;
    if (field.label === 'required' || watched === DEMANDED) {
      requiredBit = nextBit;
      requiredMask |= nextBit;
      nextBit <<= 1;
    }
    if (keep && field.isMap) maps.push(field.name);
    else if (keep && field.label === 'repeated') lists.push(field.name);
    return {
      field,
      name: field.name,
      wire: wireOf(field),
      repeated: field.label === 'repeated',
      keep,
      mark: typeof watched === 'number' ? watched : -1,
      requiredBit,
      enumeration: field.enum,
      rivals:
        field.oneof === undefined
          ? []
          : type.fields.flatMap((other) =>
              other !== undefined && other !== field && other.oneof === field.oneof ? [other.name] : [],
            ),
      sub: undefined,
    };
  });
  return {
    type,
    selection,
    watch,
    slots,
    lists,
    maps,
    requiredMask,
    keepsAny: slots.some((slot) => slot?.keep === true),
    proto3: type.syntax === 'proto3',
  };
};

/** The shape of a message field's own fields. */
export const subShape = (shape: Shape, slot: Slot): Shape => {
  if (slot.sub === undefined) {
    const { message } = slot.field;
    if (message === undefined) throw new TypeError(`${shape.type.name}.${slot.name} is not a message`);
    // A map's entry is kept whole or not at all.
    const selection =
      !slot.keep || shape.selection === true || slot.field.isMap ? slot.keep || NOTHING : shape.selection[slot.name];
    const watch = shape.watch[slot.name];
    slot.sub = typeof watch === 'object' ? scanShapeOf(message, watch) : shapeOf(message, selection ?? NOTHING);
  }
  return slot.sub;
};

/** A new object for a shape's kept fields: lists and maps empty, the rest absent. */
export const emptyMessage = (shape: Shape): Record<string, unknown> => {
  const message: Record<string, unknown> = {};
  for (const name of shape.lists) message[name] = [];
  for (const name of shape.maps) message[name] = new Map();
  return message;
};
