import type { Resource } from '../../schema/index.ts';
import { applyCheckpointedResources } from '../checkpointed-resources.ts';
import { upgradeResources } from '../reservation-format.ts';
import { Resources } from '../resources.ts';
import type { BuiltAgentInfo, BuiltPart } from './built.ts';
import { survive } from './survive.ts';

/** Whether reservations and volumes of a checkpoint fit the resources that an agent will start with. */
export type Fit =
  | { readonly kind: 'fits' }
  /** In the agent's words. */
  | { readonly kind: 'does-not-fit'; readonly message: string }
  /** It hangs on resources that are not known. */
  | { readonly kind: 'unknown'; readonly because: readonly BuiltPart[] };

/** More of a resource than any reservation could need. */
const PLENTY = 1e12;

/** Mirrors what `Slave::recover` does with `applyCheckpointedResources`: it refuses also after a reboot, and in any mode. */
export const checkFit = (checkpointed: readonly Resource[], { info, parts }: BuiltAgentInfo): Fit => {
  const wanted = survive(() => Resources.of(upgradeResources(checkpointed)));
  if (wanted === undefined)
    return { kind: 'does-not-fit', message: 'the agent aborts over the checkpointed resources' };
  const message = refusalOf(wanted, Resources.of(info.resources));
  if (message === undefined) return { kind: 'fits' };
  const unsure = parts.filter(({ field, certainty }) => field.startsWith('resources') && isUnsure(certainty));
  if (unsure.length === 0) return { kind: 'does-not-fit', message };
  if (unsure.some(({ field }) => field === 'resources')) return { kind: 'unknown', because: unsure };
  const names = unsure.map(({ field }) => field.slice('resources.'.length));
  const plenty = names.map((name): Resource => ({ name, type: 'SCALAR', scalar: { value: PLENTY }, reservations: [] }));
  const others = info.resources.filter(({ name }) => !names.includes(name));
  return refusalOf(wanted, Resources.of([...others, ...plenty])) === undefined
    ? { kind: 'unknown', because: unsure }
    : { kind: 'does-not-fit', message };
};

const isUnsure = (certainty: BuiltPart['certainty']): boolean => certainty === 'unknown' || certainty === 'assumed';

const refusalOf = (wanted: Resources, total: Resources): string | undefined => {
  const applied = survive(() => applyCheckpointedResources(total, wanted));
  if (applied?.ok === true) return undefined;
  const why = applied === undefined ? 'the agent aborts' : applied.message;
  return `Checkpointed resources ${wanted} are incompatible with agent resources ${total}: ${why}`;
};
