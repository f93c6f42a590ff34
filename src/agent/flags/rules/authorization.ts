import type { Message } from '../../../format/parse.ts';
import { isWithin, type Version } from '../../version.ts';
import { type AclList, aclLists } from '../shapes/acls.ts';
import { entriesOf, type FlagLook, type FlagRule, json, value } from './rule.ts';

/** Endpoints that `get_endpoints` may name. Mirrors `AUTHORIZABLE_ENDPOINTS`. */
const endpointsOf = (version: Version): readonly string[] => [
  ...['/containers', '/files/debug', '/logging/toggle', '/metrics/snapshot', '/monitor/statistics'],
  ...(isWithin(version, [{ before: '1.7.0' }]) ? ['/files/debug.json', '/monitor/statistics.json'] : []),
  ...(isWithin(version, [{ from: '1.9.0' }]) ? ['/containerizer/debug'] : []),
];

const isSome = (entity: unknown): entity is Message => ((entity as Message | undefined)?.['type'] ?? 'SOME') === 'SOME';

/** How a list is called in the agent's words: up to 1.4 by its name, where it is about maintenance by one of its kind. */
const calledIn = (version: Version, { name, entry }: AclList): string => {
  if (!isWithin(version, [{ before: '1.5.0' }])) return `ACL.${entry}`;
  return `acls.${name.includes('maintenance') ? name.replace(/(?:(?<=status)es|s)$/, '') : name}`;
};

const aclProblem = (message: Message, { version }: FlagLook): string | undefined => {
  for (const list of aclLists(version)) {
    for (const entry of entriesOf(message, list.name)) {
      const object = entry[list.object];
      if (!isSome(object)) continue;
      if (list.isAnyOrNone) return `${calledIn(version, list)} type must be either NONE or ANY`;
      if (list.name !== 'get_endpoints') continue;
      const other = ((object['values'] ?? []) as readonly string[]).find(
        (path) => !endpointsOf(version).includes(path),
      );
      if (other !== undefined) return `Path: '${other}' is not an authorizable path`;
    }
  }
  return undefined;
};

/** Which of the agent's endpoints a switch protects. */
const REALMS = [
  ['authenticate_http_executors', 'mesos-agent-executor'],
  ['authenticate_http_readonly', 'mesos-agent-readonly'],
  ['authenticate_http_readwrite', 'mesos-agent-readwrite'],
] as const;

/** The file with the key for tokens, by the name that a version has for its flag. */
const keyFlag = (version: Version): string =>
  isWithin(version, [{ before: '1.5.0' }]) ? 'executor_secret_key' : 'jwt_secret_key';

/** The authenticators of HTTP endpoints; undefined where they are not known. */
const authenticatorsOf = ({ value, valueOrDefault, isMissing }: FlagLook): readonly string[] | undefined => {
  const named = value('http_authenticators');
  if (named !== undefined) return named.split(',');
  if (!isMissing('http_authenticators')) return undefined;
  return valueOrDefault('authenticate_http_executors') === 'true' ? ['basic', 'jwt'] : ['basic'];
};

/** What an authenticator of the agent's own lacks. Mirrors `initializeHttpAuthenticators`. */
const lackOf = (flags: FlagLook, realm: string): string | undefined => {
  const needs = { basic: ['http_credentials', 'credentials'], jwt: [keyFlag(flags.version), 'secret key'] } as const;
  for (const name of authenticatorsOf(flags) ?? []) {
    const need = name === 'basic' || name === 'jwt' ? needs[name] : undefined;
    if (need !== undefined && flags.isMissing(need[0])) {
      return `Failed to create HTTP authenticator module '${name}': No ${need[1]} provided for the default '${name}' HTTP authenticator for realm '${realm}'`;
    }
  }
  return undefined;
};

/** What `main` looks at to make the authorizer. */
export const AUTHORIZER: FlagRule = json('acls', (message, flags) => {
  if (flags.valueOrDefault('authorizer') !== 'local') return undefined;
  const problem = aclProblem(message, flags);
  return problem && `Could not create 'local' authorizer: ${problem}`;
});

/** What `Slave::initialize` looks at to make the authenticators of its endpoints. */
export const AUTHENTICATORS: readonly FlagRule[] = REALMS.map(([flag, realm], i) =>
  value(flag, (text, flags) => {
    if (text !== 'true') return undefined;
    const key = keyFlag(flags.version);
    if (i === 0 && flags.isMissing(key)) {
      return `--${key} must be specified when --authenticate_http_executors is set to true`;
    }
    return lackOf(flags, realm);
  }),
);
