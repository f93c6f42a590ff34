import { ifKnown } from '../../host/known.ts';
import { type Withheld, withheldBy } from '../../host/systemd/withheld.ts';
import type { Facts } from './facts.ts';

/** How the agent's unit keeps it from a path without links; undefined where it does not, or the agent is in a container of its own. */
export const withheldFrom = (
  { systemd, flags }: Pick<Facts, 'systemd' | 'flags'>,
  path: string,
): Withheld | undefined => {
  const unit = ifKnown(systemd.unit);
  return unit === undefined || flags.container !== undefined ? undefined : withheldBy(unit, path);
};
