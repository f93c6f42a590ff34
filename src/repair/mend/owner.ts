import type { Finding } from '../../findings/finding.ts';
import { fileIn } from '../../layout/kinds.ts';
import { realPlace, setAside } from './alternatives.ts';
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

/**
 * The place that a path leads to through links, where the agent sees that by its own name, too: undefined where there is no
 * link, or the link is all that shows it.
 */
export const ownName = ({ path }: Finding, workspace: Workspace): string | undefined => {
  const place = realPlace(workspace.base, path);
  if (place === undefined || place === path) return undefined;
  const { agent, executor, inFramework, inExecutor } = ownersOf(workspace.found, place);
  const isSeen = executor === undefined ? inFramework !== undefined : inExecutor !== undefined;
  return isSeen && agent === workspace.found.agent?.id ? place : undefined;
};

/** Where a finding lies behind a link, to take that away, and with it all that is seen through it. */
export const withoutLink = (finding: Finding, workspace: Workspace): readonly Alternative[] => {
  const parts = finding.path.split('/');
  for (let length = 1; length < parts.length; length++) {
    const above = parts.slice(0, length).join('/');
    if (workspace.base.source.kindOf(above) !== 'link') continue;
    const link = `set aside the link ${parts[length - 1] ?? ''}`;
    return setAside(
      workspace,
      above,
      ownName(finding, workspace) === undefined
        ? { what: link, loses: 'what the agent finds through the link' }
        : { what: `${link}: what it leads to stays, under its own name` },
    );
  }
  return [];
};
