import { volumeChanges } from '../../agent/persistent-volumes.ts';
import type { Resources } from '../../agent/resources.ts';
import type { ResourcesFolder } from '../../checkpoint/model.ts';
import { errnoText } from '../../source/errno.ts';
import { verb } from '../../text/words.ts';
import { type Context, refuses } from '../context.ts';
import { isFolderItself } from '../reading.ts';
import type { RecoveredResources } from '../state/recovered.ts';
import { resourceFiles, resourcePaths } from '../state/resource-files.ts';

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
  { resources, target }: RecoveredResources,
): CommittedResources => {
  if (target === undefined) return { resources, created: [], deleted: [] };
  const changes = volumeChanges(context.home, resources, target);
  const created = changes.created.map((volume) => volume.path);
  const deleted = changes.deleted.map((volume) => volume.path);
  meetChanges(context, targetPath(context, found), created, deleted);
  renameTargets(context, resourceFiles(found, context.disk), target);
  return { resources: target, created, deleted };
};

const meetChanges = (context: Context, path: string, created: readonly string[], deleted: readonly string[]): void => {
  const detail =
    created.length === 0
      ? 'resources were being changed when the agent ended; it will finish that'
      : `the agent will create the ${verb(created.length, 'volume', 'volumes')} ${created.join(', ')}`;
  context.meet('target-pending', { path }, detail);
  if (deleted.length > 0) {
    const volumes = deleted.map((volume) => `${volume} with its data`).join(', ');
    context.meet('target-deletes-volumes', { path }, `the agent will delete ${volumes}`);
  }
};

const renameTargets = (context: Context, files: ResourcesFolder, target: Resources): void => {
  const rename = (from: 'stateTarget' | 'target', to: 'state' | 'info', message: string): void => {
    if (context.isEnded) return;
    const error = renameError(kindOf(files[from]), kindOf(files[to]));
    if (error === undefined) {
      context.disk.rename(resourcePaths[from], resourcePaths[to]);
      return;
    }
    const stop = refuses(`${message}: ${errnoText(error)}`);
    if (error === 'ENOENT') {
      const detail = 'it is not there, so the change cannot be committed';
      context.meet('target-incomplete', { path: resourcePaths[from] }, detail, stop);
    } else {
      const path = resourcePaths[error === 'ENOTDIR' ? from : to];
      context.meet('target-unrenamable', { path }, 'a folder is in its place, so the change cannot be committed', stop);
    }
  };
  const { stateTargetIsRead } = context.rules;
  const failed = `Failed to ${stateTargetIsRead ? 'rename target' : 'checkpoint'} resources ${target}`;
  if (stateTargetIsRead) rename('stateTarget', 'state', `${failed} and associated operations`);
  rename('target', 'info', failed);
};

type NodeKind = 'nothing' | 'file' | 'empty folder' | 'folder';

const kindOf = (file: Parameters<typeof isFolderItself>[0]): NodeKind => {
  if (file.kind === 'absent') return 'nothing';
  if (!isFolderItself(file)) return 'file';
  return file.instead === 'empty folder' ? 'empty folder' : 'folder';
};

/** What rename(2) says of one kind of entry in the place of another; undefined where it is done. */
const renameError = (from: NodeKind, to: NodeKind): 'ENOENT' | 'EISDIR' | 'ENOTDIR' | 'ENOTEMPTY' | undefined => {
  if (from === 'nothing') return 'ENOENT';
  if (from === 'file') return to === 'folder' || to === 'empty folder' ? 'EISDIR' : undefined;
  return to === 'file' ? 'ENOTDIR' : to === 'folder' ? 'ENOTEMPTY' : undefined;
};
