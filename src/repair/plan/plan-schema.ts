import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import { planSchema } from '../../schema/generated/plan-schema.ts';

/** What a value is held to: the whole of `schema/plan.json`, or one of its definitions. */
export type Definition = 'plan' | 'change' | 'before';

/** What of a value is not as its schema says, and where in it: `steps[2].changes[0].path`, '' for the value itself. */
export interface SchemaProblem {
  readonly at: string;
  readonly problem: string;
}

/** What of a schema is looked at here. */
interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly required?: readonly string[];
  readonly properties?: { readonly kind: SchemaNode };
}

const schemas = {
  plan: planSchema,
  change: { $ref: '#/$defs/change', $defs: planSchema.$defs },
  before: { $ref: '#/$defs/before', $defs: planSchema.$defs },
};

const validators = new Map<Definition, Validator>();

const validatorOf = (definition: Definition): Validator => {
  const validator = validators.get(definition) ?? new Validator(schemas[definition] as unknown as Schema, '2020-12');
  validators.set(definition, validator);
  return validator;
};

/** The first thing that is wrong with a value of JSON by its schema; undefined where it is as that says. */
export const schemaProblem = (definition: Definition, value: unknown): SchemaProblem | undefined => {
  const errors = errorsOf(definition, value);
  if (errors === 'ill-formed') return { at: '', problem: 'the name of a field is not Unicode' };
  if (errors.length === 0) return undefined;
  const schema = schemas[definition];
  // Of several forms that something may have, the one counts whose kind it says it is.
  const others = errors.filter(({ keywordLocation }) => KIND.test(keywordLocation)).map(formOf);
  const own = errors.filter((error) => DETAILS.has(error.keyword) && !others.some((form) => isWithin(error, form)));
  const [error] = own;
  if (error !== undefined) return told(error, schema, value);
  const choice = errors.findLast(({ keyword }) => keyword === 'oneOf') as OutputUnit;
  const forms = valueAt(schema, choice.keywordLocation) as readonly SchemaNode[];
  const kinds = forms.map(({ properties }) => properties?.kind.const);
  return { at: within(placeOf(choice.instanceLocation), 'kind'), problem: `it is not one of ${kinds.join(', ')}` };
};

const errorsOf = (definition: Definition, value: unknown): readonly OutputUnit[] | 'ill-formed' => {
  try {
    return validatorOf(definition).validate(value).errors;
  } catch (error) {
    // The places of errors are URIs, which cannot hold half of a surrogate pair.
    if (error instanceof URIError) return 'ill-formed';
    throw error;
  }
};

/** The keywords that say by themselves what is wrong: the others repeat it for what holds it. */
const DETAILS: ReadonlySet<string> = new Set([
  ...['type', 'required', 'const', 'enum', 'pattern', 'minLength', 'minItems', 'minimum', 'maximum', 'false'],
]);

/** Something is of another of several forms. */
const KIND = /\/oneOf\/\d+\/properties\/kind\/const$/;
const formOf = ({ keywordLocation }: OutputUnit): string => keywordLocation.replace(/properties\/kind\/const$/, '');
const isWithin = ({ keywordLocation }: OutputUnit, form: string): boolean => keywordLocation.startsWith(form);

const told = (
  { keyword, keywordLocation, instanceLocation }: OutputUnit,
  schema: object,
  root: unknown,
): SchemaProblem => {
  const at = placeOf(instanceLocation);
  // What is not to be there has no place in the schema.
  if (keyword === 'false') return { at, problem: 'no such field is known' };
  const node = valueAt(schema, keywordLocation.slice(0, keywordLocation.lastIndexOf('/'))) as SchemaNode;
  if (keyword !== 'required') return { at, problem: problemText(keyword, node) };
  const value = valueAt(root, instanceLocation) as object;
  const missing = node.required?.find((field) => !Object.hasOwn(value, field));
  return { at: within(at, missing ?? ''), problem: 'it is missing' };
};

const TYPES: Readonly<Record<string, string>> = {
  object: 'it is not an object',
  array: 'it is not a list',
  string: 'it is not a text',
  integer: 'it is not a count',
  boolean: 'it is neither true nor false',
};

const problemText = (keyword: string, node: SchemaNode): string => {
  switch (keyword) {
    case 'type':
      return TYPES[[node.type ?? ''].flat()[0] ?? ''] ?? `it is not of type ${node.type}`;
    case 'const':
      return `it is not ${JSON.stringify(node.const)}`;
    case 'enum':
      return `it is not one of ${node.enum?.join(', ')}`;
    case 'pattern':
      return `it is not ${node.title}`;
    case 'minLength':
    case 'minItems':
      return 'it is empty';
    default:
      return node.minimum === 1 ? 'it is less than 1' : 'it is not a count';
  }
};

/** `#/steps/0/changes` as `steps[0].changes`. */
const placeOf = (pointer: string): string =>
  partsOf(pointer).reduce((at, part) => (/^\d+$/.test(part) ? `${at}[${part}]` : within(at, part)), '');

const within = (at: string, field: string): string => (at === '' ? field : `${at}.${field}`);

/** The names that a JSON pointer goes through, from a `#`. */
const partsOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => decodeURI(part).replaceAll('~1', '/').replaceAll('~0', '~'));

/** What is at a place of a value, or of a schema, in which references are followed. */
const valueAt = (root: unknown, pointer: string): unknown =>
  partsOf(pointer).reduce((value, part) => {
    const next = (value as Readonly<Record<string, unknown>>)[part];
    return part === '$ref' ? valueAt(root, next as string) : next;
  }, root);
