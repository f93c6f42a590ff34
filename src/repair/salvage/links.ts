import { countExecutors } from '../../checkpoint/count-executors.ts';
import type { Checkpoint } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { pathOf } from '../../layout/place.ts';
import { resolve, type Tree } from '../../source/links.ts';
import { baseName, isErrno } from '../../source/source.ts';
import { putLink } from '../mend/alternatives.ts';
import { ownersOf } from '../mend/losses.ts';
import type { Alternative, Workspace } from '../mend/mender.ts';
import type { SalvageOptions } from '../options.ts';
import { agentsIn, recordAt } from './copies.ts';

/** `runs/latest` leads again to the one run that has not ended, where there is just one. */
export const relinkRun = (path: string, workspace: Workspace): readonly Alternative[] => {
  const { inExecutor } = ownersOf(workspace.found, path);
  // A folder in the place of the link is no run, and no more is a file among them.
  const left =
    inExecutor?.runs.filter(
      ({ id, completed, path }) => !completed && id !== names.LATEST && isFolder(workspace.base, path),
    ) ?? [];
  const [only] = left;
  if (inExecutor === undefined || only === undefined || left.length > 1) return [];
  return putLink(workspace, fileIn(inExecutor.path, 'runs/latest'), only.path, { salvage: true });
};

const isFolder = (tree: Tree, path: string): boolean => {
  const found = resolve(tree, path);
  return found.kind === 'found' && found.entry === 'folder';
};

/** An agent that `slaves/latest` can lead to: the name of its folder, and the id in its slave.info, which is whole. */
interface Linkable {
  readonly agent: string;
  readonly id: string | undefined;
}

/** The agents of a tree that can be meant: their slave.info is whole. */
export const linkableIn = (tree: Tree): readonly Linkable[] =>
  agentsIn(tree).flatMap((agent) => {
    const record = recordAt(tree, pathOf({ folder: 'agent', agent, below: 'slave.info' }));
    return record?.kind === 'whole' && !record.zeros ? [{ agent, id: record.value.id?.value }] : [];
  });

/** One of several agents that `slaves/latest` may have led to, and what tells which it was. */
export interface Candidate {
  /** The name of its folder. */
  readonly agent: string;
  /** When its slave.info was written, which is when it registered first, in ms since 1970; undefined where that is not known. */
  readonly registered: number | undefined;
  /** Folders of executors that it has. */
  readonly executors: number;
}

/** The agents of a tree whose `slaves/latest` leads to none of them, the newest first; none where there is no choice. */
export const candidatesIn = ({ latest, agent: found }: Checkpoint, tree: Tree): readonly Candidate[] => {
  if (found !== undefined || latest.kind === 'found') return [];
  const all = linkableIn(tree).map(({ agent }): Candidate => {
    const registered = tree.source.modified(pathOf({ folder: 'agent', agent, below: 'slave.info' }));
    return { agent, registered, executors: countExecutors(tree.source, agent) };
  });
  return all.length < 2 ? [] : all.toSorted((a, b) => (b.registered ?? 0) - (a.registered ?? 0));
};

/** The agent that `slaves/latest` of a copy leads to, by the last part of what is written there. */
const namedIn = ({ source }: Tree): readonly string[] => {
  const target = source.linkTarget(fileIn(names.META, 'slaves/latest'));
  return isErrno(target) ? [] : [baseName(target.replace(/\/+$/, ''))];
};

/**
 * `slaves/latest` leads again to the agent that is chosen, or else to the one that a copy names, or to the only one whose
 * slave.info is whole. An agent that found itself changed after a reboot takes the link away on purpose, so that where it is
 * just missing, somebody should know why.
 */
export const relinkAgent = (
  workspace: Workspace,
  { copies = [], agent: chosen }: Pick<SalvageOptions, 'copies' | 'agent'>,
): readonly Alternative[] => {
  const all = linkableIn(workspace.base);
  const named = chosen === undefined ? copies.flatMap(namedIn) : [chosen];
  const isChoice = chosen !== undefined || all.length > 1;
  const left = isChoice ? all.filter(({ agent }) => named.includes(agent)) : all;
  const [only] = left;
  if (only === undefined || left.length > 1) return [];
  return [
    ...ownName(only, workspace),
    ...putLink(workspace, fileIn(names.META, 'slaves/latest'), only.agent, {
      salvage: true,
      certainty: isChoice || workspace.found.latest.kind === 'absent' ? 'suspect' : 'exact',
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
