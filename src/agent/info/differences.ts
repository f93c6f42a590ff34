import type { SlaveInfo } from '../../schema/index.ts';
import { attributesEqual, attributeText } from '../attributes.ts';
import { domainsEqual, domainText } from '../domain.ts';
import { Resources } from '../resources.ts';
import { agentCheckpoints, agentPort, upgradeAgentInfo } from './check.ts';

/** A field of the agent's info in which two infos differ, as texts for a screen. */
export interface AgentInfoDifference {
  readonly field: 'hostname' | 'port' | 'resources' | 'attributes' | 'domain' | 'checkpoint' | 'id';
  readonly previous: string;
  readonly current: string;
}

/**
 * What the policy `equal` would find between two agent infos, field by field, in a fixed order; none if they are equal.
 * @throws AgentAbort where the agent would end itself, as in `checkAgentInfo`
 */
export function agentInfoDifferences(previous: SlaveInfo, current: SlaveInfo): AgentInfoDifference[] {
  const [before, now] = [upgradeAgentInfo(previous), upgradeAgentInfo(current)];
  return FIELDS.filter(({ equal }) => !equal(before, now)).map(({ field, text }) => ({
    field,
    previous: text(before),
    current: text(now),
  }));
}

interface ComparedField {
  readonly field: AgentInfoDifference['field'];
  readonly equal: (previous: SlaveInfo, current: SlaveInfo) => boolean;
  readonly text: (info: SlaveInfo) => string;
}

const FIELDS: readonly ComparedField[] = [
  byText('hostname', ({ hostname }) => hostname),
  byText('port', (info) => String(agentPort(info))),
  {
    field: 'resources',
    equal: (previous, current) => Resources.of(previous.resources).equals(Resources.of(current.resources)),
    text: ({ resources }) => Resources.of(resources).toString(),
  },
  {
    field: 'attributes',
    equal: (previous, current) => attributesEqual(previous.attributes, current.attributes),
    text: ({ attributes }) => attributes.map(attributeText).join('; '),
  },
  {
    field: 'domain',
    equal: (previous, current) => domainsEqual(previous.domain, current.domain),
    text: ({ domain }) => domainText(domain),
  },
  byText('checkpoint', (info) => String(agentCheckpoints(info))),
  byText('id', ({ id }) => id?.value ?? ''),
];

function byText(field: AgentInfoDifference['field'], text: (info: SlaveInfo) => string): ComparedField {
  return { field, equal: (previous, current) => text(previous) === text(current), text };
}
