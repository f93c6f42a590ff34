import type { SlaveInfo } from '../../schema/index.ts';
import type { BuiltPart } from './built.ts';
import type { ReconfigurationPolicy } from './check.ts';

/**
 * Whether a policy accepts a part whatever it is: what was not there before may be added under `additive`. Follows
 * `compatibility::additive`, which walks through what the old info has.
 */
export const isFree = (previous: SlaveInfo, { field }: BuiltPart, policy: ReconfigurationPolicy): boolean => {
  if (policy !== 'additive') return false;
  if (field === 'domain') return previous.domain === undefined;
  if (field === 'attributes') return previous.attributes.length === 0;
  if (field === 'resources') return previous.resources.length === 0;
  return field.startsWith('resources.') && !previous.resources.some(({ name }) => `resources.${name}` === field);
};
