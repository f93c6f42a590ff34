import fc from 'fast-check';
import type { Field, MessageType } from '../../src/format/message-type.ts';
import type { Message } from '../../src/format/parse.ts';
import type { MessageTypes } from '../../src/schema/index.ts';
import { fieldsOf } from '../schema/reachable.ts';
import { anyText } from './random.ts';

/** The messages that a checkpoint's files hold. */
export const ROOTS: readonly (keyof MessageTypes)[] = [
  'mesos.DrainConfig',
  'mesos.ExecutorInfo',
  'mesos.FrameworkInfo',
  'mesos.Resource',
  'mesos.SlaveInfo',
  'mesos.Task',
  'mesos.csi.state.VolumeState',
  'mesos.internal.StatusUpdateRecord',
  'mesos.internal.UpdateOperationStatusRecord',
  'mesos.internal.slave.CgroupDeviceAccessStates',
  'mesos.internal.slave.ResourceState',
  'mesos.internal.slave.VolumeGidInfos',
];

/** What draws at random: see `fc.gen`. */
export type Draw = fc.GeneratorValue;

/** A random message of a type, as the reader would give it; below a few levels only what is required is there. */
export const draw = (g: Draw, type: MessageType, depth = 0): Message => {
  const message: Message = {};
  const chosen = new Map<string, string>();
  for (const field of fieldsOf(type)) {
    if (field.oneof !== undefined && !chosen.has(field.oneof)) {
      const members = fieldsOf(type).filter((other) => other.oneof === field.oneof);
      chosen.set(field.oneof, g(fc.constantFrom, ...members).name);
    }
    const isWanted = (): boolean => g(fc.nat, { max: 2 + depth * 2 }) === 0;
    const count = (): number => (depth < 5 && isWanted() ? 1 + g(fc.nat, { max: 2 }) : 0);
    if (field.isMap) {
      message[field.name] = new Map(Array.from({ length: count() }, () => drawEntry(g, field, depth)));
    } else if (field.label === 'repeated') {
      message[field.name] = Array.from({ length: count() }, () => drawValue(g, field, depth));
    } else if (field.label === 'required') message[field.name] = drawValue(g, field, depth);
    else if (field.oneof === undefined || chosen.get(field.oneof) === field.name) {
      const value = depth < 5 && isWanted() ? drawValue(g, field, depth) : undefined;
      if (value !== undefined && !isLeftOut(type, field, value)) message[field.name] = value;
    }
  }
  return message;
};

/** proto3 does not write what is the default anyway. */
const isLeftOut = (type: MessageType, field: Field, value: unknown): boolean =>
  type.syntax === 'proto3' &&
  field.oneof === undefined &&
  (value === '' || value === false || value === field.enum?.nameByNumber.get(0) || value === 0 || value === 0n);

const drawEntry = (g: Draw, field: Field, depth: number): [unknown, unknown] => {
  const [, key, value] = field.message?.fields ?? [];
  if (key === undefined || value === undefined) throw new Error(`${field.name} is not a map`);
  return [drawValue(g, key, depth), drawValue(g, value, depth)];
};

const drawValue = (g: Draw, field: Field, depth: number): unknown => {
  switch (field.kind) {
    case 'bool':
      return g(fc.boolean);
    case 'bytes':
      return Buffer.from(g(fc.uint8Array, { maxLength: 40 }));
    case 'double':
      return g(fc.double);
    case 'enum':
      return g(fc.constantFrom, ...(field.enum?.nameByNumber.values() ?? []));
    case 'int32':
      return g(fc.integer);
    case 'int64':
      return g(fc.bigInt, { min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case 'uint32':
      return g(fc.nat, { max: 2 ** 31 - 1 }) * 2 + g(fc.nat, { max: 1 });
    case 'uint64':
      return g(fc.bigInt, { min: 0n, max: 2n ** 64n - 1n });
    case 'string':
      // `__proto__` is no key that protobufjs can be handed.
      return g(anyText, { maxLength: 40 }).replace('__', '');
    case 'message':
      if (field.message === undefined) throw new Error(`${field.name} has no type`);
      return draw(g, field.message, depth + 1);
  }
};
