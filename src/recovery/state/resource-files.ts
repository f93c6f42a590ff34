import type { ResourcesFolder } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import { RESOURCES_PATH } from '../../layout/place.ts';
import type { Disk } from '../disk.ts';

/** The paths of the resource files. */
export const resourcePaths = {
  state: fileIn(RESOURCES_PATH, 'resources_and_operations.state'),
  stateTarget: fileIn(RESOURCES_PATH, 'resources_and_operations.target'),
  info: fileIn(RESOURCES_PATH, 'resources.info'),
  target: fileIn(RESOURCES_PATH, 'resources.target'),
} as const;

const ABSENT = { kind: 'absent', vanished: false } as const;

/** The resource files as earlier starts left them: a target may have been renamed over what it replaces. */
export const resourceFiles = (found: ResourcesFolder, disk: Disk): ResourcesFolder => ({
  ...found,
  ...(disk.isRenamed(resourcePaths.state) ? { state: found.stateTarget, stateTarget: ABSENT } : {}),
  ...(disk.isRenamed(resourcePaths.info) ? { info: found.target, target: ABSENT } : {}),
});
