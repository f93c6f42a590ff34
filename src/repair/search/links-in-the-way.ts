import type { FollowedLink } from '../../checkpoint/files.ts';
import * as names from '../../layout/names.ts';
import type { Tree } from '../../source/links.ts';
import { isOfCheckpoint } from '../plan/territory.ts';
import { withChanges } from '../plan/with-changes.ts';
import { loadWhole } from '../rehearsal/reload.ts';
import { differencesFrom } from '../rehearsal/state-differences.ts';
import { linksAbove, linksTo } from './aliases.ts';
import { assemble, type Blocked, chosen, type Entry, type Found } from './entry.ts';
import { type Assumptions, survey } from './survey.ts';

const REMEDY = 'take it away, or put what it leads to in its place, and plan again';

/**
 * Why links keep a plan from being carried out: what it changes is seen through them too, and counts there, or the journal
 * would be. No agent makes such links, so that somebody has to say what they are for.
 */
export const blockedByLinks = (
  found: Found,
  tree: Tree,
  assumed: Assumptions,
  links: readonly FollowedLink[],
  differences: readonly string[],
): readonly Blocked[] => {
  const { entries } = found;
  const toWorkDir = found.model.links.find(({ to }) => to === '');
  if (toWorkDir !== undefined && showsJournal(found, tree, assumed)) {
    const reason = `the link ${toWorkDir.path} leads to the work_dir, so the agent would take the journal there for one of its own files: ${REMEDY}`;
    return entries.map((entry) => blocked(entry, reason));
  }
  if (differences.length === 0) return [];
  const linked = entries.flatMap((entry) => {
    const [link] = chosen(entry).changes.flatMap(({ path }) => linksTo(links, path));
    if (link === undefined) return [];
    const reason = `what is to be changed is seen through the link ${link.path} too, and counts there: ${REMEDY}`;
    return [blocked(entry, reason)];
  });
  const outside = entries.flatMap((entry) => {
    const link = linksAbove(links, entry.mends[0].path).find(({ to }) => to !== undefined && !isOfCheckpoint(to));
    if (link === undefined) return [];
    return [blocked(entry, `the link ${link.path} leads out of ${names.META}, where nothing is changed: ${REMEDY}`)];
  });
  if (linked.length === 0 && outside.length > 0) return outside;
  const reason = 'with what repairs it the state would not be that of a non-strict start';
  return linked.length > 0 ? linked : entries.map((entry) => blocked(entry, reason));
};

/** Whether the agent would come up otherwise for the folder that journals are kept in. */
const showsJournal = ({ entries, survey: planned }: Found, tree: Tree, assumed: Assumptions): boolean => {
  if (tree.source.kindOf(names.JOURNALS) !== undefined) return false;
  const changes = [
    ...assemble(entries).flat(),
    { kind: 'create-folder', path: names.JOURNALS, like: names.META } as const,
  ];
  const model = loadWhole({ ...tree, source: withChanges(tree.source, changes) });
  return differencesFrom(planned.start, survey(model, assumed).start).length > 0;
};

const blocked = ({ mends }: Entry, reason: string): Blocked => ({ finding: mends[0], reason, isLeftOut: false });
