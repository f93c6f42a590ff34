import { createHash } from 'node:crypto';
import type { Field, MessageType } from '../../src/format/message-type.ts';
import { type MessageTypes, messageType } from '../../src/schema/index.ts';
import type { MemorySource } from '../../src/source/memory.ts';
import { readDefinitions } from '../schema/definitions.ts';
import type { Edit } from '../support/cases.ts';
import { applyEdits, loadTree } from '../support/trees.ts';
import { filesOf } from '../support/walk.ts';
import { record } from '../support/wire.ts';

/** A file in which secrets are planted, and the type of its records. */
interface Bed {
  readonly tree: string;
  readonly file: string;
  readonly type: keyof MessageTypes;
}

const BEDS: readonly Bed[] = [
  { tree: 'volumes', file: 'slave.info', type: 'mesos.SlaveInfo' },
  { tree: 'volumes', file: 'framework.info', type: 'mesos.FrameworkInfo' },
  { tree: 'pods', file: 'executor.info', type: 'mesos.ExecutorInfo' },
  { tree: 'marathon', file: 'executor.info', type: 'mesos.ExecutorInfo' },
  { tree: 'volumes', file: 'task.info', type: 'mesos.Task' },
  { tree: 'volumes', file: 'task.updates', type: 'mesos.internal.StatusUpdateRecord' },
  { tree: 'operations', file: 'operation.updates', type: 'mesos.internal.UpdateOperationStatusRecord' },
  { tree: 'volumes', file: 'resources_and_operations.state', type: 'mesos.internal.slave.ResourceState' },
  { tree: 'volumes', file: 'resources.info', type: 'mesos.Resource' },
];

/** A secret, which is like no other text, in any six of its letters. */
const secretOf = (name: string): string =>
  createHash('sha256')
    .update(name)
    .digest('base64')
    .replace(/[^A-Za-z0-9]/g, 'q')
    .slice(0, 24);

/** A tree in which a file holds secrets. */
export interface Planted {
  readonly label: string;
  readonly source: MemorySource;
  readonly path: string;
  readonly secrets: readonly string[];
}

const definitions = readDefinitions();

/** What secrets are planted into: secret fields, or such as people put secrets into. */
type Soil = 'secret' | 'telling';

/** The fields that lead to each one of a kind, from a type; each type on the way once. */
const pathsTo = (soil: Soil, type: MessageType, seen: readonly MessageType[] = []): readonly (readonly Field[])[] =>
  type.fields.flatMap((field) => {
    if (field === undefined) return [];
    const below = field.message;
    if (below === undefined) return field[soil] ? [[field]] : [];
    if (seen.includes(below)) return [];
    return pathsTo(soil, below, [...seen, type]).map((path) => [field, ...path]);
  });

type Plain = Record<string, unknown>;

/** Puts a secret behind a path of fields, and what is required on the way. */
const plant = (message: Plain, type: MessageType, path: readonly Field[], secret: string): void => {
  const [field, ...rest] = path;
  if (field === undefined) return;
  for (const each of type.fields)
    if (each?.label === 'required' && message[each.name] === undefined) message[each.name] = defaultOf(each);
  // A message that has one of several members says which.
  const kind = type.fields.find((each) => each?.name === 'type' && each.kind === 'enum');
  for (const [number, name] of kind?.enum?.nameByNumber ?? [])
    if (name.toLowerCase() === field.name) message['type'] = number;
  if (field.message === undefined) {
    const value = field.kind === 'bytes' ? Buffer.from(secret) : secret;
    message[field.name] = field.label === 'repeated' ? [value, value] : value;
    return;
  }
  if (field.isMap) {
    const [, , value] = field.message.fields;
    const made: Plain = {};
    if (value?.message !== undefined) plant(made, value.message, rest.slice(1), secret);
    message[field.name] = { key: value?.message === undefined ? secret : made };
    return;
  }
  const list = field.label === 'repeated' ? ((message[field.name] as Plain[] | undefined) ?? []) : undefined;
  const inside = list === undefined ? ((message[field.name] as Plain | undefined) ?? {}) : {};
  plant(inside, field.message, rest, secret);
  message[field.name] = list === undefined ? inside : [...list, inside];
};

const defaultOf = (field: Field): unknown => {
  switch (field.kind) {
    case 'message': {
      const made: Plain = {};
      for (const each of field.message?.fields ?? []) if (each?.label === 'required') made[each.name] = defaultOf(each);
      return made;
    }
    case 'enum':
      return [...(field.enum?.nameByNumber.keys() ?? [])][0] ?? 0;
    case 'bytes':
      return Buffer.from('00112233445546778899aabbccddeeff', 'hex');
    case 'string':
      return 'required';
    default:
      return 1;
  }
};

/** The trees: one a file and a path of fields. */
export const planted = (soil: Soil = 'secret'): readonly Planted[] =>
  BEDS.flatMap(({ tree, file, type }) => {
    const source = loadTree(tree);
    const [path = '', bytes = Buffer.alloc(0)] = [...filesOf(source)].find(([each]) => each.endsWith(`/${file}`)) ?? [];
    const codec = definitions.lookupType(type);
    const first = bytes.subarray(4, 4 + bytes.readUInt32LE(0));
    const behind = bytes.subarray(4 + first.length);
    return pathsTo(soil, messageType(type)).map((fields): Planted => {
      const label = fields.map(({ name }) => name).join('.');
      const secret = secretOf(`${tree} ${file} ${label}`);
      const message = codec.toObject(codec.decode(first), { defaults: false }) as Plain;
      plant(message, messageType(type), fields, secret);
      const written = Buffer.from(codec.encode(codec.fromObject(message)).finish());
      const hex = Buffer.concat([record(written), behind]).toString('hex');
      const edit: Edit = { op: 'write', path, hex };
      return { label: `${tree}: ${file}, ${label}`, source: applyEdits(source, [edit]), path, secrets: [secret] };
    });
  });

/** The secrets of which six letters in a row are in some bytes. */
export const leaksIn = (bytes: Buffer, secrets: readonly string[]): readonly string[] => {
  const text = bytes.toString('latin1');
  return secrets.flatMap((secret) => {
    for (let at = 0; at + 6 <= secret.length; at++) {
      if (text.includes(secret.slice(at, at + 6))) return [`${secret.slice(at, at + 6)} of ${secret}`];
    }
    return [];
  });
};
