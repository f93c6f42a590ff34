import type { EnumType, Field, MessageType } from './message-type.ts';

/**
 * What to keep of a message: `true` keeps it whole, an object keeps the fields named in it. What is not kept is still
 * checked, without an object being made of it.
 */
export type Selection = true | { readonly [field: string]: Selection };

/**
 * What a scan notes of a message, without an object being made of it: a number is the place among the marks where a
 * text's or a list of bytes' start and end are put, or a number's value; what is nested notes more of a message.
 */
export interface Watch {
  readonly [field: string]: number | Watch;
}

/** The wire types that a reader meets. */
export const WIRE_VARINT = 0;
export const WIRE_FIXED64 = 1;
export const WIRE_BYTES = 2;
export const WIRE_START_GROUP = 3;
export const WIRE_END_GROUP = 4;
export const WIRE_FIXED32 = 5;

/** A field as the reader wants it: small numbers, and the plan of what is below. */
export interface Slot {
  readonly field: Field;
  readonly name: string;
  /** The wire type of one value. */
  readonly wire: number;
  readonly repeated: boolean;
  readonly keep: boolean;
  /** Where a scan notes its value; -1 where it does not. */
  readonly mark: number;
  /** Which bit of the required fields this is; 0 where it is not required. */
  readonly requiredBit: number;
  readonly enumeration: EnumType | undefined;
  /** The other members of its oneof. */
  readonly rivals: readonly string[];
  /** The plan of the message's fields; made when first met, because messages contain themselves. */
  sub: Plan | undefined;
}

/** A message's type, compiled for one selection. */
export interface Plan {
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

const wireOf = (field: Field): number => {
  switch (field.kind) {
    case 'double':
      return WIRE_FIXED64;
    case 'string':
    case 'bytes':
    case 'message':
      return WIRE_BYTES;
    default:
      return WIRE_VARINT;
  }
};

const NOTHING: Selection = Object.freeze({});
const whole = new WeakMap<MessageType, Plan>();
const checked = new WeakMap<MessageType, Plan>();

/**
 * Compiles a type and a selection. Plans of the whole message and of nothing are made once a type.
 * Throws where the selection names a field that the type does not have: that is a mistake in this program.
 */
export const planOf = (type: MessageType, selection: Selection): Plan => {
  if (selection === true) return remembered(whole, type, true);
  for (const name of Object.keys(selection)) {
    if (!type.fields.some((field) => field?.name === name)) throw new TypeError(`${type.name} has no field ${name}`);
  }
  return Object.keys(selection).length === 0 ? remembered(checked, type, NOTHING) : compile(type, selection);
};

const remembered = (plans: WeakMap<MessageType, Plan>, type: MessageType, selection: Selection): Plan => {
  let plan = plans.get(type);
  if (plan === undefined) {
    plan = compile(type, selection);
    plans.set(type, plan);
  }
  return plan;
};

/** Compiles a type for `scan`: all of it is checked, nothing is kept, and what is watched is noted. */
export const scanPlanOf = (type: MessageType, watch: Watch): Plan => {
  for (const name of Object.keys(watch)) {
    if (!type.fields.some((field) => field?.name === name)) throw new TypeError(`${type.name} has no field ${name}`);
  }
  return Object.keys(watch).length === 0 ? planOf(type, NOTHING) : compile(type, NOTHING, watch);
};

const NOTHING_WATCHED: Watch = Object.freeze({});

const compile = (type: MessageType, selection: Selection, watch: Watch = NOTHING_WATCHED): Plan => {
  const lists: string[] = [];
  const maps: string[] = [];
  let nextBit = 1;
  let requiredMask = 0;
  const slots = type.fields.map((field): Slot | undefined => {
    if (field === undefined) return undefined;
    const keep = selection === true || selection[field.name] !== undefined;
    const watched = watch[field.name];
    let requiredBit = 0;
    if (field.label === 'required') {
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

/** The plan of a message field's own fields. */
export const subPlan = (plan: Plan, slot: Slot): Plan => {
  if (slot.sub === undefined) {
    const { message } = slot.field;
    if (message === undefined) throw new TypeError(`${plan.type.name}.${slot.name} is no message`);
    // A map's entry is kept whole or not at all.
    const selection =
      !slot.keep || plan.selection === true || slot.field.isMap ? slot.keep || NOTHING : plan.selection[slot.name];
    const watch = plan.watch[slot.name];
    slot.sub = typeof watch === 'object' ? scanPlanOf(message, watch) : planOf(message, selection ?? NOTHING);
  }
  return slot.sub;
};

/** A new object for a plan's kept fields: lists and maps empty, the rest absent. */
export const emptyMessage = (plan: Plan): Record<string, unknown> => {
  const message: Record<string, unknown> = {};
  for (const name of plan.lists) message[name] = [];
  for (const name of plan.maps) message[name] = new Map();
  return message;
};
