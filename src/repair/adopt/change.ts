import { attributesEqual } from '../../agent/attributes.ts';
import { domainsEqual } from '../../agent/domain.ts';
import { checkResource } from '../../agent/info/additions.ts';
import { agentPort, upgradeAgentInfo } from '../../agent/info/check.ts';
import { survive } from '../../agent/info/survive.ts';
import { isReserved } from '../../agent/resource-predicates.ts';
import { Resources } from '../../agent/resources.ts';
import type { SlaveInfo } from '../../schema/index.ts';

/** In what the info that the agent builds differs from the checkpointed one, as far as it decides what follows. */
export interface InfoChange {
  readonly hostname: boolean;
  readonly port: boolean;
  readonly domain: 'added' | 'changed' | 'removed' | undefined;
  readonly attributes: boolean;
  /** Resources that there are less of than before, by name, or none of their kind. */
  readonly shrunk: readonly string[];
  /** Whether resources are reserved by flags for other roles, or other amounts of them. */
  readonly reserved: boolean;
}

/** Compares two infos. */
export const changeOf = (before: SlaveInfo, now: SlaveInfo): InfoChange => {
  const [old, current] = [upgradeAgentInfo(before), upgradeAgentInfo(now)];
  const [resources, others] = [Resources.of(old.resources), Resources.of(current.resources)];
  const shrunk = [...resources].filter((resource) => {
    const match = others.match(resource);
    return match === undefined || checkResource(resource, match) !== null;
  });
  const reservedIn = (all: Resources): Resources => all.filter((each) => isReserved(each));
  return {
    hostname: old.hostname !== current.hostname,
    port: agentPort(old) !== agentPort(current),
    domain: domainsEqual(old.domain, current.domain)
      ? undefined
      : old.domain?.fault_domain === undefined
        ? 'added'
        : current.domain?.fault_domain === undefined
          ? 'removed'
          : 'changed',
    attributes: survive(() => attributesEqual(old.attributes, current.attributes)) !== true,
    shrunk: [...new Set(shrunk.map(({ name }) => name))],
    reserved: !reservedIn(resources).equals(reservedIn(others)),
  };
};
