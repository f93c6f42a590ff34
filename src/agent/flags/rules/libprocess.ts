import { isIPv4, isIPv6 } from '../notation/address.ts';
import type { FlagLook, FlagRule } from './rule.ts';

/** What the agent passes on to libprocess: one of its flags, or else the variable that the flag replaces. */
interface PassedOn {
  readonly name: string;
  /** A command that finds the value out, where one may be given. */
  readonly command?: string;
  /** Whether no flag of the agent stands for it. */
  readonly isVariable?: true;
  readonly problem: (text: string) => string | undefined;
}

const notLoaded = (name: string, text: string, why: string): string =>
  `Failed to load flag '${name}': Failed to load value '${text}': ${why}`;

const addressProblem = (name: string, text: string): string | undefined =>
  isIPv4(text) || isIPv6(text) ? undefined : notLoaded(name, text, `Failed to parse IP as either IPv4 or IPv6:${text}`);

const portProblem = (text: string): string | undefined => {
  if (!/^[ \t\n\v\f\r]*[+-]?[0-9]+$/.test(text) || Math.abs(Number(text)) >= 2 ** 31) {
    return notLoaded('advertise_port', text, 'Failed to convert into required type');
  }
  const port = Number(text);
  return port <= 0 || port > 0xffff ? `LIBPROCESS_ADVERTISE_PORT=${port} is not a valid port` : undefined;
};

/** `Flags` in libprocess' `process.cpp`; the port is the agent's own, and is checked with its flags. */
const PASSED_ON: readonly PassedOn[] = [
  {
    name: 'ip',
    command: 'ip_discovery_command',
    problem: (text) =>
      addressProblem('ip', text) ??
      (isIPv4(text) ? undefined : 'Currently we allow only IPv4 address to be specified with the `--ip` flag'),
  },
  {
    name: 'ip6',
    command: 'ip6_discovery_command',
    problem: (text) => (isIPv6(text) ? undefined : notLoaded('ip6', text, `Failed to parse IPv6: ${text}`)),
  },
  { name: 'advertise_ip', problem: (text) => addressProblem('advertise_ip', text) },
  { name: 'advertise_port', problem: portProblem },
  {
    name: 'require_peer_address_ip_match',
    isVariable: true,
    problem: (text) =>
      /^(?:true|false|0|1|)$/.test(text)
        ? undefined
        : notLoaded('require_peer_address_ip_match', text, 'Expecting a boolean (e.g., true or false)'),
  },
];

const textOf = ({ value, isMissing, variable }: FlagLook, { name, command, isVariable }: PassedOn) => {
  const own = isVariable ? undefined : value(name);
  if (own !== undefined) return own;
  // What a command says, nobody knows before it is run.
  const isLeft = isVariable || (isMissing(name) && (command === undefined || isMissing(command)));
  const text = isLeft ? variable(`LIBPROCESS_${name.toUpperCase()}`) : undefined;
  return text?.startsWith('file://') ? undefined : text;
};

/** What libprocess looks at when it is initialized. */
export const LIBPROCESS: readonly FlagRule[] = PASSED_ON.map((passed) => ({
  flag: passed.name,
  variable: `LIBPROCESS_${passed.name.toUpperCase()}`,
  refusal: (flags) => {
    const text = textOf(flags, passed);
    return text === undefined ? undefined : passed.problem(text);
  },
}));
