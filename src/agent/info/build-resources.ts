import type { Resource } from '../../schema/index.ts';
import type { FlagValues } from '../flags/values.ts';
import { resourceText } from '../resource-text.ts';
import { Resources } from '../resources.ts';
import { type ParsedResources, parseResources, resourceOf } from '../resources-flag.ts';
import { tokenize } from '../value-text.ts';
import type { BuiltPart } from './built.ts';
import type { DetectedHost } from './detected.ts';

const MEGABYTE = 2 ** 20;
const GIGABYTE = 2 ** 30;
const DEFAULT_PORTS = '[31000-32000]';
const DETECTED = ['cpus', 'mem', 'disk', 'ports'] as const;

/** The resources that an agent starts with, and where each is from. */
export interface BuiltResources {
  readonly resources: readonly Resource[];
  readonly parts: readonly BuiltPart[];
}

/** What is needed of the flags and the host. */
export interface ResourcesInput {
  readonly flags: FlagValues;
  readonly host: DetectedHost;
}

/** Mirrors `Containerizer::resources`: what `--resources` names, and what it does not is detected. */
export const buildResources = (
  { flags, host }: ResourcesInput,
  refuse: (message: string, from: string) => void,
): BuiltResources => {
  const flag = flags('resources');
  const role = flags('default_role');
  const unsure = flag.kind === 'unknown' ? flag : role.kind === 'unknown' ? role : undefined;
  if (unsure !== undefined) return allUnknown(unsure.why, unsure.from);
  const defaultRole = role.kind === 'unknown' ? '*' : (role.value ?? '*');
  const given = flag.kind === 'set' ? flag.value : '';
  const from = flag.kind === 'set' ? flag.from : '';
  const parsed = parseResources(given, defaultRole);
  if (!parsed.ok) {
    refuse(`Failed to determine agent resources: ${parsed.message}`, from);
    return allUnknown(parsed.message, from);
  }
  return assemble(parsed.value, from, defaultRole, { flags, host }, given);
};

const allUnknown = (why: string, from: string): BuiltResources => ({
  resources: [],
  parts: [{ field: 'resources', certainty: 'unknown', text: '', from, why }],
});

const assemble = (
  { listed, resources }: ParsedResources,
  from: string,
  role: string,
  input: ResourcesInput,
  given: string,
): BuiltResources => {
  const named = new Set(listed.map(({ name }) => name));
  const gpus = gpusOf(resources, given, role, input);
  const parts: BuiltPart[] = [];
  const texts = [...resources].filter(({ name }) => name !== 'gpus' || gpus.isGiven);
  if (listed.length > 0) {
    parts.push({
      field: 'resources',
      certainty: 'set',
      text: texts.map(resourceText).join('; '),
      from,
      why: undefined,
    });
  }
  if (gpus.part !== undefined) parts.push(gpus.part);
  let all = gpus.resources.plus(resources.filter(({ name }) => name !== 'gpus'));
  for (const name of DETECTED) {
    if (named.has(name)) continue;
    const { part, text } = detected(name, input);
    parts.push(part);
    const resource = text === undefined ? undefined : resourceOf(name, text, role);
    if (resource?.ok === true) all = all.plus(resource.value);
  }
  return { resources: [...all], parts };
};

/** Leaves something free of what there is: half of what is small, a fixed part of what is large; in whole megabytes. */
const lessReserve = (total: number, from: number, reserve: number): number =>
  Math.floor((total >= from ? total - reserve : Math.floor(total / 2)) / MEGABYTE);

const detected = (
  name: (typeof DETECTED)[number],
  { host }: ResourcesInput,
): { readonly part: BuiltPart; readonly text: string | undefined } => {
  const field = `resources.${name}`;
  if (name === 'ports') {
    const part: BuiltPart = {
      field,
      certainty: 'default',
      text: DEFAULT_PORTS,
      from: "the agent's default",
      why: undefined,
    };
    return { part, text: DEFAULT_PORTS };
  }
  const found = name === 'cpus' ? host.cpus : name === 'mem' ? host.memory : host.disk;
  if (!found.known)
    return { part: { field, certainty: 'unknown', text: '', from: 'the host', why: found.why }, text: undefined };
  const value =
    name === 'cpus'
      ? found.value
      : name === 'mem'
        ? lessReserve(found.value, 2 * GIGABYTE, GIGABYTE)
        : lessReserve(found.value, 10 * GIGABYTE, 5 * GIGABYTE);
  const text = String(value);
  return { part: { field, certainty: 'detected', text, from: found.from, why: undefined }, text };
};

interface Gpus {
  readonly resources: Resources;
  /** Whether those of `--resources` are kept. */
  readonly isGiven: boolean;
  readonly part: BuiltPart | undefined;
}

/** Mirrors `enumerateGpuResources`: given ones pass, unless the isolator counts them where none are given. */
const gpusOf = (resources: Resources, given: string, role: string, { flags, host }: ResourcesInput): Gpus => {
  const own = resources.filter(({ name }) => name === 'gpus');
  const passed: Gpus = { resources: own, isGiven: true, part: undefined };
  const isolation = flags('isolation');
  const isolators = isolation.kind === 'unknown' ? undefined : tokenize(isolation.value ?? '', ',');
  if (!own.isEmpty || isolators?.includes('gpu/nvidia') === false || given.includes('gpus')) return passed;
  const { gpus } = host;
  if (gpus.known && gpus.value === 0) return passed;
  const field = 'resources.gpus';
  if (isolators === undefined || !gpus.known) {
    const why = isolators === undefined ? '--isolation is not known' : gpus.known ? '' : gpus.why;
    return { resources: own, isGiven: true, part: { field, certainty: 'unknown', text: '', from: 'the host', why } };
  }
  const counted = resourceOf('gpus', String(gpus.value), role);
  return {
    resources: counted.ok ? Resources.of([counted.value]) : own,
    isGiven: false,
    part: { field, certainty: 'detected', text: String(gpus.value), from: gpus.from, why: undefined },
  };
};
