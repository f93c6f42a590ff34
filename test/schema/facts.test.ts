import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { defaults } from '../../src/schema/generated/messages.ts';
import { fullName, readDefinitions, typesOf } from './definitions.ts';
import { allEnumTypes, allMessageTypes, fieldsOf } from './reachable.ts';

/** A row of `fixtures/schema.tsv`, which says what the agent's own definitions are. */
type Row = Record<
  | 'kind'
  | 'package'
  | 'syntax'
  | 'full_name'
  | 'number'
  | 'label'
  | 'type'
  | 'name'
  | 'default'
  | 'deprecated'
  | 'oneof'
  | 'packed'
  | 'extra',
  string
>;

const rows = readFacts(new URL('../../fixtures/schema.tsv', import.meta.url));
const ofKind = (kind: string): Row[] => rows.filter((row) => row.kind === kind);
const messages = allMessageTypes();
const enums = allEnumTypes();

it('has only rows that are looked at here', () => {
  expect(rows.length).toBeGreaterThan(1000);
  expect(new Set(rows.map((row) => row.kind))).toEqual(new Set(['message', 'field', 'enum', 'enum_value']));
  expect(rows.filter((row) => row.packed !== '')).toEqual([]);
});

it('the messages are those of the facts, with their syntax', () => {
  expect([...messages.values()].map(({ name, syntax }) => `${name} ${syntax}`).sort()).toEqual(
    ofKind('message')
      .map((row) => `${row.full_name} ${row.syntax}`)
      .sort(),
  );
});

it('the messages behind maps are those of the facts', () => {
  const entries = [...messages.values()].flatMap((type) =>
    fieldsOf(type).flatMap((field) => (field.isMap && field.message ? [field.message.name] : [])),
  );
  expect(entries.sort()).toEqual(
    ofKind('message')
      .filter((row) => row.extra === 'map_entry')
      .map((row) => row.full_name)
      .sort(),
  );
});

it('the fields are those of the facts', () => {
  const ours = [...messages.values()].flatMap((type) =>
    fieldsOf(type).map((field) =>
      [
        type.name,
        field.number,
        field.label,
        field.message?.name ?? field.enum?.name ?? field.kind,
        field.name,
        defaultText(type.name, field.name),
        field.oneof ?? '',
        field.isMap ? 'map,message' : field.message ? 'message' : field.enum ? 'enum' : 'scalar',
      ].join(' '),
    ),
  );
  const facts = ofKind('field').map((row) =>
    [row.full_name, row.number, row.label, row.type, row.name, row.default, row.oneof, row.extra].join(' '),
  );
  expect(ours.sort()).toEqual(facts.sort());
});

it('the deprecated fields are those of the facts', () => {
  const ours = typesOf(readDefinitions()).types.flatMap((type) =>
    type.fieldsArray.filter((field) => field.getOption('deprecated') === true).map((field) => fullName(field)),
  );
  const facts = ofKind('field').flatMap((row) => (row.deprecated === '' ? [] : [`${row.full_name}.${row.name}`]));
  expect(ours.sort()).toEqual(facts.sort());
});

it('the enumerations and their values are those of the facts', () => {
  expect([...enums.keys()].sort()).toEqual(
    ofKind('enum')
      .map((row) => row.full_name)
      .sort(),
  );
  const ours = [...enums].flatMap(([name, type]) =>
    [...type.nameByNumber].map(([number, value]) => `${name} ${number} ${value}`),
  );
  expect(ours.sort()).toEqual(
    ofKind('enum_value')
      .map((row) => `${row.full_name} ${row.number} ${row.name}`)
      .sort(),
  );
});

it('the first value of every enumeration is that of the facts', () => {
  for (const [name, type] of enums) {
    const first = ofKind('enum_value').find((row) => row.full_name === name);
    expect([...type.nameByNumber.values()][0], name).toBe(first?.name);
  }
});

it('the packages are those of the facts', () => {
  const packages = new Set(rows.map((row) => row.package));
  const definitions = readDefinitions();
  for (const name of packages) expect(definitions.lookup(`.${name}`), name).not.toBeNull();
});

function defaultText(message: string, field: string): string {
  const values: Record<string, Record<string, unknown>> = defaults;
  return String(values[message]?.[field] ?? '');
}

function readFacts(file: URL): Row[] {
  const [header = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const columns = header.replace('#', '').split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ''])) as Row;
  });
}
