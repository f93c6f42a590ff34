import type { FollowedLink, Stray } from '../../checkpoint/files.ts';
import { Loader } from '../../checkpoint/load.ts';
import type { Agent, Checkpoint, Executor, Framework } from '../../checkpoint/model.ts';
import { META } from '../../layout/names.ts';
import { isOfSandboxes, placeOf } from '../../layout/place.ts';
import type { Tree } from '../../source/links.ts';
import { type EntryKind, join } from '../../source/source.ts';
import { linksAbove, namesOf } from '../search/aliases.ts';
import { hasAbove } from '../search/scope.ts';

/** The model of a tree, read from its top. */
export const loadWhole = (tree: Tree): Checkpoint => new Loader(tree).checkpoint();

/**
 * The model of a tree in which some places have changed, made from the model of before: what no change shows in is taken
 * over as it is, so that a rehearsal on a large host reads a few files again, and not all of them.
 */
export const reload = (before: Checkpoint, tree: Tree, changed: Iterable<string>): Checkpoint => {
  const { agent } = before;
  if (agent === undefined) return loadWhole(tree);
  const parts = partsOf(agent, before, changed);
  if (parts === 'all') return loadWhole(tree);
  if (parts.frameworks.size === 0 && parts.executors.size === 0) return before;
  const again = new Again(tree, before);
  const frameworks = agent.frameworks.map((framework) => {
    if (parts.frameworks.has(framework.id)) {
      return again.read(framework.path, (loader, kind) =>
        loader.framework(agent.id, framework.id, framework.path, kind),
      );
    }
    const executors = parts.executors.get(framework.id);
    return executors === undefined ? framework : withExecutors(again, agent, framework, executors);
  });
  return { ...before, agent: { ...agent, frameworks }, links: again.links(), misplaced: again.misplaced() };
};

const withExecutors = (again: Again, agent: Agent, framework: Framework, changed: ReadonlySet<string>): Framework => ({
  ...framework,
  executors: framework.executors.map((executor): Executor => {
    if (!changed.has(executor.id)) return executor;
    const place = { agent: agent.id, framework: framework.id, executor: executor.id };
    return again.read(executor.path, (loader, kind) => loader.executor(place, executor.path, kind));
  }),
});

/** Reads parts of a tree again, and keeps count of what is told of a tree as a whole. */
class Again {
  readonly #tree: Tree;
  readonly #before: Checkpoint;
  readonly #loader: Loader;
  readonly #read: string[] = [];

  constructor(tree: Tree, before: Checkpoint) {
    this.#tree = tree;
    this.#before = before;
    this.#loader = new Loader(tree);
  }

  read<T>(path: string, load: (loader: Loader, kind: EntryKind) => T): T {
    // Links above stay as they are: else more than this would be read.
    for (const { path: from, to } of linksAbove(this.#before.links, path)) {
      if (to !== undefined && from !== path) this.#loader.leadThrough(from, to);
    }
    this.#read.push(path);
    return load(this.#loader, this.#tree.source.kindOf(this.#loader.real(path)) ?? 'folder');
  }

  links(): readonly FollowedLink[] {
    return [...this.#left(this.#before.links), ...this.#loader.links];
  }

  misplaced(): readonly Stray[] {
    return [...this.#left(this.#before.misplaced), ...this.#loader.misplaced];
  }

  /** What is told of parts that were not read again. */
  #left<T extends { readonly path: string }>(all: readonly T[]): readonly T[] {
    if (all.length === 0) return all;
    const read = new Set(this.#read);
    return all.filter(({ path }) => !hasAbove(read, inMeta(path)));
  }
}

/** The part of `meta` that tells of a sandbox; other paths as they are. */
const inMeta = (path: string): string => (isOfSandboxes(path) ? join(META, path) : path);

/** What has to be read again: whole frameworks, single executors, or everything. */
interface Parts {
  readonly frameworks: ReadonlySet<string>;
  readonly executors: ReadonlyMap<string, ReadonlySet<string>>;
}

const partsOf = (agent: Agent, before: Checkpoint, changed: Iterable<string>): Parts | 'all' => {
  const frameworks = new Set<string>();
  const executors = new Map<string, Set<string>>();
  const known = new Set(agent.frameworks.map(({ id }) => id));
  for (const place of changed) {
    for (const path of namesOf(before.links, place)) {
      const { isSandbox, agent: owner, framework, executor, folder, below } = placeOf(path);
      const isOwn = owner === agent.id && framework !== undefined;
      if (isSandbox && before.hasSandboxes && !isOwn) continue;
      if (!isOwn) return 'all';
      // The folder of an executor is listed by its framework's, and that of a framework by the agent's.
      const isInExecutor = executor !== undefined && (folder !== 'executor' || below !== '');
      // A folder on the way to a sandbox is no sandbox.
      if (isSandbox && !isInExecutor && path === place) continue;
      if (!known.has(framework) || (folder === 'framework' && below === '')) return 'all';
      if (isInExecutor) executors.set(framework, (executors.get(framework) ?? new Set()).add(executor));
      else frameworks.add(framework);
    }
  }
  return { frameworks, executors };
};
