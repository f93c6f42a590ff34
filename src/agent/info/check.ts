import { defaultOf, messageType, type SlaveInfo } from '../../schema/index.ts';
import { attributesEqual } from '../attributes.ts';
import { domainsEqual } from '../domain.ts';
import { upgradeResources } from '../reservation-format.ts';
import { Resources } from '../resources.ts';
import { debugString } from '../text-format.ts';
import { checkAdditions } from './additions.ts';

/** `--reconfiguration_policy` of the agent. */
export type ReconfigurationPolicy = 'equal' | 'additive';

/** Whether an agent may go on with its checkpoint, or why it refuses to, in its own words. */
export type AgentInfoVerdict = { readonly ok: true } | { readonly ok: false; readonly message: string };

const SLAVE_INFO = messageType('mesos.SlaveInfo');

const RULE = `\n${'-'.repeat(60)}`;

/**
 * Whether an agent that is now `current` may go on with the checkpoint of `previous`. The agent gives `current` the id of
 * `previous` before it asks; that is left to the caller.
 * Mirrors `Slave::compatible`, that is `compatibility::equal` and `compatibility::additive`.
 * @throws AgentAbort where the agent would end itself: resources that cannot be brought to the form with `reservations`,
 *   attributes of type SET
 */
export function checkAgentInfo(
  previous: SlaveInfo,
  current: SlaveInfo,
  policy: ReconfigurationPolicy,
): AgentInfoVerdict {
  const [before, now] = [upgradeAgentInfo(previous), upgradeAgentInfo(current)];
  switch (policy) {
    case 'equal':
      return agentInfosEqual(before, now) ? { ok: true } : refused(() => incompatible(before, now));
    case 'additive': {
      const message = checkAdditions(before, now);
      return message === null ? { ok: true } : { ok: false, message };
    }
  }
}

/**
 * The same of an agent before 1.5.0, which knows no policies, and prints what it has built without the id that it has given
 * it. Mirrors `Slave::recover` of 1.4.
 * @throws AgentAbort as `checkAgentInfo`
 */
export function checkAgentInfo14(previous: SlaveInfo, current: SlaveInfo): AgentInfoVerdict {
  const [before, now] = [upgradeAgentInfo(previous), upgradeAgentInfo(current)];
  if (agentInfosEqual(before, now)) return { ok: true };
  return refused(() => incompatible14(before, now));
}

/** A refusal whose message is made when it is asked for: it has all of both infos, and most who ask want to know whether. */
const refused = (message: () => string): AgentInfoVerdict => {
  let made: string | undefined;
  return {
    ok: false,
    get message() {
      made ??= message();
      return made;
    },
  };
};

/** An agent info as a read of the checkpoint gives it: its resources in the form with `reservations`. */
export function upgradeAgentInfo(info: SlaveInfo): SlaveInfo {
  return { ...info, resources: upgradeResources(info.resources) };
}

/** The port that the agent listens on. */
export function agentPort(info: SlaveInfo): number {
  return info.port ?? defaultOf('mesos.SlaveInfo', 'port');
}

/** Whether the agent checkpoints; since 0.22 it always does. */
export function agentCheckpoints(info: SlaveInfo): boolean {
  return info.checkpoint ?? defaultOf('mesos.SlaveInfo', 'checkpoint');
}

/** Mirrors `operator==` on `SlaveInfo` in type_utils.cpp, and its order: what ends the agent may not be reached. */
function agentInfosEqual(previous: SlaveInfo, current: SlaveInfo): boolean {
  return (
    previous.hostname === current.hostname &&
    Resources.of(previous.resources).equals(Resources.of(current.resources)) &&
    attributesEqual(previous.attributes, current.attributes) &&
    (previous.id?.value ?? '') === (current.id?.value ?? '') &&
    agentCheckpoints(previous) === agentCheckpoints(current) &&
    agentPort(previous) === agentPort(current) &&
    domainsEqual(previous.domain, current.domain)
  );
}

function incompatible14(previous: SlaveInfo, current: SlaveInfo): string {
  const line = '-'.repeat(60);
  return [
    'Incompatible agent info detected.',
    line,
    `Old agent info:\n${debugString(SLAVE_INFO, previous)}`,
    line,
    `New agent info:\n${debugString(SLAVE_INFO, { ...current, id: undefined })}`,
    line,
  ].join('\n');
}

function incompatible(previous: SlaveInfo, current: SlaveInfo): string {
  return [
    'Incompatible agent info detected. ',
    RULE,
    `Old agent info:\n${debugString(SLAVE_INFO, previous)}`,
    RULE,
    `New agent info:\n${debugString(SLAVE_INFO, current)}`,
    RULE,
  ].join('\n');
}
