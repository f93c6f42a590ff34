import type { RecordFile } from '../checkpoint/files.ts';
import { textIn } from '../checkpoint/load.ts';
import type { Checkpoint, ResourceStateFacts, ResourcesFolder } from '../checkpoint/model.ts';
import * as names from '../layout/names.ts';
import type { Rules } from '../recovery/versions.ts';
import { join } from '../source/source.ts';
import { damageOfLatest, damageOfRecord, damageOfSequence, damageOfText, type Expected } from './damage.ts';
import { valueIn } from './entries.ts';
import type { InspectedCheckpoint, InspectedDamage, InspectedResources } from './inspected.ts';

const at = (...parts: readonly string[]): string => [names.META, ...parts].join('/');
const resourcesPath = (name: string): string => at(names.RESOURCES, name);
const GIDS_PATH = at(names.VOLUME_GID_MANAGER, names.VOLUME_GIDS);
const DEVICES_PATH = at(names.DEVICE_MANAGER, names.DEVICE_STATE);

/** What is beside the agents' folders, as a version of the agent would read it. */
export const inspectCheckpoint = (checkpoint: Checkpoint, rules: Rules): InspectedCheckpoint => ({
  path: names.META,
  hasMeta: checkpoint.hasMeta,
  bootId: textIn(checkpoint.bootId)?.trim() || undefined,
  latest: checkpoint.latest,
  otherAgents: checkpoint.otherAgents,
  hasSandboxes: checkpoint.hasSandboxes,
  committed: committedResources(checkpoint.resources, rules),
  pending: pendingResources(checkpoint.resources, rules),
  volumeGids: rules.operationsAreRead ? valueIn(checkpoint.volumeGids) : undefined,
  devices: rules.devicesAreRead ? valueIn(checkpoint.devices) : undefined,
  damage: damageBeside(checkpoint, rules),
  strays: [...checkpoint.strays, ...checkpoint.resources.strays],
});

const fromState = (name: string, file: RecordFile<ResourceStateFacts>): InspectedResources | undefined => {
  const value = valueIn(file);
  return value && { path: resourcesPath(name), resources: value.resources, operations: value.operations };
};

/** What is committed; where the newer file is damaged, the older one still says it, but for the operations. */
const committedResources = (folder: ResourcesFolder, rules: Rules): InspectedResources | undefined =>
  (rules.stateIsRead ? fromState(names.RESOURCE_STATE, folder.state) : undefined) ??
  (folder.info.kind === 'records'
    ? { path: resourcesPath(names.RESOURCES_INFO), resources: folder.info.values, operations: undefined }
    : undefined);

const pendingResources = (folder: ResourcesFolder, rules: Rules): InspectedResources | undefined =>
  (rules.stateTargetIsRead ? fromState(names.RESOURCE_STATE_TARGET, folder.stateTarget) : undefined) ??
  (folder.target.kind === 'records'
    ? { path: resourcesPath(names.RESOURCES_TARGET), resources: folder.target.values, operations: undefined }
    : undefined);

const ANYTHING: Expected = { name: 'text', isTaken: () => true };

const damageBeside = (checkpoint: Checkpoint, rules: Rules): readonly InspectedDamage[] => {
  const { resources } = checkpoint;
  const hasAgents = checkpoint.otherAgents.length > 0;
  return [
    ...damageOfText(at(names.BOOT_ID), checkpoint.bootId, 'optional', ANYTHING),
    ...(rules.stateIsRead ? damageOfRecord(resourcesPath(names.RESOURCE_STATE), resources.state, 'optional') : []),
    ...(rules.stateTargetIsRead
      ? damageOfRecord(resourcesPath(names.RESOURCE_STATE_TARGET), resources.stateTarget, 'optional')
      : []),
    ...damageOfSequence(resourcesPath(names.RESOURCES_INFO), resources.info),
    ...damageOfSequence(resourcesPath(names.RESOURCES_TARGET), resources.target),
    ...damageOfLatest(join(at(names.SLAVES), names.LATEST), checkpoint.latest, hasAgents ? 'needed' : 'optional'),
    ...(rules.operationsAreRead ? damageOfRecord(GIDS_PATH, checkpoint.volumeGids, 'optional') : []),
    ...(rules.devicesAreRead ? damageOfRecord(DEVICES_PATH, checkpoint.devices, 'optional') : []),
  ];
};
