import type { Resource } from '../../../schema/index.ts';
import { parseAttributes } from '../../attributes-flag.ts';
import { resourceText } from '../../resource-text.ts';
import { parseResources } from '../../resources-flag.ts';
import { parseValue } from '../../value-text.ts';
import { isWithin, since } from '../../version.ts';
import { atMost, type FlagLook, type FlagRule, oneOf, SECOND, value } from './rule.ts';

const unknownOption =
  (flag: string, end: string) =>
  (text: string): string =>
    `Unknown option for '${flag}' flag ${text}. Please run the agent with '--help' to see the valid options${end}`;

/** Group ids are numbers of 32 bits. */
const MOST_GID = 2n ** 32n - 1n;

/** Mirrors `VolumeGidManager::create`, but for its question who the agent is. */
const gidProblem = (text: string): string | undefined => {
  const parsed = parseValue(text);
  if (!parsed.ok || parsed.value.type === 'TEXT') return `Failed to parse volume gid range '${text}'`;
  if (parsed.value.type !== 'RANGES') return `Invalid volume gid range type ${parsed.value.type}, expecting RANGES`;
  const { range } = parsed.value.ranges;
  if (range.some(({ end }) => end > MOST_GID)) return `Invalid volume gid range '${text}': Range is out of bounds`;
  return range.length === 0 ? 'Empty volume gid range' : undefined;
};

const isOfDevice = ({ disk }: Resource): boolean => disk?.source?.type === 'BLOCK' || disk?.source?.type === 'RAW';

/** Mirrors `Containerizer::resources`, and what `Slave::initialize` then asks of disks without looking at them. */
const resourcesProblem = (text: string, { version, valueOrDefault }: FlagLook): string | undefined => {
  const role = valueOrDefault('default_role');
  if (role === undefined) return undefined;
  const parsed = parseResources(text, role);
  if (!parsed.ok) return `Failed to determine agent resources: ${parsed.message}`;
  const device = parsed.value.listed.find(isOfDevice);
  if (device === undefined) return undefined;
  return isWithin(version, [{ before: '1.5.0' }])
    ? `Failed to determine agent resources: Some JSON resources were not formatted properly: Failed to find enum for '${device.disk?.source?.type}'`
    : `Unsupported 'DiskInfo.Source.Type' in '${resourceText(device)}'`;
};

/** What `main` looks at to hand out groups to volumes. */
export const VOLUME_GIDS: FlagRule = {
  versions: since('1.8.0'),
  ...value('volume_gid_range', (text) => {
    const problem = gidProblem(text);
    return problem && `Failed to initialize volume gid manager: ${problem}`;
  }),
};

/** What `Slave::initialize` looks at before it reads credentials. */
export const BACKOFF: FlagRule = atMost(
  'registration_backoff_factor',
  60 * SECOND,
  (text) => `Invalid value '${text}' for --registration_backoff_factor: Must be less than 1mins`,
);

/** What it looks at after them. */
export const INITIALIZE: readonly FlagRule[] = [
  value('gc_disk_headroom', (text) =>
    Number(text) < 0 || Number(text) > 1
      ? `Invalid value '${text}' for --gc_disk_headroom. Must be between 0.0 and 1.0`
      : undefined,
  ),
  value('resources', resourcesProblem),
  value('attributes', (text) => {
    const parsed = parseAttributes(text);
    return parsed.ok ? undefined : parsed.message;
  }),
  {
    versions: since('1.5.0'),
    ...oneOf('reconfiguration_policy', ['equal', 'additive'], unknownOption('reconfiguration_policy', '.')),
  },
  oneOf('recover', ['reconnect', 'cleanup'], unknownOption('recover', '')),
];
