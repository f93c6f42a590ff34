/**
 * Turns the message definitions in `src/schema/proto/` into two TypeScript files in `src/schema/generated/`:
 * `messages.ts`, the table that is read at run time, and `types.ts`, the types of decoded messages.
 * A file whose content would not change is left alone. protobufjs is needed here only. The schema of a plan file goes into
 * `plan-schema.ts`, for what a plan is held to at run time; what `explain` shows of each finding, from `fixtures/examples.json`,
 * into `src/findings/generated/examples.ts`; and the shell of `src/apply/script/engine/`, and of `contrib/collect.sh`, into
 * texts, because a bundle holds no other files; and so the program and the style of the report page, of `src/page/`.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { buildPage } from './page.mjs';

const SCHEMA = fileURLToPath(new URL('../src/schema/', import.meta.url));
const FINDINGS = fileURLToPath(new URL('../src/findings/', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('../fixtures/examples.json', import.meta.url));
const SCRIPT = fileURLToPath(new URL('../src/apply/script/', import.meta.url));
const COLLECT = fileURLToPath(new URL('../contrib/collect.sh', import.meta.url));
const COMMANDS = fileURLToPath(new URL('../src/cli/', import.meta.url));
const PAGE = fileURLToPath(new URL('../src/report/page/', import.meta.url));
const HEADER = '// Generated from src/schema/proto/ by scripts/generate.mjs.\n';

/** Segments of a package's name that say nothing, when it has to go in front of a name that is taken. */
const SILENT_SEGMENTS = new Set(['internal', 'mesos', 'slave', 'spec']);

const TYPESCRIPT_TYPES = {
  bool: 'boolean',
  bytes: 'Uint8Array',
  double: 'number',
  int32: 'number',
  int64: 'bigint',
  string: 'string',
  uint32: 'number',
  uint64: 'bigint',
};

const syntaxes = new Map();
const { messages, enums } = collect(readDefinitions(join(SCHEMA, 'proto')));
const typeNames = nameTypes([...messages, ...enums]);
mkdirSync(join(SCHEMA, 'generated'), { recursive: true });
writeIfChanged(join(SCHEMA, 'generated', 'messages.ts'), renderTable());
writeIfChanged(join(SCHEMA, 'generated', 'types.ts'), renderTypes());
writeIfChanged(join(SCHEMA, 'generated', 'plan-schema.ts'), renderPlanSchema());
mkdirSync(join(FINDINGS, 'generated'), { recursive: true });
writeIfChanged(join(FINDINGS, 'generated', 'examples.ts'), renderExamples());
mkdirSync(join(SCRIPT, 'generated'), { recursive: true });
writeIfChanged(join(SCRIPT, 'generated', 'engine.ts'), renderEngine());
mkdirSync(join(COMMANDS, 'generated'), { recursive: true });
writeIfChanged(join(COMMANDS, 'generated', 'collect-script.ts'), renderCollect());
mkdirSync(join(PAGE, 'generated'), { recursive: true });
writeIfChanged(join(PAGE, 'generated', 'assets.ts'), renderPage(await buildPage()));

/** `schema/plan.json` without what it says to those who read it. */
function renderExamples() {
  const examples = JSON.stringify(JSON.parse(readFileSync(EXAMPLES, 'utf8')), null, 1);
  return `// Generated from fixtures/examples.json by scripts/generate.mjs.
import type { Example } from '../example.ts';

/** A damaged checkpoint for each code, and what versions make of it. */
export const examples: Readonly<Record<string, Example>> = ${examples};
`;
}

function renderPlanSchema() {
  const text = readFileSync(fileURLToPath(new URL('../schema/plan.json', import.meta.url)), 'utf8');
  const schema = JSON.parse(text, (key, value) =>
    key === 'description' && typeof value === 'string' ? undefined : value,
  );
  return `// Generated from schema/plan.json by scripts/generate.mjs.\nexport const planSchema = ${JSON.stringify(schema)};\n`;
}

/** The script that is run on hosts. */
function renderCollect() {
  const text = readFileSync(COLLECT, 'utf8');
  return `// Generated from contrib/collect.sh by scripts/generate.mjs.\nexport const COLLECT_SCRIPT: string =\n  ${JSON.stringify(text)};\n`;
}

/** What the report page is made of. */
function renderPage({ script, style }) {
  return `// Generated from src/page/ by scripts/generate.mjs.
export const script: string =\n  ${JSON.stringify(script)};\nexport const style: string =\n  ${JSON.stringify(style)};\n`;
}

/** The parts of the script that no plan changes, in the order of their names. */
function renderEngine() {
  const folder = join(SCRIPT, 'engine');
  const parts = readdirSync(folder)
    .filter((name) => name.endsWith('.sh'))
    .sort();
  const text = parts.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  return `// Generated from src/apply/script/engine/ by scripts/generate.mjs.\nexport const ENGINE: string =\n  ${JSON.stringify(text)};\n`;
}

/** All definitions in one protobufjs root, each with the name of its file. */
function readDefinitions(folder) {
  const root = new protobuf.Root();
  for (const name of readdirSync(folder, { recursive: true }).sort()) {
    if (!name.endsWith('.proto')) continue;
    const file = join(folder, name);
    protobuf.parse.filename = file;
    protobuf.parse(readFileSync(file, 'utf8'), root, { keepCase: true });
  }
  return root.resolveAll();
}

/** The messages and enumerations of a root, sorted by full name. */
function collect(root) {
  const messages = [];
  const enums = [];
  const visit = (namespace, packageName) => {
    for (const object of namespace.nestedArray) {
      const fullName = object.fullName.slice(1);
      if (object instanceof protobuf.Enum) {
        enums.push({ fullName, packageName, values: object.values });
      } else if (object instanceof protobuf.Type) {
        if (!isScope(object)) messages.push(describe(object, fullName, packageName));
        visit(object, packageName);
      } else if (object instanceof protobuf.Namespace) {
        visit(object, fullName);
      }
    }
  };
  visit(root, '');
  const byName = (a, b) => (a.fullName < b.fullName ? -1 : 1);
  return { messages: messages.sort(byName), enums: enums.sort(byName) };
}

/** A message without fields that has others in it is there for its name alone. */
function isScope(type) {
  return type.fieldsArray.length === 0 && type.nestedArray.length > 0;
}

function describe(type, fullName, packageName) {
  const fields = type.fieldsArray
    .map((field) => ({
      number: field.id,
      name: field.name,
      label: field.map || field.repeated ? 'repeated' : field.required ? 'required' : 'optional',
      type: typeOf(field),
      entry: field.map ? { name: `${fullName}.${entryName(field.name)}`, keyType: field.keyType } : undefined,
      oneof: field.partOf?.name ?? '',
      default: field.options?.default,
    }))
    .sort((a, b) => a.number - b.number);
  return { fullName, packageName, syntax: syntaxOf(type), fields };
}

function typeOf(field) {
  if (field.resolvedType) return field.resolvedType.fullName.slice(1);
  if (!Object.hasOwn(TYPESCRIPT_TYPES, field.type)) throw new Error(`${field.fullName}: no support for ${field.type}`);
  return field.type;
}

/** The name that protobuf gives to the message behind a map: `node_stage_secrets` -> `NodeStageSecretsEntry`. */
function entryName(fieldName) {
  return `${fieldName.split('_').map(capitalize).join('')}Entry`;
}

function syntaxOf(type) {
  let syntax = syntaxes.get(type.filename);
  if (syntax === undefined) {
    syntax = /^syntax = "(proto[23])";$/m.exec(readFileSync(type.filename, 'utf8'))?.[1];
    if (syntax === undefined) throw new Error(`${type.filename}: no syntax line`);
    syntaxes.set(type.filename, syntax);
  }
  return syntax;
}

/**
 * TypeScript names by full name: without the package, `_` for dots. Where two packages have the same outermost name, it
 * stays with `mesos`; the other packages put their own name in front.
 */
function nameTypes(definitions) {
  const localName = ({ fullName, packageName }) => fullName.slice(packageName.length + 1);
  const packagesByOutermost = new Map();
  for (const definition of definitions) {
    const outermost = localName(definition).split('.')[0];
    packagesByOutermost.set(outermost, (packagesByOutermost.get(outermost) ?? new Set()).add(definition.packageName));
  }
  const names = new Map();
  const taken = new Map();
  for (const definition of definitions) {
    const local = localName(definition);
    const clashes = packagesByOutermost.get(local.split('.')[0]).size > 1 && definition.packageName !== 'mesos';
    const name = (clashes ? prefixOf(definition.packageName) : '') + local.replaceAll('.', '_');
    if (taken.has(name)) throw new Error(`${definition.fullName} and ${taken.get(name)} would both be called ${name}`);
    taken.set(name, definition.fullName);
    names.set(definition.fullName, name);
  }
  return names;
}

function prefixOf(packageName) {
  return packageName
    .split('.')
    .filter((segment) => !SILENT_SEGMENTS.has(segment))
    .map(capitalize)
    .join('');
}

function renderTable() {
  const entries = [];
  const rows = messages.map((message) => {
    for (const field of message.fields) if (field.entry) entries.push(renderEntry(message, field));
    const fields = message.fields.map((field) =>
      renderField(field.number, field.name, field.label, field.entry?.name ?? field.type, field.oneof),
    );
    return renderRow(message.fullName, message.syntax, fields);
  });
  const enumRows = enums.map(({ fullName, values }) => {
    const pairs = Object.entries(values).map(([name, number]) => `${number}, ${quote(name)}`);
    return `  ${quote(fullName)}: [${pairs.join(', ')}],\n`;
  });
  const defaultRows = messages.flatMap(({ fullName, fields }) => {
    const withDefault = fields.filter((field) => field.default !== undefined);
    if (withDefault.length === 0) return [];
    const pairs = withDefault.map((field) => `${field.name}: ${renderDefault(field)}`);
    return [`  ${quote(fullName)}: { ${pairs.join(', ')} },\n`];
  });
  return `${HEADER}import type { MessageTypes } from './types.ts';

/** The syntax of a message, then five cells a field: number, name, label, type, oneof ('' of none). */
export type Row = readonly ['proto2' | 'proto3', ...(number | string)[]];

export const messages: Readonly<Record<keyof MessageTypes, Row>> = {
${rows.join('')}};

/** The messages behind maps, which exist on the wire only. */
export const mapEntries: Readonly<Record<string, Row>> = {
${entries.join('')}};

/** Number and name of every value, in the order of the definition. */
export const enums: Readonly<Record<string, readonly (number | string)[]>> = {
${enumRows.join('')}};

export const defaults = {
${defaultRows.join('')}} as const;
`;
}

function renderEntry(message, field) {
  const cells = [
    renderField(1, 'key', 'optional', field.entry.keyType, ''),
    renderField(2, 'value', 'optional', field.type, ''),
  ];
  return renderRow(field.entry.name, message.syntax, cells);
}

function renderRow(fullName, syntax, fields) {
  return `  ${quote(fullName)}: [${quote(syntax)}${fields.map((field) => `,\n    ${field}`).join('')}],\n`;
}

function renderField(number, name, label, type, oneof) {
  return [number, ...[name, label, type, oneof].map(quote)].join(', ');
}

function renderDefault(field) {
  return typeof field.default === 'string' ? quote(field.default) : String(field.default);
}

function renderTypes() {
  const aliases = enums.map(
    ({ fullName, values }) =>
      `/** \`${fullName}\` */\nexport type ${typeNames.get(fullName)} =${Object.keys(values)
        .map((name) => `\n  | ${quote(name)}`)
        .join('')};\n`,
  );
  const interfaces = messages.map(({ fullName, fields }) => {
    const properties = fields.map((field) => `  ${renderProperty(field)}\n`).join('');
    const name = typeNames.get(fullName);
    // An empty interface would take any value at all.
    const body =
      properties === '' ? `type ${name} = Readonly<Record<string, never>>;` : `interface ${name} {\n${properties}}`;
    return `/** \`${fullName}\` */\nexport ${body}\n`;
  });
  const index = messages.map(({ fullName }) => `  readonly ${quote(fullName)}: ${typeNames.get(fullName)};\n`);
  return [
    HEADER,
    ...aliases,
    ...interfaces,
    `/** Every message by its full name. */\nexport interface MessageTypes {\n${index.join('')}}\n`,
  ].join('\n');
}

function renderProperty(field) {
  const type = TYPESCRIPT_TYPES[field.type] ?? typeNames.get(field.type);
  if (field.entry) return `readonly ${field.name}: ReadonlyMap<${TYPESCRIPT_TYPES[field.entry.keyType]}, ${type}>;`;
  if (field.label === 'repeated') return `readonly ${field.name}: readonly ${type}[];`;
  if (field.label === 'required') return `readonly ${field.name}: ${type};`;
  return `readonly ${field.name}?: ${type} | undefined;`;
}

function quote(text) {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function capitalize(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function writeIfChanged(file, content) {
  let before;
  try {
    before = readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  if (content !== before) writeFileSync(file, content);
}
