import type { Checkpoint } from '../../checkpoint/model.ts';
import { endsStart, type Finding } from '../../findings/finding.ts';
import { advance } from '../../program/progress.ts';
import { trace } from '../../program/trace.ts';
import type { Tree } from '../../source/links.ts';
import type { Adopter } from '../adopt/adopter.ts';
import { beneathReservations } from '../adopt/fits.ts';
import { realPlace } from '../mend/alternatives.ts';
import type { Alternative, Mender, Workspace } from '../mend/mender.ts';
import { withoutLink, withoutOwner } from '../mend/owner.ts';
import { menders } from '../mend/table.ts';
import type { Change } from '../plan/change.ts';
import { withChanges } from '../plan/with-changes.ts';
import { reload } from '../rehearsal/reload.ts';
import { namesOf } from './aliases.ts';
import { assemble, type Blocked, chosen, type Entry, type Found, keyOf } from './entry.ts';
import { depthOf, hasAbove, scopeOf } from './scope.ts';
import { type Assumptions, type Survey, survey } from './survey.ts';

/** What may be planned, and what not. */
export interface SearchOptions {
  readonly acceptNewAgent: boolean;
  /** What is just likely, and asks for `--allow-suspect`. */
  readonly allowSuspect: boolean;
  /** What is just likely, and does not ask for it. */
  readonly allowGuesses: boolean;
  /** More ways to mend a finding, which come before the others; also for what never ends a start. */
  readonly salvage: Mender | undefined;
  /** What is done where the agent that starts has another info, if that is known; it is asked for by `allowAdopt`. */
  readonly adopt: Adopter | undefined;
  readonly allowAdopt: boolean;
  /** Findings that are to be left as they are. */
  readonly isLeftOut: (finding: Finding) => boolean;
}

/** More rounds than any tree is deep: each mends all that it can, and looks for what appears behind. */
const MOST_ROUNDS = 200;

/**
 * Looks for changes after which a strict start comes up: mends all that a survey finds fatal, lays that over the tree,
 * and surveys it again, until nothing is fatal, or nothing more can be done.
 */
export class Search {
  readonly #base: Tree;
  readonly #found: Checkpoint;
  readonly #assumed: Assumptions;
  readonly #options: SearchOptions;
  readonly #blocked = new Map<string, Blocked>();
  /** What `--salvage` was asked about already. */
  readonly #tried = new Set<string>();
  #entries: Entry[] = [];
  /** The model of the tree as it is; where that shows another agent or none, with the one that the first changes have brought back. */
  #shown: Checkpoint;

  constructor(base: Tree, found: Checkpoint, assumed: Assumptions, options: SearchOptions) {
    this.#base = base;
    this.#found = found;
    this.#shown = found;
    this.#assumed = assumed;
    this.#options = options;
  }

  run(first: Survey): Found {
    let model = this.#found;
    let surveyed = first;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const todo = this.#todo(surveyed);
      if (todo.length === 0) break;
      trace('round', () => ({ round, findings: todo.map(({ code, path }) => `${code} ${path}`) }));
      const changed = this.#round(todo, { model, start: surveyed.start });
      trace('changed', () => ({ round, paths: [...changed] }));
      if (changed.size === 0) break;
      const tree = this.#laidOver();
      model = reload(model, tree, changed);
      surveyed = survey(model, this.#assumed);
      if (model.agent !== undefined && model.agent.id !== this.#shown.agent?.id) {
        this.#shown = { ...model, latest: this.#found.latest };
      }
    }
    const blocked = [...this.#blocked.values()];
    for (const finding of surveyed.fatal) {
      if (this.#blocked.has(keyOf(finding))) continue;
      blocked.push({ finding, reason: 'it is still there, whatever is tried', isLeftOut: false });
    }
    return { entries: this.#entries, blocked, model, survey: surveyed };
  }

  #laidOver(): Tree {
    return { ...this.#base, source: withChanges(this.#base.source, assemble(this.#entries).flat()) };
  }

  /** What is to be mended, what is above first. */
  #todo(surveyed: Survey): readonly Finding[] {
    const { salvage } = this.#options;
    const lost = surveyed.findings.filter(
      (finding) =>
        (salvage !== undefined || (this.#options.allowAdopt && finding.code === ADOPTED)) &&
        !surveyed.fatal.includes(finding) &&
        !this.#tried.has(keyOf(finding)),
    );
    return [...surveyed.fatal.filter((finding) => !this.#blocked.has(keyOf(finding))), ...lost]
      .map((finding) => ({ finding, depth: depthOf(scopeOf(finding.path)) }))
      .sort((a, b) => a.depth - b.depth)
      .map(({ finding }) => finding);
  }

  /** Mends what it can of some findings; the paths that were touched. */
  #round(todo: readonly Finding[], now: { model: Checkpoint; start: Survey['start'] }): ReadonlySet<string> {
    const workspace: Workspace = { base: this.#base, found: this.#shown, assumed: this.#assumed, ...now };
    const scopes = new Set<string>();
    const changed = new Set<string>();
    for (const finding of todo) {
      // What lies within something that was just changed may be gone with it: the next round will tell.
      if (hasAbove(scopes, scopeOf(finding.path))) continue;
      const before = this.#entries;
      advance();
      this.#take(finding, workspace);
      if (before === this.#entries) continue;
      for (const entry of difference(before, this.#entries)) {
        for (const { path } of chosen(entry).changes) {
          changed.add(path);
          for (const name of namesOf(now.model.links, path)) scopes.add(scopeOf(name));
        }
      }
    }
    return changed;
  }

  #take(finding: Finding, workspace: Workspace): void {
    const key = keyOf(finding);
    const isFatal = endsStart(finding, 'strict');
    if (!isFatal) this.#tried.add(key);
    const own = this.#entries.find(({ mends }) => mends.some((mended) => keyOf(mended) === key));
    if (own !== undefined) {
      if (isFatal) this.#advance(own, finding);
      return;
    }
    const place = realPlace(workspace.base, finding.path) ?? finding.path;
    const culprit = this.#entries.find((entry) => chosen(entry).changes.some((change) => makes(change, place)));
    // A slave.info that was brought back is one to be adopted, too.
    if (culprit !== undefined && finding.code !== ADOPTED) {
      if (isFatal) this.#advance(culprit, finding);
      return;
    }
    if (this.#options.isLeftOut(finding)) {
      const reason = 'it was to be left as it is';
      if (isFatal) this.#blocked.set(key, { finding, reason, isLeftOut: true });
      return;
    }
    const earlier = this.#entries.filter((entry) => chosen(entry).changes.some(({ path }) => path === place));
    const adopted = finding.code === ADOPTED ? this.#options.adopt?.(finding, workspace, this.#laidOver()) : undefined;
    const ways = this.#alternatives(finding, workspace, earlier);
    const all = typeof adopted === 'object' ? [...adopted, ...ways] : ways;
    const allowed = all.filter((alternative) => this.#isAllowed(alternative));
    if (allowed.length > 0) {
      this.#adopt({ mends: [finding], alternatives: allowed, index: 0 });
    } else if (isFatal) {
      const own = typeof adopted === 'string' ? adopted : whyNot(finding, workspace);
      this.#blocked.set(key, { finding, reason: own ?? reasonOf(all), isLeftOut: false });
    }
  }

  #alternatives(finding: Finding, workspace: Workspace, earlier: readonly Entry[]): readonly Alternative[] {
    const mended = earlier.flatMap(({ mends }) => mends);
    const salvage = this.#options.salvage?.(finding, workspace, mended) ?? [];
    if (!endsStart(finding, 'strict')) return salvage;
    const plain = menders[finding.code](finding, workspace, mended);
    return [...salvage, ...plain, ...withoutOwner(finding, workspace), ...withoutLink(finding, workspace)];
  }

  #isAllowed({ needs, certainty }: Alternative): boolean {
    if (needs === '--accept-new-agent') return this.#options.acceptNewAgent;
    if (needs === '--adopt --allow-suspect') return this.#options.allowAdopt;
    if (needs === '--allow-suspect') return this.#options.allowSuspect;
    return certainty !== 'suspect' || this.#options.allowGuesses;
  }

  /** An entry's way did not help: it goes the next one. */
  #advance(entry: Entry, finding: Finding): void {
    const { alternatives, index } = entry;
    if (index + 1 < alternatives.length) {
      this.#entries = this.#entries.filter((each) => each !== entry);
      // The next way may be to touch what another entry touches too.
      this.#adopt({ ...entry, index: index + 1 });
    } else if (!endsStart(entry.mends[0], 'strict')) {
      // It was to keep more, and keeps the agent from starting.
      this.#entries = [...this.#entries.filter((each) => each !== entry), ...(entry.replaced ?? [])];
    } else {
      const reason = `nothing that was tried helps: ${alternatives.map(({ what }) => what).join('; ')}`;
      this.#blocked.set(keyOf(finding), { finding, reason, isLeftOut: false });
    }
  }

  /** Takes an entry in; it takes the place of those that would touch the same paths. */
  #adopt(entry: Entry): void {
    const own = chosen(entry).changes;
    const replaced = this.#entries.filter((other) => chosen(other).changes.some((change) => collides(change, own)));
    const mends: Entry['mends'] = [...entry.mends, ...replaced.flatMap((other) => other.mends)];
    const taken: Entry = { ...entry, mends, replaced: [...(entry.replaced ?? []), ...replaced] };
    this.#entries = [...this.#entries.filter((other) => !replaced.includes(other)), taken];
  }
}

const ADOPTED: Finding['code'] = 'agent-info-changed';

/** Why nothing in the tree is changed for a finding that flags are the cause of. */
const whyNot = ({ code }: Finding, workspace: Workspace): string | undefined =>
  code === 'resources-incompatible' ? beneathReservations(workspace) : undefined;

const makes = (change: Change, path: string): boolean =>
  (change.kind === 'create-file' || change.kind === 'create-link') && change.path === path;

/** Whether a change touches what others touch: the same path, or one below a folder that goes. */
export const collides = (change: Change, others: readonly Change[]): boolean =>
  others.some(
    (other) =>
      (change.path === other.path && (change.kind !== 'create-folder' || other.kind !== 'create-folder')) ||
      (other.kind === 'set-aside' && change.path.startsWith(`${other.path}/`)) ||
      (change.kind === 'set-aside' && other.path.startsWith(`${change.path}/`)),
  );

const difference = (before: readonly Entry[], after: readonly Entry[]): readonly Entry[] => {
  const [was, is] = [new Set(before), new Set(after)];
  return [...before.filter((entry) => !is.has(entry)), ...after.filter((entry) => !was.has(entry))];
};

const reasonOf = (all: readonly Alternative[]): string => {
  const needs = [...new Set(all.flatMap(({ needs }) => (needs === undefined ? [] : [needs])))];
  const [first] = all;
  if (first === undefined) return 'nothing in the tree that could be changed would help';
  return `it needs ${needs.join(' or ')}: ${first.what}, which costs ${first.loses === '' ? 'nothing' : first.loses}`;
};
