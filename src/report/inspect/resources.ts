import { AgentAbort } from '../../agent/agent-abort.ts';
import { attributeText } from '../../agent/attributes.ts';
import { upgradeResource } from '../../agent/reservation-format.ts';
import { resourceText } from '../../agent/resource-text.ts';
import type { Attribute, Resource } from '../../schema/index.ts';
import { cell } from '../../text/cells.ts';
import type { FieldLine } from '../../text/fields.ts';

/** `cpus:4; mem:1024`: resources in the agent's own notation, each as it is on disk. */
export const resourceNotation = (resources: readonly Resource[]): string => resources.map(notationOf).join('; ');

/** One resource in the agent's own notation; where the agent would abort on it, what it is of. */
const notationOf = (resource: Resource): string => {
  const upgraded = upgradeResource(resource);
  try {
    return resourceText(upgraded.ok ? upgraded.resource : resource);
  } catch (error) {
    // A resource of type TEXT has no notation: the agent ends itself instead.
    if (error instanceof AgentAbort) return `${resource.name}:(${resource.type})`;
    throw error;
  }
};

/** `rack=r1`: attributes in the agent's own notation. */
export const attributeNotation = (attributes: readonly Attribute[]): readonly string[] => attributes.map(attributeText);

/** Whether a resource is reserved at run time, for a role that the agent takes or not. */
export const isReservation = (resource: Resource): boolean => {
  const upgraded = upgradeResource(resource);
  return !upgraded.ok || upgraded.resource.reservations.at(-1)?.type === 'DYNAMIC';
};

/** Whether a resource is a persistent volume. */
export const isVolume = (resource: Resource): boolean => resource.disk?.persistence !== undefined;

/** Resources as a line that may be broken between their parts, so that nothing of them is taken out. */
export const resourcesLine = (resources: readonly Resource[]): FieldLine => ({
  parts: resourceNotation(resources)
    .split(/(?<=; |[\])},])(?![\])},;:])/)
    .map((part) => cell(part)),
  separator: '',
});
