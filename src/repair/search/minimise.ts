import type { FollowedLink } from '../../checkpoint/files.ts';
import { pathOf, placeOf } from '../../layout/place.ts';
import { advance } from '../../program/progress.ts';
import { trace } from '../../program/trace.ts';
import { isPattern } from '../../recovery/glob.ts';
import type { Start } from '../../recovery/simulate.ts';
import type { Tree } from '../../source/links.ts';
import { withChanges } from '../plan/with-changes.ts';
import { reload } from '../rehearsal/reload.ts';
import { differencesFrom } from '../rehearsal/state-differences.ts';
import { compareWorth, type Worth, worthByPart, worthOf } from '../rehearsal/worth.ts';
import { namesOf } from './aliases.ts';
import { assemble, chosen, type Entry, type Found, keyOf } from './entry.ts';
import { depthOf, isOneOfMany, scopeOf } from './scope.ts';
import { type Assumptions, type Survey, survey } from './survey.ts';

/** What a leaner plan still has to come to: the state that a non-strict start has, or else as much as is kept now. */
export interface Goal {
  readonly base: Tree;
  readonly assumed: Assumptions;
  readonly nonStrict: Start | undefined;
  /** The links of the tree as it is. */
  readonly links: readonly FollowedLink[];
}

/**
 * Leaves out every entry without which the rehearsal comes up all the same, and with what it should.
 *
 * Entries are tried in groups of such as lie at one depth: their scopes are apart, so what one of them mends shows in a
 * survey of the tree without the whole group just as in one of the tree without it alone. So a finding that is back tells
 * that its entry is needed, and a survey a depth is enough. Only an entry of which that cannot be told, because something
 * else hides what it mends, is tried by itself, with a rehearsal of its own.
 */
export const minimise = (found: Found, goal: Goal): Found => {
  let now = found;
  for (;;) {
    const less = withoutSpare(now, goal);
    if (less === undefined) return now;
    now = less;
  }
};

/** The same without the first entries that it can be without; undefined where it needs all. */
const withoutSpare = (found: Found, goal: Goal): Found | undefined => {
  for (const group of groupsOf(found, goal)) {
    // A survey tells of some that they are needed, and one without just the others may tell of more.
    let doubtful = group;
    let left = without(found, group, goal);
    for (;;) {
      const rest = doubtfulOf(doubtful, found, left);
      // Mostly none of them is needed.
      if (rest.length === doubtful.length && isEnough(left.survey, found.survey, goal)) return left;
      const isSettled = rest.length === 0 || rest.length === doubtful.length;
      doubtful = rest;
      if (isSettled) break;
      left = without(found, rest, goal);
    }
    const less = withoutSome(found, doubtful.length > 1 ? doubtful : [], goal);
    if (less !== found) return less;
  }
  return undefined;
};

/** The same without those of some entries that it can be without, each tried by itself. */
const withoutSome = (found: Found, entries: readonly Entry[], goal: Goal): Found => {
  let now = found;
  for (const entry of entries) {
    const alone = without(now, [entry], goal);
    if (isEnough(alone.survey, found.survey, goal)) now = alone;
  }
  return now;
};

/** The entries of a group of which a survey without all of it does not tell that they are needed. */
const doubtfulOf = (group: readonly Entry[], found: Found, left: Found): readonly Entry[] => {
  const fatal = new Set(left.survey.fatal.map(keyOf));
  const unproved = group.filter(({ mends }) => !mends.some((finding) => fatal.has(keyOf(finding))));
  if (!unproved.some((entry) => chosen(entry).salvage === true)) return unproved;
  const here = worthByPart(found.survey.start);
  const there = worthByPart(left.survey.start);
  const parts = partsOf(found.entries);
  return unproved.filter(
    (entry) => chosen(entry).salvage !== true || !keepsMore(parts(entry.mends[0].path) ?? '', here, there),
  );
};

/** Entries of one depth whose scopes are apart; those that touch scopes of several depths, or what all depends on, are alone. */
const groupsOf = ({ entries, model }: Found, goal: Goal): readonly (readonly Entry[])[] => {
  const alone: Entry[][] = [];
  const groups: { readonly depth: number; readonly parts: Set<string>; readonly entries: Entry[] }[] = [];
  // What is kept of a part tells of one entry at a time.
  const parts = partsOf(entries);
  const isByPart = entries.some((entry) => chosen(entry).salvage === true);
  const links = [...goal.links, ...model.links];
  for (const entry of entries) {
    const scopes = ownScopes(entry, links);
    const [depth, ...others] = new Set(scopes.map(depthOf));
    if (depth === undefined || others.length > 0) {
      alone.push([entry]);
      continue;
    }
    const own = isByPart ? scopes.map((scope) => parts(scope) ?? scope) : scopes;
    let group = groups.find((each) => each.depth === depth && !own.some((part) => each.parts.has(part)));
    if (group === undefined) {
      group = { depth, parts: new Set(), entries: [] };
      groups.push(group);
    }
    for (const part of own) group.parts.add(part);
    group.entries.push(entry);
  }
  return [...alone, ...groups.map((group) => group.entries)];
};

/**
 * The scopes in a framework, or of operations, that an entry is about: of one change through links, more than one. None
 * where its changes are about several, or one is larger.
 */
const ownScopes = (entry: Entry, links: readonly FollowedLink[]): readonly string[] => {
  const { changes } = chosen(entry);
  const last = changes.at(-1);
  // Folders on the way to a sandbox decide nothing by themselves: the sandbox, the last of them, does.
  if (last?.kind === 'create-folder') return apart([scopeOf(last.path)]);
  const [scopes = [], ...others] = changes.map(({ path }) => [...new Set(namesOf(links, path).map(scopeOf))]);
  return others.every((other) => other.length === scopes.length && other.every((scope) => scopes.includes(scope)))
    ? apart(scopes)
    : [];
};

/** The same scopes; none where one is larger than those of a framework, or its name is a pattern: that leads the agent to others. */
const apart = (scopes: readonly string[]): readonly string[] =>
  scopes.every((scope) => isOneOfMany(scope) && !scope.split('/').some(isPattern)) ? scopes : [];

/** The same without some entries. */
const without = (found: Found, left: readonly Entry[], goal: Goal): Found => {
  advance();
  trace('without', () => ({ entries: found.entries.length, left: left.length }));
  const out = new Set(left);
  const entries = found.entries.filter((entry) => !out.has(entry));
  const source = withChanges(goal.base.source, assemble(entries).flat());
  const paths = left.flatMap((entry) => chosen(entry).changes.map(({ path }) => path));
  const tree = { ...goal.base, source };
  const model = reload(found.model, tree, paths);
  return { ...found, entries, model, survey: survey(model, goal.assumed) };
};

const isEnough = (left: Survey, all: Survey, goal: Goal): boolean =>
  left.comesUp &&
  (goal.nonStrict === undefined
    ? compareWorth(worthOf(left.start), worthOf(all.start)) >= 0
    : differencesFrom(goal.nonStrict, left.start).length <= differencesFrom(goal.nonStrict, all.start).length &&
      compareWorth(worthOf(left.start), worthOf(all.start)) >= 0);

/**
 * Whether more is kept of the part that an entry is about, with it than without: the one of the finding. Through a link the
 * file itself may lie where the agent takes it for another executor, which only the file makes be there.
 */
const keepsMore = (part: string, here: ReadonlyMap<string, Worth>, there: ReadonlyMap<string, Worth>): boolean => {
  const [kept, left] = [here.get(part), there.get(part)];
  return kept !== undefined && (left === undefined || compareWorth(kept, left) > 0);
};

/** The innermost folder of a task, run, executor or framework that a path belongs to. */
const partOf = (path: string): string | undefined => {
  const place = placeOf(path);
  return place.framework === undefined || place.isSandbox ? undefined : pathOf({ ...place, below: '' });
};

/** From so many entries of one executor on they are judged by its tasks and runs, which seldom tell of each other. */
const MANY = 16;

/** The part by which an entry about a path is judged: a framework or an executor; of one with many entries, a run or a task. */
const partsOf = (entries: readonly Entry[]): ((path: string) => string | undefined) => {
  const count = new Map<string, number>();
  for (const { mends } of entries) {
    const executor = executorOf(mends[0].path);
    if (executor !== undefined) count.set(executor, (count.get(executor) ?? 0) + 1);
  }
  return (path) => {
    const executor = executorOf(path);
    return executor === undefined || (count.get(executor) ?? 0) >= MANY ? partOf(path) : executor;
  };
};

const executorOf = (path: string): string | undefined => {
  const { isSandbox, agent, framework, executor } = placeOf(path);
  return isSandbox || executor === undefined ? undefined : pathOf({ folder: 'executor', agent, framework, executor });
};
