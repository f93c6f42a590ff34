import type { Message } from '../../../format/parse.ts';
import { bytesOf } from '../../../text/lossless.ts';
import { since, type VersionSpan } from '../../version.ts';
import { jsonObject } from '../notation/value.ts';
import { atMost, entriesOf, type FlagRule, json, SECOND, value } from './rule.ts';

/** Linux's own limit on the path of a socket. */
const MAX_SOCKET_PATH = 108;

/** Whether a path is too long for a socket. */
export const isLongForSocket = (path: string): boolean => bytesOf(path).length >= MAX_SOCKET_PATH;

interface NeededFeatures {
  readonly versions: readonly VersionSpan[];
  readonly features: readonly string[];
  readonly message: string;
}

const REFINED = ['MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT'] as const;
const NEEDED = 'At least the following agent features need to be enabled:';

/** What an agent that is told its features has to have: more with every version. */
const NEEDED_FEATURES: readonly NeededFeatures[] = [
  {
    versions: [{ from: '1.5.0', before: '1.8.0' }],
    features: REFINED,
    message: `${NEEDED} MULTI_ROLE, HIERARCHICAL_ROLE, RESERVATION_REFINEMENT`,
  },
  {
    versions: [{ from: '1.8.0', before: '1.9.0' }],
    features: [...REFINED, 'AGENT_OPERATION_FEEDBACK'],
    message: `${NEEDED} MULTI_ROLE, HIERARCHICAL_ROLE, RESERVATION_REFINEMENT, AGENT_OPERATION_FEEDBACK`,
  },
  {
    versions: [{ from: '1.9.0', before: '1.10.0' }],
    features: [...REFINED, 'AGENT_OPERATION_FEEDBACK', 'AGENT_DRAINING'],
    message: `${NEEDED} MULTI_ROLE, HIERARCHICAL_ROLE, RESERVATION_REFINEMENT, AGENT_OPERATION_FEEDBACK, and AGENT_DRAINING`,
  },
  {
    versions: since('1.10.0'),
    features: [
      ...REFINED,
      ...['AGENT_OPERATION_FEEDBACK', 'RESOURCE_PROVIDER', 'AGENT_DRAINING', 'TASK_RESOURCE_LIMITS'],
    ],
    message: `${NEEDED} MULTI_ROLE, HIERARCHICAL_ROLE, RESERVATION_REFINEMENT, AGENT_OPERATION_FEEDBACK, RESOURCE_PROVIDER, AGENT_DRAINING, and TASK_RESOURCE_LIMITS`,
  },
];

const featuresOf = (message: Message): ReadonlySet<unknown> =>
  new Set(entriesOf(message, 'capabilities').map(({ type }) => type));

/** A feature that is of use only with the providers of resources. */
const needsProviders = (feature: string, versions: readonly VersionSpan[]): FlagRule => ({
  versions,
  ...json('agent_features', (message) => {
    const features = featuresOf(message);
    return features.has(feature) && !features.has('RESOURCE_PROVIDER')
      ? `${feature} feature requires RESOURCE_PROVIDER feature`
      : undefined;
  }),
});

const NOT_ALLOWED = '`--default_container_dns` is not allowed';

/** How a network is called where several configurations of one are refused. */
const NETWORKS = [
  { field: 'mesos', called: 'CNI' },
  { field: 'docker', called: 'user-defined CNM' },
] as const;

const dnsProblem = (message: Message): string | undefined => {
  for (const { field, called } of NETWORKS) {
    const seen = new Set<string>();
    for (const { network_mode = 'UNKNOWN', network_name } of entriesOf(message, field)) {
      if (network_mode === 'UNKNOWN') return 'UNKNOWN network mode configured in `--default_container_dns`';
      if (network_mode === 'HOST') {
        return 'Configuring DNS for HOST network with `--default_container_dns` is not yet supported';
      }
      const key = JSON.stringify(network_mode === 'BRIDGE' ? network_mode : [network_name ?? null]);
      if (!seen.has(key)) {
        seen.add(key);
        continue;
      }
      if (network_mode === 'BRIDGE') {
        return `Multiple DNS configuration for Docker default bridge network in ${NOT_ALLOWED}`;
      }
      return network_name === undefined
        ? `Multiple DNS configuration without network name for ${called} network in ${NOT_ALLOWED}`
        : `Multiple DNS configuration with the same network name '${String(network_name)}' for ${called} network in ${NOT_ALLOWED}`;
    }
  }
  return undefined;
};

/** What the agent looks at as soon as its flags are loaded, by the names of the flags: `Flags::Flags` in `slave/flags.cpp`. */
export const VALIDATORS: readonly FlagRule[] = [
  ...NEEDED_FEATURES.map(({ versions, features, message }) => ({
    versions,
    ...json('agent_features', (given) => {
      const found = featuresOf(given);
      return features.every((feature) => found.has(feature)) ? undefined : message;
    }),
  })),
  needsProviders('RESIZE_VOLUME', [{ from: '1.6.0', before: '1.10.0' }]),
  needsProviders('AGENT_OPERATION_FEEDBACK', [{ from: '1.8.0', before: '1.10.0' }]),
  json('default_container_dns', dnsProblem),
  json('domain', (message) =>
    message['fault_domain'] === undefined ? '`domain` must define `fault_domain`' : undefined,
  ),
  {
    versions: since('1.10.0'),
    ...value('domain_socket_location', (path) =>
      isLongForSocket(path) ? 'Domain socket location cannot be longer than 108 characters.' : undefined,
    ),
  },
  value('executor_environment_variables', (text, { read }) => {
    const parsed = jsonObject(text, read);
    return parsed.ok && Object.values(parsed.value).some((each) => typeof each !== 'string')
      ? '`executor_environment_variables` must only contain string values'
      : undefined;
  }),
  atMost(
    'executor_reregistration_timeout',
    15 * SECOND,
    () => 'Expected `--executor_reregistration_timeout` to be not more than 15secs',
  ),
];
