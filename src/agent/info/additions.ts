import { type Attribute, defaultOf, type Resource, type SlaveInfo, type Value_Type } from '../../schema/index.ts';
import { unreachable } from '../agent-abort.ts';
import { attributeText, EMPTY_TEXT } from '../attributes.ts';
import { domainsEqual, domainText } from '../domain.ts';
import { NO_RANGES, rangesInclude, rangesText } from '../ranges.ts';
import { resourceText } from '../resource-text.ts';
import { Resources } from '../resources.ts';
import { compareScalars, scalarText, ZERO_SCALAR } from '../scalar.ts';
import { EMPTY_SET, setIncludes, setText } from '../set.ts';

// The agent quotes the policy with backticks where it is about the agent, with apostrophes below that.
const AGENT_CHANGE = 'Configuration change not permitted under `additive` policy: ';
const CHANGE = "Configuration change not permitted under 'additive' policy: ";
const MISSING_RESOURCE = "Configuration change not permitted under 'additive' policy. Resource not found: ";

/** Printed in place of the name: the agent's enumeration has no text of its own. */
const TYPE_NUMBERS: Readonly<Record<Value_Type, number>> = { SCALAR: 0, RANGES: 1, SET: 2, TEXT: 3 };

/**
 * What in `current` is more than an addition to `previous`, in the agent's words, or null; the first thing met.
 * Mirrors `compatibility::additive`; both infos have their resources in the form with `reservations`.
 * @throws AgentAbort if an attribute of type SET is in both
 */
export function checkAdditions(previous: SlaveInfo, current: SlaveInfo): string | null {
  return (
    checkHost(previous, current) ??
    checkResources(Resources.of(previous.resources), Resources.of(current.resources)) ??
    checkAttributes(previous.attributes, current.attributes)
  );
}

function checkHost(previous: SlaveInfo, current: SlaveInfo): string | null {
  if (previous.hostname !== current.hostname) {
    return `${AGENT_CHANGE}Hostname changed from ${previous.hostname} to ${current.hostname}`;
  }
  const defaultPort = defaultOf('mesos.SlaveInfo', 'port');
  const [oldPort, newPort] = [previous.port ?? defaultPort, current.port ?? defaultPort];
  if (oldPort !== newPort) {
    return `${AGENT_CHANGE}Port changed from ${oldPort} to ${newPort}`;
  }
  if (previous.domain !== undefined && !domainsEqual(previous.domain, current.domain)) {
    return `${AGENT_CHANGE}Domain changed from ${domainText(previous.domain)} to ${domainText(current.domain)}`;
  }
  return null;
}

function checkResources(previous: Resources, current: Resources): string | null {
  for (const resource of previous) {
    const match = current.match(resource);
    const error = match === undefined ? MISSING_RESOURCE + resourceText(resource) : checkResource(resource, match);
    if (error !== null) {
      return error;
    }
  }
  return null;
}

/** The same for one resource, and the one that it is compared with. */
export function checkResource(previous: Resource, current: Resource): string | null {
  switch (previous.type) {
    case 'SCALAR': {
      const [old, now] = [previous.scalar ?? ZERO_SCALAR, current.scalar ?? ZERO_SCALAR];
      return compareScalars(old, now) <= 0
        ? null
        : `${CHANGE}Value of scalar resource '${previous.name}' decreased from ${scalarText(old)} to ${scalarText(now)}`;
    }
    case 'RANGES': {
      const [old, now] = [previous.ranges ?? NO_RANGES, current.ranges ?? NO_RANGES];
      return rangesInclude(now, old)
        ? null
        : `${CHANGE}Previous value of range resource '${previous.name}' (${rangesText(old)})` +
            ` not included in current ${rangesText(now)}`;
    }
    case 'SET': {
      const [old, now] = [previous.set ?? EMPTY_SET, current.set ?? EMPTY_SET];
      return setIncludes(now, old)
        ? null
        : `${CHANGE}Previous value of set resource '${previous.name}' (${setText(old)})` +
            ` not included in current ${setText(now)}`;
    }
    case 'TEXT':
      throw unreachable();
  }
}

function checkAttributes(previous: readonly Attribute[], current: readonly Attribute[]): string | null {
  const first = firstByName(current);
  for (const attribute of previous) {
    const match = first.get(attribute.name);
    const error =
      match === undefined
        ? `${CHANGE}Couldn't find attribute ${attributeText(attribute)}`
        : checkAttribute(attribute, match);
    if (error !== null) {
      return error;
    }
  }
  return null;
}

/** Of attributes with one name the agent looks at the first. */
export const firstByName = (attributes: readonly Attribute[]): ReadonlyMap<string, Attribute> => {
  const first = new Map<string, Attribute>();
  for (const attribute of attributes) if (!first.has(attribute.name)) first.set(attribute.name, attribute);
  return first;
};

/** The same for an attribute, and the one that it is compared with. */
export function checkAttribute(previous: Attribute, current: Attribute): string | null {
  const { name } = previous;
  if (previous.type !== current.type) {
    return (
      `${CHANGE}Type of attribute '${name}' changed` +
      ` from ${TYPE_NUMBERS[previous.type]} to ${TYPE_NUMBERS[current.type]}`
    );
  }
  switch (previous.type) {
    case 'SCALAR': {
      const [old, now] = [previous.scalar ?? ZERO_SCALAR, current.scalar ?? ZERO_SCALAR];
      return compareScalars(old, now) === 0
        ? null
        : `${CHANGE}Value of scalar attribute '${name}' changed from ${scalarText(old)} to ${scalarText(now)}`;
    }
    case 'RANGES': {
      const [old, now] = [previous.ranges ?? NO_RANGES, current.ranges ?? NO_RANGES];
      return rangesInclude(now, old)
        ? null
        : `Previous value of ranges resource '${name}' (${rangesText(old)}) not included in current ${rangesText(now)}`;
    }
    case 'TEXT': {
      const [old, now] = [previous.text ?? EMPTY_TEXT, current.text ?? EMPTY_TEXT];
      return old.value === now.value
        ? null
        : `${CHANGE}Value of text attribute '${name}' changed from ${old.value} to ${now.value}`;
    }
    case 'SET':
      throw unreachable();
  }
}
