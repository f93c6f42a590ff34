import { Loader } from '../checkpoint/load.ts';
import type { Agent, Checkpoint, Executor, Framework } from '../checkpoint/model.ts';
import * as names from '../layout/names.ts';
import type { Tree } from '../source/links.ts';
import { join } from '../source/source.ts';

/** The model of a tree, read from its top. */
export const loadWhole = (tree: Tree): Checkpoint => new Loader(tree).checkpoint();

/**
 * The model of a tree in which some paths have changed, made from the model of before: what no change touches is taken
 * over as it is, so that a rehearsal on a large host reads a few files again, and not all of them.
 */
export const reload = (before: Checkpoint, tree: Tree, changed: Iterable<string>): Checkpoint => {
  const { agent } = before;
  if (agent === undefined) return loadWhole(tree);
  const parts = partsOf(agent, before, tree, changed);
  if (parts === 'all') return loadWhole(tree);
  if (parts.frameworks.size === 0 && parts.executors.size === 0) return before;
  const loader = new Loader(tree);
  const frameworks = agent.frameworks.map((framework) => {
    if (parts.frameworks.has(framework.id)) {
      return loader.framework(agent.id, framework.id, framework.path, tree.source.kindOf(framework.path) ?? 'folder');
    }
    const executors = parts.executors.get(framework.id);
    return executors === undefined ? framework : withExecutors(loader, tree, agent, framework, executors);
  });
  return { ...before, agent: { ...agent, frameworks } };
};

const withExecutors = (
  loader: Loader,
  tree: Tree,
  agent: Agent,
  framework: Framework,
  changed: ReadonlySet<string>,
): Framework => ({
  ...framework,
  executors: framework.executors.map((executor): Executor => {
    if (!changed.has(executor.id)) return executor;
    const place = { agent: agent.id, framework: framework.id, executor: executor.id };
    return loader.executor(place, executor.path, tree.source.kindOf(executor.path) ?? 'folder');
  }),
});

/** What has to be read again: whole frameworks, single executors, or everything. */
interface Parts {
  readonly frameworks: ReadonlySet<string>;
  readonly executors: ReadonlyMap<string, ReadonlySet<string>>;
}

const partsOf = (agent: Agent, before: Checkpoint, tree: Tree, changed: Iterable<string>): Parts | 'all' => {
  const frameworks = new Set<string>();
  const executors = new Map<string, Set<string>>();
  const below = join(agent.path, names.FRAMEWORKS);
  const sandboxes = `${names.SLAVES}/${agent.id}/${names.FRAMEWORKS}`;
  for (const path of changed) {
    const isSandbox = path === names.SLAVES || path.startsWith(`${names.SLAVES}/`);
    const root = isSandbox ? sandboxes : below;
    if (isSandbox && before.hasSandboxes && !path.startsWith(`${root}/`)) continue;
    if (!path.startsWith(`${root}/`) || isBehindLink(tree, path)) return 'all';
    const [framework = '', kind, executor, inside] = path.slice(root.length + 1).split('/');
    // A folder on the way to a sandbox is no sandbox.
    if (isSandbox && inside === undefined) continue;
    const isKnown = agent.frameworks.some(({ id }) => id === framework);
    // The framework's folder itself is listed by the agent's.
    if (!isKnown || kind === undefined) return 'all';
    if (kind === names.EXECUTORS && executor !== undefined && inside !== undefined) {
      const own = executors.get(framework) ?? new Set();
      executors.set(framework, own.add(executor));
    } else frameworks.add(framework);
  }
  return { frameworks, executors };
};

/** What lies behind a link is read under another name, which only a reading from the top knows. */
const isBehindLink = (tree: Tree, path: string): boolean => {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (tree.source.kindOf(path.slice(0, end)) === 'link') return true;
  }
  return false;
};
