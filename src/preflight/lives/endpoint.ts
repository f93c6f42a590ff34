import { findAddress } from '../../agent/info/hostname.ts';
import { ifKnown } from '../../host/known.ts';
import { durationText } from '../../text/words.ts';
import type { Facts } from '../facts/facts.ts';
import { descendantsOf, type JudgedProcess } from './judged-process.ts';
import type { Fate } from './lives.ts';

/** Where an executor that speaks HTTP looks for its agent. */
interface Endpoint {
  readonly ip: string;
  readonly port: string;
}

/**
 * What becomes of an executor that speaks HTTP where the agent moves to another address: its environment holds the one that
 * the agent had at its launch (`executorEnvironment` of the agent), and it asks there for ever. An executor of the driver is
 * called by the agent, wherever that is. Undefined where the address is the same, or nothing tells of another.
 */
export const endpointObstacle = (
  facts: Facts,
  { process }: JudgedProcess,
): { readonly fate: Fate; readonly why: string } | undefined => {
  const old = process === undefined ? undefined : endpointOf(facts, process);
  const built = ifKnown(facts.agentInfo)?.comparison.built;
  if (old === undefined || built === undefined) return undefined;
  const { host, flags, environment } = facts.infoInput;
  const ip = findAddress(host, flags, environment);
  const port = built.parts.find(({ field }) => field === 'port');
  const from = `it speaks HTTP to the agent at ${old.ip}:${old.port}`;
  const timeout = `executor_reregistration_timeout (${durationText(facts.settings.executorTimeout.value)})`;
  const killed = (what: string, origin: string): { fate: Fate; why: string } => ({
    fate: 'killed',
    why: `${from}, and the agent will be at ${what} (${origin}): it is killed after ${timeout}`,
  });
  if (port !== undefined && port.text !== '' && port.text !== old.port) return killed(`port ${port.text}`, port.from);
  if (ip.value !== undefined && ip.value !== old.ip) {
    return ip.certainty === 'set'
      ? killed(ip.value, ip.from)
      : { fate: 'unknown', why: `${from}, and the agent may be at ${ip.value} (${ip.from})` };
  }
  if (port?.certainty === 'unknown') return { fate: 'unknown', why: `${from}, and its next port is not known` };
  return undefined;
};

/**
 * What becomes of an executor of the driver where the agent moves to another IP: the port alone does not matter, but its own
 * socket may be bound to the old IP, and lives only while the host keeps that.
 */
export const driverObstacle = (
  facts: Facts,
  { process }: JudgedProcess,
): { readonly fate: Fate; readonly why: string } | undefined => {
  const old = process === undefined ? undefined : endpointOf(facts, process);
  const { host, flags, environment } = facts.infoInput;
  const ip = findAddress(host, flags, environment);
  if (old === undefined || ip.certainty !== 'set' || ip.value === undefined || ip.value === old.ip) return undefined;
  const why = `the agent moves from ${old.ip} to ${ip.value} (${ip.from}), and reaches it only while the host keeps its address`;
  return { fate: 'unknown', why };
};

/** What the environment of an executor, or of a process below it, says; none where it uses a socket of the file system. */
const endpointOf = (facts: Facts, process: NonNullable<JudgedProcess['process']>): Endpoint | undefined => {
  const processes = ifKnown(facts.processes);
  for (const each of [process, ...(processes === undefined ? [] : descendantsOf(process, processes))]) {
    const environment = ifKnown(each.environment);
    if (environment?.has('MESOS_DOMAIN_SOCKET') === true) return undefined;
    const text = environment?.get('MESOS_SLAVE_PID') ?? environment?.get('MESOS_AGENT_ENDPOINT');
    const [, ip, port] = /^(?:.*@)?(.+):(\d+)$/.exec(text ?? '') ?? [];
    if (ip !== undefined && port !== undefined) return { ip, port };
  }
  return undefined;
};
