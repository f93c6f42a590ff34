import type { Resource } from '../schema/index.ts';
import { parseJson } from './flags/notation/json.ts';
import { messageFromJson } from './json-message.ts';
import { rangesText } from './ranges.ts';
import { upgradeResource } from './reservation-format.ts';
import { isDynamicallyReserved, isPersistentVolume } from './resource-predicates.ts';
import { validateResource } from './resource-validation.ts';
import { Resources } from './resources.ts';
import { UNRESERVED_ROLE } from './roles.ts';
import { scalarText, ZERO_SCALAR } from './scalar.ts';
import { type FromText, parseValue, tokenize, trimBlanks } from './value-text.ts';

/** What `--resources` says. */
export interface ParsedResources {
  /** Every resource that is named, empty ones too: `cpus:0` is not the same as nothing. */
  readonly listed: readonly Resource[];
  readonly resources: Resources;
}

const fail = (message: string): FromText<never> => ({ ok: false, message });

/**
 * Reads `--resources`: a JSON array, or `cpus:4;mem(role):1024`. What has no role gets the default one. Mirrors
 * `Resources::parse`.
 */
export const parseResources = (text: string, defaultRole: string): FromText<ParsedResources> => {
  const listed = fromText(text, defaultRole);
  if (!listed.ok) return listed;
  for (const resource of listed.value) {
    const error = validateResource(resource);
    if (error !== null) return fail(error);
  }
  const resources = Resources.of(listed.value);
  const error = validateCommandLine(resources);
  return error === null ? { ok: true, value: { listed: listed.value, resources } } : fail(error);
};

/** Mirrors `Resources::fromString`: what is no JSON array is a list of pairs. */
const fromText = (text: string, defaultRole: string): FromText<readonly Resource[]> => {
  const json = parseJson(text);
  return json.ok && Array.isArray(json.value) ? fromJson(json.value, defaultRole) : fromPairs(text, defaultRole);
};

const fromJson = (json: readonly unknown[], defaultRole: string): FromText<readonly Resource[]> => {
  const resources: Resource[] = [];
  for (const each of json) {
    const parsed = messageFromJson('mesos.Resource', each);
    if (!parsed.ok) return fail(`Some JSON resources were not formatted properly: ${parsed.message}`);
    const { value } = parsed;
    const hasRole = value.role !== undefined || value.reservations.length > 0;
    const upgraded = upgradeResource(hasRole ? value : { ...value, role: defaultRole });
    if (!upgraded.ok) return fail(upgraded.abort);
    resources.push(upgraded.resource);
  }
  return { ok: true, value: resources };
};

const fromPairs = (text: string, defaultRole: string): FromText<readonly Resource[]> => {
  const resources: Resource[] = [];
  for (const token of tokenize(text, ';')) {
    const [key = '', value = '', ...more] = tokenize(token, ':');
    if (value === '' || more.length > 0) return fail(`Bad value for resources, missing or extra ':' in ${token}`);
    const named = nameAndRole(key, defaultRole);
    if (named === undefined) return fail(`Bad value for resources, mismatched parentheses in ${token}`);
    const resource = resourceOf(named.name, value, named.role);
    if (!resource.ok) return resource;
    resources.push(resource.value);
  }
  return { ok: true, value: resources };
};

const nameAndRole = (key: string, defaultRole: string): { name: string; role: string } | undefined => {
  const open = key.indexOf('(');
  if (open < 0) return { name: trimBlanks(key), role: defaultRole };
  const close = key.indexOf(')');
  if (close < open) return undefined;
  return { name: trimBlanks(key.slice(0, open)), role: trimBlanks(key.slice(open + 1, close)) };
};

/** One resource. Mirrors `Resources::parse(name, value, role)`. */
export const resourceOf = (name: string, text: string, role: string): FromText<Resource> => {
  const parsed = parseValue(text);
  if (!parsed.ok) return fail(`Failed to parse resource ${name} value ${text} error ${parsed.message}`);
  const { value } = parsed;
  if (value.type === 'TEXT') return fail(`Bad type for resource ${name} value ${text} type TEXT`);
  const reservations = role === UNRESERVED_ROLE ? [] : [{ type: 'STATIC' as const, role }];
  return { ok: true, value: { name, ...value, reservations } };
};

/** Mirrors `validateCommandLineResources`. */
const validateCommandLine = (resources: Resources): string | null => {
  const types = new Map<string, Resource['type']>();
  for (const resource of resources) {
    if (isPersistentVolume(resource)) return 'Persistent volumes cannot be specified at the command line';
    if (resource.revocable !== undefined) {
      return "Revocable resources cannot be specified at the command line; do not include a 'revocable' key in the resources JSON";
    }
    if (isDynamicallyReserved(resource)) {
      return 'Dynamic reservations cannot be specified at the command line; do not include a reservation with DYNAMIC type in the resources JSON';
    }
    const type = types.get(resource.name) ?? resource.type;
    if (type !== resource.type) {
      return `Resources with the same name ('${resource.name}') but different types are not allowed`;
    }
    types.set(resource.name, type);
  }
  return null;
};

/** The text for `--resources` that gives these resources again: pairs where they say it all, else JSON. */
export const resourcesFlag = (resources: readonly Resource[], defaultRole: string): string => {
  const pairs = resources.map((resource) => pairOf(resource, defaultRole));
  return pairs.every((pair) => pair !== undefined)
    ? pairs.join(';')
    : JSON.stringify(resources.map((resource) => jsonOf(resource, defaultRole)));
};

const PLAIN = /^[^\s;:()[\]{},]+$/;

const pairOf = (resource: Resource, defaultRole: string): string | undefined => {
  const { name, reservations, disk, shared, provider_id, revocable } = resource;
  const isMore = [disk, shared, provider_id, revocable].some((field) => field !== undefined);
  const [reservation, ...refined] = reservations;
  const role = reservation?.role ?? UNRESERVED_ROLE;
  const { type: kind, role: _role, ...rest } = reservation ?? { type: 'STATIC' as const };
  const isStatic = kind === 'STATIC' && Object.values(rest).every((field) => field === undefined);
  if (isMore || refined.length > 0 || !isStatic || !PLAIN.test(name) || !PLAIN.test(role)) return undefined;
  const value = valueFlag(resource);
  return value === undefined ? undefined : `${name}${role === defaultRole ? '' : `(${role})`}:${value}`;
};

const valueFlag = (resource: Resource): string | undefined => {
  switch (resource.type) {
    case 'SCALAR':
      return scalarText(resource.scalar ?? ZERO_SCALAR);
    case 'RANGES':
      return rangesText(resource.ranges ?? { range: [] }).replaceAll(' ', '');
    case 'SET': {
      const items = resource.set?.item ?? [];
      return items.every((item) => PLAIN.test(item)) ? `{${items.join(',')}}` : undefined;
    }
    case 'TEXT':
      return undefined;
  }
};

/** A resource as JSON that the agent reads, without what is not set. */
const jsonOf = (resource: Resource, defaultRole: string): unknown => {
  const clean = (value: unknown): unknown => {
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(
      ([, each]) => each !== undefined && !(Array.isArray(each) && each.length === 0),
    );
    return Object.fromEntries(entries.map(([key, each]) => [key, clean(each)]));
  };
  const value = { scalar: { value: 0 }, ranges: {}, set: {} };
  const kind = resource.type === 'TEXT' ? undefined : (resource.type.toLowerCase() as keyof typeof value);
  return {
    // An empty value is one all the same.
    ...(kind === undefined ? {} : { [kind]: value[kind] }),
    ...(clean(resource) as Record<string, unknown>),
    ...(resource.reservations.length === 0 && defaultRole !== UNRESERVED_ROLE ? { role: UNRESERVED_ROLE } : {}),
  };
};
