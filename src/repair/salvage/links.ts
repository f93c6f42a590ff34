import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { pathOf } from '../../layout/place.ts';
import { putLink } from '../mend/alternatives.ts';
import { ownersOf } from '../mend/losses.ts';
import type { Alternative, Workspace } from '../mend/mender.ts';
import { agentsIn, recordAt } from './copies.ts';

/** `runs/latest` leads again to the one run that has not ended, where there is just one. */
export const relinkRun = (path: string, workspace: Workspace): readonly Alternative[] => {
  const { inExecutor } = ownersOf(workspace.found, path);
  // A folder in the place of the link is no run.
  const left = inExecutor?.runs.filter(({ id, completed }) => !completed && id !== names.LATEST) ?? [];
  const [only] = left;
  if (inExecutor === undefined || only === undefined || left.length > 1) return [];
  return putLink(workspace, fileIn(inExecutor.path, 'runs/latest'), only.path, { salvage: true });
};

/**
 * `slaves/latest` leads again to the one agent whose slave.info is whole. An agent that found itself changed after a reboot
 * takes the link away on purpose, so that where it is just missing, somebody should know why.
 */
export const relinkAgent = (workspace: Workspace): readonly Alternative[] => {
  const left = agentsIn(workspace.base).flatMap((agent) => {
    const record = recordAt(workspace.base, pathOf({ folder: 'agent', agent, below: 'slave.info' }));
    return record?.kind === 'whole' && !record.zeros ? [{ agent, id: record.value.id?.value }] : [];
  });
  const [only] = left;
  if (only === undefined || left.length > 1) return [];
  return [
    ...ownName(only, workspace),
    ...putLink(workspace, fileIn(names.META, 'slaves/latest'), only.agent, {
      salvage: true,
      certainty: workspace.found.latest.kind === 'absent' ? 'suspect' : 'exact',
    }),
  ];
};

/**
 * The folder of an agent that was renamed is found again under the id in its slave.info: `latest` leads there, and so do
 * the links of all runs.
 */
const ownName = (
  { agent, id }: { readonly agent: string; readonly id: string | undefined },
  workspace: Workspace,
): readonly Alternative[] => {
  const isNamed = workspace.found.latest.kind !== 'absent' && id !== undefined && id !== agent;
  if (!isNamed || !/^[^/]+$/.test(id)) return [];
  const path = pathOf({ folder: 'agent', agent: id });
  return workspace.base.source.kindOf(path) === undefined ? putLink(workspace, path, agent, { salvage: true }) : [];
};
