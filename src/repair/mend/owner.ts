import type { Finding } from '../../findings/finding.ts';
import { fileIn } from '../../layout/kinds.ts';
import { setAside } from './alternatives.ts';
import { executorLoss, frameworkLoss, ownersOf } from './losses.ts';
import type { Alternative, Workspace } from './mender.ts';

/** What is left where nothing else helps: to take the executor out of what the agent sees, or its framework. */
export const withoutOwner = ({ path }: Finding, workspace: Workspace): readonly Alternative[] => {
  const { inFramework, inExecutor } = ownersOf(workspace.found, path);
  const executor =
    inExecutor === undefined
      ? []
      : [
          ...setAside(workspace, fileIn(inExecutor.path, 'executor.info')),
          ...setAside(workspace, inExecutor.path, { what: 'set aside the folder of the executor' }),
        ].map((each) => ({ ...each, loses: executorLoss(workspace.found, inExecutor.path) }));
  const framework =
    inFramework === undefined
      ? []
      : [
          ...setAside(workspace, fileIn(inFramework.path, 'framework.info')),
          ...setAside(workspace, inFramework.path, { what: 'set aside the folder of the framework' }),
        ].map((each) => ({ ...each, loses: frameworkLoss(workspace.found, inFramework.path) }));
  return [...executor, ...framework];
};

/** Where a finding lies behind a link, to take that away, and with it all that is seen through it. */
export const withoutLink = ({ path }: Finding, workspace: Workspace): readonly Alternative[] => {
  const parts = path.split('/');
  for (let length = 1; length < parts.length; length++) {
    const above = parts.slice(0, length).join('/');
    if (workspace.base.source.kindOf(above) !== 'link') continue;
    const name = parts[length - 1] ?? '';
    return setAside(workspace, above, {
      what: `set aside the link ${name}`,
      loses: 'what the agent finds through the link',
    });
  }
  return [];
};
