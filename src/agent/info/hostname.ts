import type { FlagValue, FlagValues } from '../flags/values.ts';
import type { Certainty } from './built.ts';
import type { DetectedHost } from './detected.ts';

/** A text that the agent would come to, and how sure that is. */
export interface FoundText {
  readonly value: string | undefined;
  readonly certainty: Certainty;
  readonly from: string;
  readonly why: string | undefined;
}

/** A variable of the agent's environment: `LIBPROCESS_ADVERTISE_IP`. */
export type EnvironmentLook = (name: string) => { readonly value: string; readonly from: string } | undefined;

const unknown = (why: string, from: string): FoundText => ({ value: undefined, certainty: 'unknown', from, why });

/**
 * The hostname that an agent would report. Mirrors `Slave::initialize`: the flag; without it the name of its address, or
 * with `--no-hostname_lookup` the address itself.
 */
export const findHostname = (host: DetectedHost, flags: FlagValues, environment: EnvironmentLook): FoundText => {
  const flag = flags('hostname');
  if (flag.kind === 'set') return { value: flag.value, certainty: 'set', from: flag.from, why: undefined };
  if (flag.kind === 'unknown') return unknown(flag.why, flag.from);
  const address = findAddress(host, flags, environment);
  const lookup = flags('hostname_lookup');
  if (lookup.kind === 'unknown') return unknown(lookup.why, lookup.from);
  if (lookup.value === 'false' || lookup.value === '0') return address;
  return nameOf(host, address);
};

/** The address that the agent is known by: advertised, or bound, or that of the host's own name. */
export const findAddress = (host: DetectedHost, flags: FlagValues, environment: EnvironmentLook): FoundText => {
  const command = flags('ip_discovery_command');
  const advertised = firstSet(flags('advertise_ip'), environment('LIBPROCESS_ADVERTISE_IP'));
  if (advertised !== undefined) return advertised;
  if (command.kind !== 'default') {
    return unknown(
      '--ip_discovery_command tells the address when it is run',
      command.kind === 'set' ? command.from : '',
    );
  }
  const bound = firstSet(flags('ip'), environment('LIBPROCESS_IP'));
  if (bound !== undefined && bound.value !== '0.0.0.0') return bound;
  return addressOfOwnName(host);
};

const firstSet = (flag: FlagValue, variable: ReturnType<EnvironmentLook>): FoundText | undefined => {
  if (flag.kind === 'set') return { value: flag.value, certainty: 'set', from: flag.from, why: undefined };
  if (flag.kind === 'unknown') return unknown(flag.why, flag.from);
  return variable === undefined
    ? undefined
    : { value: variable.value, certainty: 'set', from: variable.from, why: undefined };
};

const HOSTS = '/etc/hosts';

const addressOfOwnName = (host: DetectedHost): FoundText => {
  const own = host.ownName;
  if (own === undefined) return unknown("the host's own name is not known", '/etc/hostname');
  const found = host.hosts.find(
    ({ address, names }) => /^[0-9.]+$/.test(address) && names.some((name) => name.toLowerCase() === own.toLowerCase()),
  );
  if (found === undefined)
    return unknown(`the address of ${own} is in DNS, or wherever the host looks names up`, '/etc/hosts');
  return { value: found.address, certainty: 'detected', from: `${HOSTS}:${found.line}`, why: undefined };
};

/** The name of an address: what the host's own file says first; elsewhere it is taken to be what the host calls itself. */
const nameOf = (host: DetectedHost, address: FoundText): FoundText => {
  const line = host.hosts.find((each) => each.address === address.value);
  if (line !== undefined && address.certainty !== 'unknown') {
    return { value: line.names[0], certainty: 'detected', from: `${HOSTS}:${line.line}`, why: undefined };
  }
  const own = host.ownName;
  if (own === undefined) return unknown("--hostname is not set, and the host's own name is not known", '/etc/hostname');
  const whose = address.value === undefined ? 'its address' : address.value;
  return {
    value: own,
    certainty: 'assumed',
    from: '/etc/hostname',
    why: `--hostname is not set: the agent asks for the name of ${whose}, which is taken to be the host's own`,
  };
};
