import type { FlagValue } from '../../agent/flags/values.ts';
import { ifKnown } from '../../host/known.ts';
import { serviceDirective } from '../../host/systemd/settings.ts';
import type { Facts } from '../facts/facts.ts';
import { containerText } from '../lives/stop.ts';
import { aboutFlag, dontKnow, endsStart, mayEndStart, notSeen, ok, type PreflightCheck, type Row } from './check.ts';

/** Whether the agent can take its address. */
export const address: PreflightCheck<'address'> = {
  code: 'address',
  title: 'The agent can take its address and its port',
  looksAtStart: true,
  explanation:
    "Before anything else the agent binds its port (--port, 5051 by default) at --ip or at every address of the host. It aborts where another program listens there, where the address is not the host's, or where the port is below 1024 and its user is not root. Without --ip and --advertise_ip it looks up the host's own name, and exits where that has no IPv4 address; --ip_discovery_command must be there and end well.",
  remedy:
    'Stop what listens there, or correct --ip and --port; but an agent whose IP changes is shut down by its master.',
  visibility: 'Run this on the host itself: only its kernel knows who listens, and what its addresses are.',
  judge: ({ facts }) => {
    if (containerText(facts) !== undefined && facts.flags.container?.hasHostNetwork !== true)
      return [
        dontKnow(
          "the agent runs in a container, whose runtime gives it the container's addresses, or the host's with --net=host",
          undefined,
          'Check that nothing else listens on its port in that network.',
        ),
      ];
    const rows = [...portRows(facts), ...ipRows(facts), ...nameRows(facts)];
    const bad = rows.filter(({ verdict }) => verdict !== 'ok');
    return bad.length > 0 ? bad : [ok(rows.map(({ found }) => found).join('; '))];
  },
};

const DEFAULT_PORT = 5051;

/** What is set by a flag, or by the variable of libprocess that it stands for; '' where nothing is. */
const setOf = (
  { infoInput }: Facts,
  flag: string,
  variable: string,
): { value: string; from: string } | 'unknown' | undefined => {
  const value: FlagValue = infoInput.flags(flag);
  if (value.kind === 'unknown') return 'unknown';
  return value.kind === 'set' ? value : infoInput.environment(variable);
};

const portRows = (facts: Facts): readonly Row[] => {
  const { network, systemd, flags } = facts;
  const set = setOf(facts, 'port', 'LIBPROCESS_PORT');
  if (set === 'unknown') return [aboutFlag(facts, dontKnow('--port is not known'))];
  const port = set === undefined ? DEFAULT_PORT : Number(set.value);
  const place = set?.from ?? 'the default';
  const rows: Row[] = [];
  const unit = ifKnown(systemd.unit);
  if (port < network.lowestPort && !facts.isAgentRoot) {
    const given = (unit && serviceDirective(unit, 'AmbientCapabilities')?.value) ?? '';
    if (!given.includes('CAP_NET_BIND_SERVICE')) {
      rows.push(
        mayEndStart(
          `port ${port} is only for root, which the agent is not: it aborts, unless its file has the capability for it`,
          place,
          'Set AmbientCapabilities=CAP_NET_BIND_SERVICE in [Service].',
        ),
      );
    }
  }
  const { running } = facts.activity;
  if (!running.known) return [...rows, notSeen(running)];
  const hasPort = flags.running !== undefined && !flags.running.differences.some(({ name }) => name === 'port');
  // The port is that of the agent that runs, which leaves it when it is stopped.
  if (running.value.length > 0 && hasPort) return [...rows, ok(`port ${port}, as pid ${flags.running?.pid} has it`)];
  if (!network.listeners.known) return [...rows, notSeen(network.listeners)];
  const ip = setOf(facts, 'ip', 'LIBPROCESS_IP');
  const own = ip === undefined || ip === 'unknown' || ip.value === '0.0.0.0' ? undefined : ip.value;
  const taken = network.listeners.value.filter(
    (each) => each.port === port && (own === undefined || each.ip === '0.0.0.0' || each.ip === own),
  );
  const [first] = taken;
  if (first === undefined) return [...rows, ok(`nothing listens on port ${port}`)];
  if (taken.every(({ isV6 }) => isV6)) {
    return [
      ...rows,
      mayEndStart(`a program listens on port ${port} of IPv6: the agent aborts if that covers IPv4 too`, place, WHO),
    ];
  }
  return [
    ...rows,
    endsStart(`somebody listens on port ${port} already: the agent aborts`, place, `${WHO} Stop it first.`),
  ];
};

const WHO = "ss -ltnp shows whose it is; an earlier agent's helper may have inherited it.";

const ipRows = (facts: Facts): readonly Row[] => {
  const set = setOf(facts, 'ip', 'LIBPROCESS_IP');
  if (set === 'unknown') return [aboutFlag(facts, dontKnow('--ip is not known'))];
  const command = facts.infoInput.flags('ip_discovery_command');
  if (command.kind !== 'default') return discoveryRows(facts, command);
  if (set === undefined || set.value === '0.0.0.0') return [];
  const { addresses } = facts.network;
  if (!addresses.known) return [notSeen(addresses)];
  if (addresses.value.has(set.value) || set.value.startsWith('127.')) return [ok(`${set.value} is the host's`)];
  return [
    endsStart(
      `${set.value} is not an address of this host: the agent aborts`,
      set.from,
      'Bring the address up before the agent starts: After=network-online.target in its unit; or correct --ip.',
    ),
  ];
};

/** The shell runs it, so only a plain path tells what that is. */
const discoveryRows = ({ flags, commandFile }: Facts, command: FlagValue): readonly Row[] => {
  if (command.kind !== 'set') return [dontKnow('--ip_discovery_command is not known')];
  const { value, from } = command;
  if (commandFile !== undefined && !commandFile.known) return [notSeen(commandFile)];
  if (commandFile?.value === false) {
    return [
      endsStart(
        `--ip_discovery_command: ${value.split(' ')[0]} is not there, or no program: the agent exits`,
        from,
        'Put the program back where the flag names it.',
      ),
    ];
  }
  const isOld =
    flags.running !== undefined && !flags.running.differences.some(({ name }) => name === 'ip_discovery_command');
  return [
    isOld
      ? ok(`'${value}' tells the address, as it did for pid ${flags.running?.pid}`)
      : dontKnow(
          `'${value}' tells the address: whether it ends well is seen when it is run`,
          from,
          `Run it as the agent's user: ${value}`,
        ),
  ];
};

/** With these the name of the host itself is always found. */
const FINDS_OWN = ['myhostname', 'resolve'];

const nameRows = (facts: Facts): readonly Row[] => {
  const { flags, infoInput, network } = facts;
  const { host } = infoInput;
  const isNamed = [
    setOf(facts, 'ip', 'LIBPROCESS_IP'),
    setOf(facts, 'advertise_ip', 'LIBPROCESS_ADVERTISE_IP'),
    infoInput.flags('ip_discovery_command').kind === 'default' ? undefined : ('unknown' as const),
  ].some((value) => value !== undefined && (value === 'unknown' || value.value !== '0.0.0.0'));
  if (isNamed) return [];
  const own = host.ownName;
  if (own === undefined) return [dontKnow("the host's own name is not known, which the agent looks up")];
  const line = host.hosts.find(
    ({ address: ip, names }) => /^[\d.]+$/.test(ip) && names.some((name) => name.toLowerCase() === own.toLowerCase()),
  );
  if (line !== undefined) return [ok(`${own} is ${line.address} (/etc/hosts:${line.line})`)];
  const lookups = network.lookups ?? ['files', 'dns'];
  if (lookups.some((each) => FINDS_OWN.includes(each))) return [ok(`${own} is found by ${lookups.join(', ')}`)];
  if (flags.running !== undefined) return [ok(`${own} was found when pid ${flags.running.pid} was started`)];
  const todo = `Add the name to /etc/hosts, with the address that it had, or set --ip to that.`;
  return lookups.every((each) => each === 'files')
    ? [
        endsStart(
          `${own} is not in /etc/hosts, and names are looked up nowhere else: the agent exits`,
          '/etc/nsswitch.conf',
          todo,
        ),
      ]
    : [
        dontKnow(
          `${own} is not in /etc/hosts: the agent exits where DNS does not have it either`,
          undefined,
          `See that this prints an address: getent ahostsv4 ${own}`,
        ),
      ];
};
