import { fileIn } from '../../layout/kinds.ts';
import { setAside } from './alternatives.ts';
import { executorLoss, ownersOf } from './losses.ts';
import type { Alternative, Mender, Workspace } from './mender.ts';

/**
 * A `latest` that the agent cannot follow, or that names no run: without it the executor is skipped. Where pattern
 * characters in an id lead the agent to another executor's link, it is the description that has to go, or the folder.
 */
export const mendRunLatest: Mender = ({ path }, workspace) => {
  const { inExecutor } = ownersOf(workspace.found, path);
  const loses = executorLoss(workspace.found, path);
  return [
    ...setAside(workspace, path, { loses }),
    ...(inExecutor === undefined ? [] : withoutExecutor(workspace, inExecutor.path, loses)),
  ];
};

/** Takes an executor out of what the agent sees, in the smaller way first. */
const withoutExecutor = (workspace: Workspace, path: string, loses: string): readonly Alternative[] => [
  ...setAside(workspace, fileIn(path, 'executor.info'), { loses }),
  ...setAside(workspace, path, { what: 'set aside the folder of the executor', loses }),
];
