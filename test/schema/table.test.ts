import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { expect, it } from 'vitest';
import { defaults } from '../../src/schema/generated/messages.ts';
import { fullName, readDefinitions, typesOf } from './definitions.ts';
import { allEnumTypes, allMessageTypes, fieldsOf } from './reachable.ts';

const { types, enums } = typesOf(readDefinitions());
const messages = types.filter((type) => type.fieldsArray.length > 0 || type.nestedArray.length === 0);

it('has the messages that protobufjs finds, and those behind its maps', () => {
  const maps = messages.flatMap((type) => type.fieldsArray.filter((field) => field instanceof protobuf.MapField));
  expect([...allMessageTypes().keys()].filter((name) => !name.endsWith('Entry')).sort()).toEqual(
    messages
      .map(fullName)
      .filter((name) => !name.endsWith('Entry'))
      .sort(),
  );
  expect(allMessageTypes().size).toBe(messages.length + maps.length);
});

it.each(messages.map((type) => [fullName(type), type] as const))('agrees with protobufjs on %s', (name, type) => {
  const ours = allMessageTypes().get(name);
  const fields = ours === undefined ? [] : fieldsOf(ours);
  expect(fields.map(({ number, name, label, oneof, isMap }) => ({ number, name, label, oneof, isMap }))).toEqual(
    [...type.fieldsArray]
      .sort((a, b) => a.id - b.id)
      .map((field) => ({
        number: field.id,
        name: field.name,
        label: field.map || field.repeated ? 'repeated' : field.required ? 'required' : 'optional',
        oneof: field.partOf?.name,
        isMap: field.map,
      })),
  );
  for (const field of fields) {
    const theirs = type.fields[field.name];
    const value = field.isMap ? field.message?.fields[2] : field;
    expect(value?.message?.name ?? value?.enum?.name ?? value?.kind).toBe(
      theirs?.resolvedType ? fullName(theirs.resolvedType) : theirs?.type,
    );
    if (theirs instanceof protobuf.MapField) expect(field.message?.fields[1]?.kind).toBe(theirs.keyType);
    expect(Object.entries(defaults).find(([message]) => message === name)?.[1]).toEqual(defaultsOf(type));
  }
});

it('has every value of every enumeration, in the order of its definition', () => {
  const theirs = enums.map((type) => [
    fullName(type),
    Object.entries(type.values).map(([name, number]) => [number, name]),
  ]);
  const ours = [...allEnumTypes()].map(([name, type]) => [name, [...type.nameByNumber]]);
  expect(ours.sort()).toEqual(theirs.sort());
});

it('is what the script would generate now', async () => {
  const files = ['messages.ts', 'types.ts'].map((name) =>
    fileURLToPath(new URL(`../../src/schema/generated/${name}`, import.meta.url)),
  );
  const before = files.map((file) => statSync(file).mtimeMs);
  await import(new URL('../../scripts/generate.mjs', import.meta.url).href);
  expect(files.map((file) => statSync(file).mtimeMs)).toEqual(before);
});

function defaultsOf(type: protobuf.Type): Record<string, unknown> | undefined {
  const rows = type.fieldsArray.flatMap((field) =>
    field.getOption('default') === undefined ? [] : [[field.name, field.getOption('default')]],
  );
  return rows.length === 0 ? undefined : Object.fromEntries(rows);
}
