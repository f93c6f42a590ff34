import type { SlaveInfo } from '../../schema/index.ts';
import { attributesEqual } from '../attributes.ts';
import { attributesFlag, parseAttributes } from '../attributes-flag.ts';
import { Resources } from '../resources.ts';
import { parseResources, resourcesFlag } from '../resources-flag.ts';
import { type ReconfigurationPolicy, upgradeAgentInfo } from './check.ts';
import { agentInfoDifferences } from './differences.ts';
import { DETECTED_ZERO, type Remedy, type RemedyFlag } from './remedies.ts';
import { checkInfo, survive } from './survive.ts';

/**
 * Flags with which an agent would go on with its checkpoint, where its info is known and its flags are not: the old values
 * of all that differs, and `additive` where that is enough. Each is as the agent reads it back; what no flag gives again is
 * left out, and with it the remedy.
 */
export const keepOld = (previous: SlaveInfo, current: SlaveInfo, hasPolicy: boolean): readonly Remedy[] => {
  const fields = survive(() => agentInfoDifferences(previous, { ...current, id: previous.id })) ?? [];
  const flags = fields.map(({ field }) => flagOf(previous, current, field));
  const policies: ReconfigurationPolicy[] =
    hasPolicy && checkInfo(previous, current, 'additive').ok ? ['additive'] : [];
  return [
    ...policies.map((policy): Remedy => ({ policy, flags: [{ name: 'reconfiguration_policy', value: policy }] })),
    ...(flags.length > 0 && flags.every((flag) => flag !== undefined) ? [{ policy: 'equal' as const, flags }] : []),
  ];
};

const flagOf = (previous: SlaveInfo, current: SlaveInfo, field: string): RemedyFlag | undefined => {
  switch (field) {
    case 'hostname':
      return { name: 'hostname', value: previous.hostname };
    case 'port':
      return { name: 'port', value: String(previous.port ?? 5051) };
    case 'domain':
      return { name: 'domain', value: previous.domain === undefined ? undefined : JSON.stringify(previous.domain) };
    case 'attributes':
      return attributesOf(previous);
    case 'resources':
      return resourcesOf(previous, current);
    default:
      return undefined;
  }
};

const attributesOf = ({ attributes }: SlaveInfo): RemedyFlag | undefined => {
  const text = attributesFlag(attributes);
  const read = text === undefined ? undefined : parseAttributes(text);
  const isSame = read?.ok === true && survive(() => attributesEqual(read.value, attributes)) === true;
  return isSame ? { name: 'attributes', value: text === '' ? undefined : text } : undefined;
};

const DEFAULT_ROLE = '*';

/** All that there was, each by its name: nothing is left to be detected. */
const resourcesOf = (previous: SlaveInfo, current: SlaveInfo): RemedyFlag | undefined => {
  const old = survive(() => upgradeAgentInfo(previous).resources);
  if (old === undefined) return undefined;
  const text = resourcesFlag(old, DEFAULT_ROLE);
  const absent = Object.keys(DETECTED_ZERO).filter(
    (name) => !old.some((resource) => resource.name === name) && current.resources.some((each) => each.name === name),
  );
  if (text.startsWith('[') && absent.length > 0) return undefined;
  const value = [text, ...absent.map((name) => `${name}:${DETECTED_ZERO[name]}`)]
    .filter((part) => part !== '')
    .join(';');
  const read = parseResources(value, DEFAULT_ROLE);
  const isSame = read.ok && survive(() => read.value.resources.equals(Resources.of(old))) === true;
  return isSame ? { name: 'resources', value } : undefined;
};
