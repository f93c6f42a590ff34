import { applyCheckpointedResources } from '../../agent/checkpointed-resources.ts';
import { upgradeResources } from '../../agent/reservation-format.ts';
import { Resources } from '../../agent/resources.ts';
import { resourcesJson } from '../../agent/resources-json.ts';
import type { Resource } from '../../schema/index.ts';
import { type Context, refuses } from '../context.ts';
import { resourcePaths } from '../state/resource-files.ts';

/**
 * The agent's total resources: its own with the checkpointed ones applied, which they have to fit
 * (`applyCheckpointedResources` in `Slave::recover`).
 */
export const checkResources = (context: Context, own: readonly Resource[], checkpointed: Resources): Resources => {
  const upgraded = upgradeResources(own);
  const total = Resources.of(upgraded);
  const applied = applyCheckpointedResources(total, checkpointed);
  if (applied.ok) return applied.resources;
  const message = `Checkpointed resources ${checkpointed} are incompatible with agent resources ${resourcesJson(upgraded)}: ${applied.message}`;
  context.meet('resources-incompatible', { path: resourcePaths.state }, applied.message, refuses(message));
  return total;
};
