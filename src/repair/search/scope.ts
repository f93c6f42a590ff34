import { type CheckpointFileKind, checkpointFiles, kindNamed, rowOf } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { placeOf, RESOURCES_PATH } from '../../layout/place.ts';
import { baseName } from '../../source/source.ts';

/**
 * The part of the tree whose recovery a path decides: what is wrong within it may matter no more once the path is changed,
 * and nothing outside it does. So changes of different scopes are independent of each other. Sandboxes count as the runs
 * that they are of, and all resources as one, with the operations that they name.
 */
export const scopeOf = (path: string): string => {
  const inMeta = path.startsWith(`${names.SLAVES}/`) ? `${names.META}/${path}` : path;
  const folder = inMeta.slice(0, Math.max(0, inMeta.lastIndexOf('/')));
  const kind = kindNamed(inMeta);
  if (kind !== undefined && DECISIVE.has(kind)) return folder;
  // Of `runs` it is the executor that a link decides.
  if (baseName(inMeta) === names.LATEST) {
    return folder.endsWith(`/${names.RUNS}`) ? folder.slice(0, -names.RUNS.length - 1) : folder;
  }
  return isOfResources(inMeta) ? RESOURCES_PATH : inMeta;
};

/** The files that decide on all of their folder. */
const DECISIVE: ReadonlySet<CheckpointFileKind> = new Set([
  ...checkpointFiles.filter((kind) => rowOf(kind).isNeeded),
  ...(['executor_generated_for_command_task', 'forked.pid'] as const),
]);

const isOfResources = (path: string): boolean => {
  const { folder, below } = placeOf(path);
  return folder === 'resources' || folder === 'operation' || (folder === 'agent' && below === names.OPERATIONS);
};

/** How many folders a scope lies deep. */
export const depthOf = (scope: string): number => scope.split('/').length;

/** Whether a path is one of some, or lies in one. */
export const hasAbove = (paths: ReadonlySet<string>, path: string): boolean => {
  if (paths.has(path)) return true;
  for (const folder of foldersOf(path)) if (paths.has(folder)) return true;
  return false;
};

/** The folders that a path is in, the innermost first. */
export const foldersOf = function* (path: string): Generator<string> {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) yield path.slice(0, end);
};
