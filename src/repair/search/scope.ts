import { type CheckpointFileKind, checkpointFiles, kindNamed, rowOf } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { placeOf, RESOURCES_PATH } from '../../layout/place.ts';
import { baseName, join } from '../../source/source.ts';

/**
 * The part of the tree whose recovery a path decides: what is wrong within it may matter no more once the path is changed,
 * and nothing outside it does. So changes of different scopes are independent of each other. Sandboxes count as the runs
 * that they are of, and all resources as one; each operation counts as a part of them, as it is they that name it.
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
  return resourcesScope(inMeta) ?? inMeta;
};

/** The scope of a path of resources or operations; undefined for others. */
const resourcesScope = (path: string): string | undefined => {
  const { folder, below, operation } = placeOf(path);
  if (folder === 'operation') return join(OPERATIONS_SCOPE, operation);
  return folder === 'resources' || (folder === 'agent' && below === names.OPERATIONS) ? RESOURCES_PATH : undefined;
};

const OPERATIONS_SCOPE = join(RESOURCES_PATH, names.OPERATIONS);

/** Whether a scope is one of many of its kind: something in a framework, or an operation. */
export const isOneOfMany = (scope: string): boolean =>
  placeOf(scope).framework !== undefined || scope.startsWith(`${OPERATIONS_SCOPE}/`);

/** The files that decide on all of their folder. */
const DECISIVE: ReadonlySet<CheckpointFileKind> = new Set([
  ...checkpointFiles.filter((kind) => rowOf(kind).isNeeded),
  ...(['executor_generated_for_command_task', 'forked.pid'] as const),
]);

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
