import { applyCheckpointedResources } from '../../agent/checkpointed-resources.ts';
import { volumeChanges } from '../../agent/persistent-volumes.ts';
import { upgradeResources } from '../../agent/reservation-format.ts';
import { Resources } from '../../agent/resources.ts';
import type { ResourcesFolder } from '../../checkpoint/model.ts';
import type { Resource } from '../../schema/index.ts';
import { type Context, refuse, type Stop } from '../context.ts';
import type { RecoveredResources } from '../state/recovered.ts';
import { resourceFiles, resourcePaths } from '../state/resources.ts';

/** What the agent holds of resources once a target is committed. */
export interface CommittedResources {
  readonly resources: Resources;
  /** The persistent volumes that the commit creates and deletes, with their data. */
  readonly created: readonly string[];
  readonly deleted: readonly string[];
}

/** The file that a pending change is read from. */
export const targetPath = (context: Context, found: ResourcesFolder): string =>
  context.rules.stateTargetIsRead && resourceFiles(found, context.disk).stateTarget.kind !== 'absent'
    ? resourcePaths.stateTarget
    : resourcePaths.target;

/** Commits pending target resources, as `Slave::recover` does: volumes first, then two renames. */
export const commitTarget = (
  context: Context,
  found: ResourcesFolder,
  recovered: RecoveredResources,
  stops: Stop[],
): CommittedResources => {
  const { target } = recovered;
  if (target === undefined) return { resources: recovered.resources, created: [], deleted: [] };
  const fromState = context.rules.stateTargetIsRead;
  const path = targetPath(context, found);
  const changes = volumeChanges(context.home, recovered.resources, target);
  const created = changes.created.map((volume) => volume.path);
  const deleted = changes.deleted.map((volume) => volume.path);
  context.report(
    'target-pending',
    { path },
    created.length === 0
      ? 'resources were being changed when the agent ended; it will finish that'
      : `the agent will create the volume${created.length === 1 ? '' : 's'} ${created.join(', ')}`,
  );
  if (deleted.length > 0) {
    context.report(
      'target-deletes-volumes',
      { path },
      `the agent will delete ${deleted.map((volume) => `${volume} with its data`).join(', ')}`,
    );
  }
  const files = resourceFiles(found, context.disk);
  const rename = (from: string, to: string, present: boolean, message: string): void => {
    if (stops.length > 0) return;
    if (present) {
      if (!context.stopped) context.disk.rename(from, to);
      return;
    }
    context.report('target-incomplete', { path: from }, 'it is not there, so the change cannot be committed');
    refuse(context, stops, `${message}: No such file or directory`);
  };
  if (fromState) {
    rename(
      resourcePaths.stateTarget,
      resourcePaths.state,
      files.stateTarget.kind !== 'absent',
      `Failed to rename target resources ${target} and associated operations`,
    );
  }
  rename(
    resourcePaths.target,
    resourcePaths.info,
    files.target.kind !== 'absent',
    fromState ? `Failed to rename target resources ${target}` : `Failed to checkpoint resources ${target}`,
  );
  return { resources: target, created, deleted };
};

/** Whether the checkpointed resources fit the agent's own: `applyCheckpointedResources`. */
export const checkResources = (
  context: Context,
  own: readonly Resource[],
  checkpointed: Resources,
  stops: Stop[],
): void => {
  const total = Resources.of(upgradeResources(own));
  const applied = applyCheckpointedResources(total, checkpointed);
  if (applied.ok) return;
  context.report('resources-incompatible', { path: resourcePaths.state }, applied.message);
  refuse(
    context,
    stops,
    `Checkpointed resources ${checkpointed} are incompatible with agent resources ${total}: ${applied.message}`,
  );
};
