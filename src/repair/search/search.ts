import type { Checkpoint } from '../../checkpoint/model.ts';
import { endsStart, type Finding } from '../../findings/finding.ts';
import { advance } from '../../program/progress.ts';
import { trace } from '../../program/trace.ts';
import type { Tree } from '../../source/links.ts';
import type { Adopter } from '../adopt/adopter.ts';
import { beneathReservations } from '../adopt/fits.ts';
import { realPlace } from '../mend/alternatives.ts';
import type { Alternative, Mender, Workspace } from '../mend/mender.ts';
import { ownName, withoutLink, withoutOwner } from '../mend/owner.ts';
import { menders } from '../mend/table.ts';
import { withChanges } from '../plan/with-changes.ts';
import { reload } from '../rehearsal/reload.ts';
import { linksAbove, namesOf } from './aliases.ts';
import { Entries } from './entries.ts';
import { assemble, type Blocked, chosen, type Entry, type Found, keyOf } from './entry.ts';
import { Rivals } from './rivals.ts';
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
  /** Whether `salvage` may have a way to mend a finding. */
  readonly isSalvaged: (finding: Finding) => boolean;
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
  /** What the last survey has found. */
  #surveyed: ReadonlySet<string> = new Set();
  readonly #entries = new Entries();
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
      this.#surveyed = new Set(surveyed.findings.map(keyOf));
      const todo = this.#todo(surveyed, model);
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
    return { entries: this.#entries.all, blocked, model, survey: surveyed };
  }

  #laidOver(): Tree {
    return { ...this.#base, source: withChanges(this.#base.source, assemble(this.#entries.all).flat()) };
  }

  /** What is to be mended, what is above first, and by its own name before what a link shows of it. */
  #todo(surveyed: Survey, { links }: Checkpoint): readonly Finding[] {
    const { salvage, isSalvaged } = this.#options;
    const fatal = new Set(surveyed.fatal);
    const lost = surveyed.findings.filter(
      (finding) =>
        ((salvage !== undefined && isSalvaged(finding)) || (this.#options.allowAdopt && finding.code === ADOPTED)) &&
        !fatal.has(finding) &&
        !this.#tried.has(keyOf(finding)),
    );
    return [...surveyed.fatal.filter((finding) => !this.#blocked.has(keyOf(finding))), ...lost]
      .map((finding) => ({
        finding,
        depth: depthOf(scopeOf(finding.path)),
        isLinked: linksAbove(links, finding.path).length > 0,
      }))
      .sort((a, b) => a.depth - b.depth || Number(a.isLinked) - Number(b.isLinked))
      .map(({ finding }) => finding);
  }

  /** Mends what it can of some findings; the paths that were touched. */
  #round(todo: readonly Finding[], now: { model: Checkpoint; start: Survey['start'] }): ReadonlySet<string> {
    const workspace: Workspace = { base: this.#base, found: this.#shown, assumed: this.#assumed, ...now };
    const scopes = new Set<string>();
    const changed = new Set<string>();
    const rivals = new Rivals(now.model);
    for (const finding of rivals.ordered(todo)) {
      // What lies within something that was just changed may be gone with it: the next round will tell.
      const paths = [finding.path, rivals.of(finding) ?? finding.path];
      if (paths.some((path) => hasAbove(scopes, scopeOf(path)))) continue;
      advance();
      this.#take(finding, workspace);
      for (const entry of this.#entries.moved()) {
        const { changes } = chosen(entry);
        for (const change of changes) {
          const { kind, path } = change;
          changed.add(path);
          // An empty folder on the way to a sandbox decides nothing.
          if (kind === 'create-folder' && change !== changes.at(-1)) continue;
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
    const own = this.#entries.mending(key);
    if (own !== undefined) {
      if (isFatal) this.#advance(own, finding);
      return;
    }
    const place = realPlace(workspace.base, finding.path) ?? finding.path;
    // What was tried of a file by one of its names is not tried again by another: it would come to the same.
    const placeKey = keyOf({ code: finding.code, path: place });
    if (!isFatal && place !== finding.path && this.#tried.has(placeKey)) return;
    const culprit = this.#entries.making(place);
    const isOfLink = this.#isOfLink(finding, workspace);
    // A slave.info that was brought back is one to be adopted, too.
    if (culprit !== undefined && finding.code !== ADOPTED && !isOfLink) {
      if (isFatal) this.#advance(culprit, finding);
      return;
    }
    if (this.#options.isLeftOut(finding)) {
      const reason = 'it was to be left as it is';
      if (isFatal) this.#blocked.set(key, { finding, reason, isLeftOut: true });
      return;
    }
    const earlier = this.#entries.at(place);
    const adopted = finding.code === ADOPTED ? this.#options.adopt?.(finding, workspace, this.#laidOver()) : undefined;
    const ways = this.#alternatives(finding, workspace, earlier, isOfLink);
    const all = typeof adopted === 'object' ? [...adopted, ...ways] : ways;
    const allowed = all.filter((alternative) => this.#isAllowed(alternative));
    if (allowed.length > 0) {
      if (!isFatal) this.#tried.add(placeKey);
      this.#adopt({ mends: [finding], alternatives: allowed, index: 0 });
    } else if (isFatal) {
      const own = typeof adopted === 'string' ? adopted : whyNot(finding, workspace);
      this.#blocked.set(key, { finding, reason: own ?? reasonOf(all), isLeftOut: false });
    }
  }

  #alternatives(
    finding: Finding,
    workspace: Workspace,
    earlier: readonly Entry[],
    isOfLink: boolean,
  ): readonly Alternative[] {
    const isFatal = endsStart(finding, 'strict');
    const link = isFatal ? withoutLink(finding, workspace) : [];
    // By its own name what the link leads to is in order, and is kept: it is the link that is too much.
    if (isOfLink && link.length > 0) return link;
    const mended = earlier.flatMap(({ mends }) => mends);
    const salvage = this.#options.salvage?.(finding, workspace, mended) ?? [];
    if (!isFatal) return salvage;
    const others = [...menders[finding.code](finding, workspace, mended), ...withoutOwner(finding, workspace)];
    return [...salvage, ...others, ...link];
  }

  /** Whether something is wrong just under the name that a link gives it. */
  #isOfLink(finding: Finding, workspace: Workspace): boolean {
    const path = ownName(finding, workspace);
    return path !== undefined && !this.#surveyed.has(keyOf({ code: finding.code, path }));
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
      this.#entries.remove(entry);
      // The next way may be to touch what another entry touches too.
      this.#adopt({ ...entry, index: index + 1 });
    } else if (!endsStart(entry.mends[0], 'strict')) {
      // It was to keep more, and keeps the agent from starting.
      this.#entries.remove(entry);
      for (const each of entry.replaced ?? []) this.#entries.add(each);
    } else {
      const reason = `nothing that was tried helps: ${alternatives.map(({ what }) => what).join('; ')}`;
      this.#blocked.set(keyOf(finding), { finding, reason, isLeftOut: false });
    }
  }

  /** Takes an entry in; it takes the place of those that would touch the same paths. */
  #adopt(entry: Entry): void {
    const replaced = this.#entries.colliding(chosen(entry).changes);
    const mends: Entry['mends'] = [...entry.mends, ...replaced.flatMap((other) => other.mends)];
    for (const other of replaced) this.#entries.remove(other);
    this.#entries.add({ ...entry, mends, replaced: [...(entry.replaced ?? []), ...replaced] });
  }
}

const ADOPTED: Finding['code'] = 'agent-info-changed';

/** Why nothing in the tree is changed for a finding that flags are the cause of. */
const whyNot = ({ code }: Finding, workspace: Workspace): string | undefined =>
  code === 'resources-incompatible' ? beneathReservations(workspace) : undefined;

const reasonOf = (all: readonly Alternative[]): string => {
  const needs = [...new Set(all.flatMap(({ needs }) => (needs === undefined ? [] : [needs])))];
  const [first] = all;
  if (first === undefined) return 'nothing in the tree that could be changed would help';
  return `it needs ${needs.join(' or ')}: ${first.what}, which costs ${first.loses === '' ? 'nothing' : first.loses}`;
};
