import { eachFile } from '../checkpoint/each-file.ts';
import { type RecordFile, textIn } from '../checkpoint/files.ts';
import type { Checkpoint, ResourceStateFacts, ResourcesFolder } from '../checkpoint/model.ts';
import { type FileKindOf, fileIn } from '../layout/kinds.ts';
import * as names from '../layout/names.ts';
import { RESOURCES_PATH } from '../layout/place.ts';
import type { Rules } from '../recovery/versions.ts';
import { damageOfFile, damageOfFiles, damageOfLatest } from './damage.ts';
import { valueIn } from './entries.ts';
import type { InspectedCheckpoint, InspectedDamage, InspectedResources } from './inspected.ts';

const inMeta = (kind: FileKindOf<'meta'>): string => fileIn(names.META, kind);
const inResources = (kind: FileKindOf<'resources'>): string => fileIn(RESOURCES_PATH, kind);

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

const fromState = (
  kind: FileKindOf<'resources'>,
  file: RecordFile<ResourceStateFacts>,
): InspectedResources | undefined => {
  const value = valueIn(file);
  return value && { path: inResources(kind), resources: value.resources, operations: value.operations };
};

/** What is committed; where the newer file is damaged, the older one still says it, but for the operations. */
const committedResources = (folder: ResourcesFolder, rules: Rules): InspectedResources | undefined =>
  (rules.stateIsRead ? fromState('resources_and_operations.state', folder.state) : undefined) ??
  (folder.info.kind === 'records'
    ? { path: inResources('resources.info'), resources: folder.info.values, operations: undefined }
    : undefined);

const pendingResources = (folder: ResourcesFolder, rules: Rules): InspectedResources | undefined =>
  (rules.stateTargetIsRead ? fromState('resources_and_operations.target', folder.stateTarget) : undefined) ??
  (folder.target.kind === 'records'
    ? { path: inResources('resources.target'), resources: folder.target.values, operations: undefined }
    : undefined);

const damageBeside = (checkpoint: Checkpoint, rules: Rules): readonly InspectedDamage[] => {
  const need = checkpoint.otherAgents.length > 0 ? 'needed' : 'optional';
  const link = damageOfLatest(inMeta('slaves/latest'), checkpoint.latest, need);
  const [beforeLink, behindLink]: [InspectedDamage[], InspectedDamage[]] = [[], []];
  eachFile('meta', names.META, checkpoint, (path, file, kind) => {
    (kind === 'boot_id' ? beforeLink : behindLink).push(...damageOfFile(kind, path, file, rules));
  });
  return [
    ...beforeLink,
    ...damageOfFiles('resources', RESOURCES_PATH, checkpoint.resources, rules),
    ...link,
    ...behindLink,
  ];
};
