import type { Resource, SlaveInfo } from '../../schema/index.ts';
import { attributesFlag } from '../attributes-flag.ts';
import { withFlags } from '../flags/values.ts';
import { parseResources, resourcesFlag } from '../resources-flag.ts';
import { type BuildInput, buildAgentInfo } from './build.ts';
import { unsureParts } from './built.ts';
import { type ReconfigurationPolicy, upgradeAgentInfo } from './check.ts';
import { isFree } from './free.ts';
import { checkInfo, survive } from './survive.ts';

/** A flag to start with: set to a value, or, where that is undefined, left out. */
export interface RemedyFlag {
  readonly name: string;
  readonly value: string | undefined;
}

/** Flags with which the agent would go on with its checkpoint. */
export interface Remedy {
  readonly policy: ReconfigurationPolicy;
  readonly flags: readonly RemedyFlag[];
}

/** Those that do not ask for all that another one does, and for more: they allow nothing else. */
export const plainest = (remedies: readonly Remedy[]): readonly Remedy[] =>
  remedies.filter((remedy) => !remedies.some((other) => asksForMore(remedy, other)));

const asksForMore = (remedy: Remedy, other: Remedy): boolean =>
  remedy.flags.length > other.flags.length &&
  other.flags.every(({ name, value }) => remedy.flags.some((flag) => flag.name === name && flag.value === value));

/** What each field is brought back with; undefined where no flag does it. */
type Fix = readonly RemedyFlag[];

/**
 * The fewest flags that make the infos compatible, for each policy. Each remedy was tried: the agent info was built with
 * it, and compared.
 */
export const remediesFor = (
  previous: SlaveInfo,
  input: BuildInput,
  policies: readonly ReconfigurationPolicy[],
  inForce: ReconfigurationPolicy | undefined,
): readonly Remedy[] =>
  policies.flatMap((policy): readonly Remedy[] => {
    const flags = fewestFlags(previous, input, policy);
    if (flags === undefined) return [];
    const switched = policy === inForce ? [] : [{ name: 'reconfiguration_policy', value: policy }];
    return [{ policy, flags: [...switched, ...flags] }];
  });

const fewestFlags = (previous: SlaveInfo, input: BuildInput, policy: ReconfigurationPolicy): Fix | undefined => {
  const fixes = survive(() => fixesFor(previous, input, policy)) ?? [];
  const subsets = Array.from({ length: 2 ** fixes.length }, (_, bits) =>
    fixes.filter((_fix, i) => (bits & (2 ** i)) !== 0).flat(),
  ).toSorted((a, b) => a.length - b.length);
  return subsets.find((flags) => isCompatible(previous, input, policy, flags));
};

const isCompatible = (previous: SlaveInfo, input: BuildInput, policy: ReconfigurationPolicy, flags: Fix): boolean => {
  const changed = new Map(flags.map(({ name, value }) => [name, value] as const));
  const built = buildAgentInfo({ ...input, flags: withFlags(input.flags, changed) });
  const isSure = unsureParts(built).every((part) => isFree(previous, part, policy));
  return isSure && built.refusals.length === 0 && checkInfo(previous, built.info, policy).ok;
};

const fixesFor = (previous: SlaveInfo, input: BuildInput, policy: ReconfigurationPolicy): readonly Fix[] => {
  const current = buildAgentInfo(input).info;
  const portFlag = input.flags('advertise_port').kind === 'default' ? 'port' : 'advertise_port';
  const attributes = attributesFlag(previous.attributes);
  const domain: RemedyFlag = {
    name: 'domain',
    value: previous.domain === undefined ? undefined : JSON.stringify(previous.domain),
  };
  return [
    [{ name: 'hostname', value: previous.hostname }],
    [{ name: portFlag, value: String(previous.port ?? 5051) }],
    ...(attributes === undefined ? [] : [[attributesRemedy(attributes)]]),
    [domain],
    ...resourcesFix(previous, current, input, policy),
  ];
};

const attributesRemedy = (text: string): RemedyFlag => ({ name: 'attributes', value: text === '' ? undefined : text });

/** Detected by themselves where `--resources` does not name them: as it names none of them. */
export const DETECTED_ZERO: Readonly<Record<string, string>> = { cpus: '0', mem: '0', disk: '0', ports: '[]' };

/** Names what differs as it was, and leaves the rest as it is: `disk:1024` is enough where a disk grew. */
const resourcesFix = (
  previous: SlaveInfo,
  current: SlaveInfo,
  { flags }: BuildInput,
  policy: ReconfigurationPolicy,
): readonly Fix[] => {
  const role = flags('default_role');
  const defaultRole = role.kind === 'unknown' ? '*' : (role.value ?? '*');
  const flag = flags('resources');
  const parsed = flag.kind === 'set' ? parseResources(flag.value, defaultRole) : undefined;
  const listed: readonly Resource[] = parsed?.ok === true ? parsed.value.listed : [];
  const old = upgradeAgentInfo(previous).resources;
  const names = new Set([...old, ...current.resources].map(({ name }) => name));
  const only = (info: SlaveInfo, resources: readonly Resource[], name: string): SlaveInfo => ({
    ...info,
    resources: resources.filter((resource) => resource.name === name),
  });
  const wrong = [...names].filter(
    (name) => !checkInfo(only(previous, old, name), { ...only(previous, current.resources, name) }, policy).ok,
  );
  if (wrong.length === 0) return [];
  const kept = listed.filter(({ name }) => !wrong.includes(name));
  const back = old.filter(({ name }) => wrong.includes(name));
  const absent = wrong.filter((name) => !back.some((resource) => resource.name === name));
  const zeros = absent.flatMap((name) => (DETECTED_ZERO[name] === undefined ? [] : [`${name}:${DETECTED_ZERO[name]}`]));
  const text = resourcesFlag([...kept, ...back], defaultRole);
  const isJson = text.startsWith('[');
  if (isJson && zeros.length > 0) return [];
  return [[{ name: 'resources', value: [text, ...zeros].filter((part) => part !== '').join(';') }]];
};
