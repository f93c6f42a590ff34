import { applyCheckpointedResources } from '../../agent/checkpointed-resources.ts';
import { upgradeResources } from '../../agent/reservation-format.ts';
import { Resources } from '../../agent/resources.ts';
import type { Resource } from '../../schema/index.ts';
import { type Context, refuses } from '../context.ts';
import { resourcePaths } from '../state/resource-files.ts';

/** Whether the checkpointed resources fit the agent's own: `applyCheckpointedResources` in `Slave::recover`. */
export const checkResources = (context: Context, own: readonly Resource[], checkpointed: Resources): void => {
  const total = Resources.of(upgradeResources(own));
  const applied = applyCheckpointedResources(total, checkpointed);
  if (applied.ok) return;
  const message = `Checkpointed resources ${checkpointed} are incompatible with agent resources ${total}: ${applied.message}`;
  context.meet('resources-incompatible', { path: resourcePaths.state }, applied.message, refuses(message));
};
