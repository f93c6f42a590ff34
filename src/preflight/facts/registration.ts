import { findAddress } from '../../agent/info/hostname.ts';
import type { Sign } from '../../host/activity.ts';
import type { HostFacts } from '../../host/gather.ts';
import { type Host, textAt } from '../../host/host.ts';
import { ifKnown, type Known, unknown } from '../../host/known.ts';
import type { AgentInfoFacts } from './agent-info.ts';
import type { CheckpointFacts } from './checkpoint.ts';

/** What the master waits for: `--agent_ping_timeout` times `--max_agent_ping_timeouts`, as they are by default. */
export const PING_TIMEOUT = 75_000;

/** Under which name and address the master knows the agent, and under which it will come back. */
export interface Registration {
  /** Undefined where it is the same, as far as is known. */
  readonly hostname: Move | undefined;
  readonly ip: Move | undefined;
  /** The address that it had, and what says so; undefined where nothing does. */
  readonly oldIp: OldAddress | undefined;
  /** Flags of its address that the agent that runs has otherwise. */
  readonly changedFlags: readonly string[];
  /** Whether the flags of the agent that runs name the same address as those of the next start. */
  readonly hasSameFlags: boolean;
  /**
   * Whether the master holds the agent as registered when it comes back: it runs now, or wrote something within the time
   * that the master waits. Undefined where that is not known.
   */
  readonly isHeld: boolean | undefined;
}

/** An address that the agent had. */
interface OldAddress {
  readonly value: string;
  readonly from: string;
  /** Whether it was told to somebody, and is not only what the agent would have found. */
  readonly isSure: boolean;
}

/** From one name or address to another. */
export interface Move {
  readonly from: string;
  /** What says so. */
  readonly fromPlace: string;
  /** Undefined where only that it is another is known. */
  readonly to: string | undefined;
  readonly toPlace: string;
  readonly isSure: boolean;
}

/** Compares what the master was told of the agent with what it will be told. */
export const readRegistration = (
  host: Host,
  facts: HostFacts,
  {
    agentInfo,
    checkpoint,
    lastSign,
  }: {
    readonly agentInfo: Known<AgentInfoFacts>;
    readonly checkpoint: Known<CheckpointFacts>;
    readonly lastSign: Sign | undefined;
  },
): Registration => {
  const oldIp = oldAddress(host, facts);
  return {
    hostname: hostnameMove(facts, ifKnown(agentInfo), ifKnown(checkpoint)),
    ip: oldIp === undefined ? undefined : ipMove(facts, oldIp),
    oldIp,
    changedFlags: nowOf(facts, ...ADDRESS_FLAGS).map(({ name }) => name),
    hasSameFlags: facts.flags.running !== undefined && nowOf(facts, ...ADDRESS_FLAGS).length === 0,
    isHeld: isHeld(facts, lastSign),
  };
};

const ADDRESS_FLAGS = ['advertise_ip', 'ip', 'ip_discovery_command'];

/** Flags of some names that the agent that runs has otherwise. */
const nowOf = ({ flags }: HostFacts, ...names: readonly string[]) =>
  (flags.running?.differences ?? []).filter(({ name }) => names.includes(name));

const isHeld = ({ activity, clock }: HostFacts, lastSign: Sign | undefined): boolean | undefined => {
  const running = ifKnown(activity.running);
  if (running !== undefined && running.length > 0) return true;
  const now = ifKnown(clock.now);
  if (running === undefined || now === undefined || lastSign === undefined) return undefined;
  return now - lastSign.time <= PING_TIMEOUT;
};

const hostnameMove = (
  facts: HostFacts,
  agentInfo: AgentInfoFacts | undefined,
  checkpoint: CheckpointFacts | undefined,
): Move | undefined => {
  const agent = checkpoint?.verification.checkpoint.agent;
  const part = agentInfo?.comparison.built.parts.find(({ field }) => field === 'hostname');
  if (agent?.info.kind !== 'whole' || part === undefined || part.text === '') return undefined;
  const [now] = nowOf(facts, 'hostname').flatMap(({ now: value }) => (value === undefined ? [] : [value]));
  const from = now ?? agent.info.value.hostname;
  // What is only assumed of it, the comparison of the agent infos says.
  if (from === part.text || part.certainty === 'assumed' || part.certainty === 'unknown') return undefined;
  return {
    from,
    fromPlace: now === undefined ? 'slave.info' : `pid ${facts.flags.running?.pid}`,
    to: part.text,
    toPlace: part.from,
    isSure: part.certainty === 'set',
  };
};

/** What the agent that runs was told, else what it wrote when it started, else what its newest executor was told. */
const oldAddress = (host: Host, facts: HostFacts): Registration['oldIp'] => {
  for (const { name, now } of nowOf(facts, 'advertise_ip', 'ip')) {
    if (now !== undefined && /^[\d.]+$/.test(now))
      return { value: now, from: `--${name} of pid ${facts.flags.running?.pid}`, isSure: true };
  }
  const log = facts.activity.lastLog;
  const started = log && [...(textAt(host, log.place) ?? '').matchAll(STARTED)].at(-1)?.[1];
  if (log !== undefined && started !== undefined) return { value: started, from: log.place, isSure: true };
  const [newest] = [...(ifKnown(facts.processes)?.values() ?? [])]
    .flatMap((each) => {
      const text = ifKnown(each.environment)?.get('MESOS_SLAVE_PID');
      const ip = /@([\d.]+):\d+$/.exec(text ?? '')?.[1];
      return ip === undefined
        ? []
        : [{ value: ip, from: `MESOS_SLAVE_PID of pid ${each.pid}`, started: each.started ?? 0 }];
    })
    .sort((a, b) => b.started - a.started);
  return newest === undefined ? ownAddress(facts) : { value: newest.value, from: newest.from, isSure: true };
};

/** The address of the host's own name, which an agent that runs has where nothing told it another. */
const ownAddress = (facts: HostFacts): OldAddress | undefined => {
  const { flags, infoInput, processes } = facts;
  const changed = nowOf(facts, ...ADDRESS_FLAGS);
  if (flags.running === undefined || changed.length === 0 || changed.some(({ now }) => now !== undefined))
    return undefined;
  const environment = ifKnown(ifKnown(processes)?.get(flags.running.pid)?.environment ?? NOT_SEEN);
  if (environment === undefined) return undefined;
  const from = `environment of pid ${flags.running.pid}`;
  const found = findAddress(
    infoInput.host,
    () => ({ kind: 'default', value: undefined }),
    (name) => {
      const value = environment.get(name);
      return value === undefined ? undefined : { value, from };
    },
  );
  return found.value === undefined
    ? undefined
    : { value: found.value, from: found.from, isSure: found.certainty === 'set' };
};

const NOT_SEEN = unknown('it is not among the processes');

/** In the log of the agent, as `Slave::initialize` writes it. */
const STARTED = /Mesos agent started on \(\d+\)@([\d.]+):\d+/g;

const ipMove = (facts: HostFacts, { value: from, from: fromPlace, isSure }: OldAddress): Move | undefined => {
  const { host, flags, environment } = facts.infoInput;
  const next = findAddress(host, flags, environment);
  const move = { from, fromPlace, toPlace: next.from };
  if (next.value !== undefined) {
    return next.value === from ? undefined : { ...move, to: next.value, isSure: isSure && next.certainty === 'set' };
  }
  // Whatever the next one is: the old one is no more. One that was only advertised was never the host's.
  const own = ifKnown(facts.network.addresses);
  const isAdvertised = flags('advertise_ip').kind !== 'default' || environment('LIBPROCESS_ADVERTISE_IP') !== undefined;
  if (own === undefined || own.has(from) || isAdvertised || facts.flags.container !== undefined) return undefined;
  return { ...move, to: undefined, toPlace: '/proc/net/fib_trie', isSure: true };
};
