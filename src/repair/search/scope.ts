import * as names from '../../layout/names.ts';
import { baseName } from '../../source/source.ts';

/**
 * The part of the tree whose recovery a path decides: what is wrong within it may matter no more once the path is changed,
 * and nothing outside it does. So changes of different scopes are independent of each other. Sandboxes count as the runs
 * that they are of, and all resources as one, with the operations that they name.
 */
export const scopeOf = (path: string): string => {
  const inMeta = path.startsWith(`${names.SLAVES}/`) ? `${names.META}/${path}` : path;
  const folder = inMeta.slice(0, Math.max(0, inMeta.lastIndexOf('/')));
  switch (baseName(inMeta)) {
    case names.SLAVE_INFO:
    case names.FRAMEWORK_INFO:
    case names.FRAMEWORK_PID:
    case names.EXECUTOR_INFO:
    case names.EXECUTOR_GENERATED:
    case names.TASK_INFO:
    case names.FORKED_PID:
      return folder;
    case names.LATEST:
      // Of `runs` it is the executor that a link decides.
      return folder.endsWith(`/${names.RUNS}`) ? folder.slice(0, -names.RUNS.length - 1) : folder;
    default:
      return isOfResources(inMeta) ? RESOURCES : inMeta;
  }
};

const RESOURCES = `${names.META}/${names.RESOURCES}`;

const isOfResources = (path: string): boolean =>
  path === RESOURCES || path.startsWith(`${RESOURCES}/`) || path.split('/')[3] === names.OPERATIONS;

/** How many folders a scope lies deep. */
export const depthOf = (scope: string): number => scope.split('/').length;

/** Whether a path is one of some, or lies in one. */
export const hasAbove = (paths: ReadonlySet<string>, path: string): boolean => {
  if (paths.has(path)) return true;
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (paths.has(path.slice(0, end))) return true;
  }
  return false;
};
