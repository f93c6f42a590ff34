import type { MemoryNode, MemorySource } from '../../src/source/memory.ts';
import type { Edit } from '../support/cases.ts';
import { applyEdits, loadTree } from '../support/trees.ts';

/** The agent of the fixtures. */
export const AGENT = 'meta/slaves/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7';

const FRAMEWORK = '2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-0002';
/** The folder of a framework, and of the two executors that live in it, in the tree `volumes`. */
export const DB = `${AGENT}/frameworks/${FRAMEWORK}`;
export const DB1 = `${DB}/executors/db-docker.1`;
export const DB2 = `${DB}/executors/db-docker.2`;

/** The folder of the run that `runs/latest` of an executor names. */
export const runOf = (tree: MemorySource, executor: string): string => {
  const link = tree.node(`${executor}/runs/latest`);
  if (link?.kind !== 'link') throw new Error(`${executor} has no latest run`);
  return `${executor}/runs/${link.target.slice(link.target.lastIndexOf('/') + 1)}`;
};

/** The log of the one task of an executor's latest run. */
export const logOf = (tree: MemorySource, executor: string): string => {
  const tasks = tree.node(`${runOf(tree, executor)}/tasks`);
  const [task] = tasks?.kind === 'folder' ? [...tasks.children.keys()] : [];
  if (task === undefined) throw new Error(`${executor} has no task`);
  return `${runOf(tree, executor)}/tasks/${task}/task.updates`;
};

export const bytesOf = (tree: MemorySource, path: string): Buffer => {
  const node: MemoryNode | undefined = tree.node(path);
  if (node?.kind !== 'file') throw new Error(`${path} is not a file`);
  return node.bytes;
};

export const writing = (path: string, bytes: Buffer | string): Edit => ({
  op: 'write',
  path,
  hex: Buffer.from(bytes as Buffer).toString('hex'),
});

/** The tree `volumes` with edits. */
export const volumesWith = (...edits: readonly Edit[]): MemorySource => applyEdits(loadTree('volumes'), edits);
