import type {
  Inspected,
  InspectedExecutor,
  InspectedFramework,
  InspectedRun,
  InspectedTask,
} from '../../inspect/inspected.ts';
import { type Cell, cell } from '../../text/cells.ts';
import type { Part } from '../../text/line.ts';
import type { TableOptions } from '../../text/table.ts';
import { renderTree, type TreeNode } from '../../text/tree.ts';
import {
  connectionText,
  damageMark,
  executorType,
  frameworkState,
  reachedBy,
  rolesOf,
  runState,
  taskState,
  updatedText,
} from './words.ts';

/** What was inspected as a tree: frameworks, their executors, runs and tasks. */
export const inspectTree = (inspected: Inspected, options: TableOptions): string => {
  const { agent, framework, executor, run, task } = inspected;
  const roots = [
    ...(agent === undefined ? [] : nodesOf(agent.frameworks, frameworkNode)),
    ...(framework === undefined ? [] : [frameworkNode(framework)]),
    ...(executor === undefined ? [] : [executorNode(executor)]),
    ...(run === undefined ? [] : [runNode(run)]),
    ...(task === undefined ? [] : [taskNode(task)]),
  ];
  return renderTree(roots, options);
};

const kind = (text: string): Part => ({ text, style: 'dim' });
/** Ids of one level beside each other, which stay different where they are shortened. */
const idsOf = (entries: readonly { readonly id: string }[]): readonly string[] =>
  entries.map((each) => cell(each.id).text);
const id = (text: string, among: readonly string[]): Part => ({ ...cell(text, 'bold'), min: 12, among });
/** What is said behind the id, before which it gives way. */
const detail = (part: Cell | string, min?: number): Part => ({
  ...(typeof part === 'string' ? cell(part) : part),
  min,
});

const nodesOf = <T extends { readonly id: string }>(
  entries: readonly T[],
  node: (entry: T, ids: readonly string[]) => TreeNode,
): readonly TreeNode[] => {
  const ids = idsOf(entries);
  return entries.map((entry) => node(entry, ids));
};

const frameworkNode = (framework: InspectedFramework, ids: readonly string[] = []): TreeNode => ({
  parts: [
    kind('framework'),
    ...(framework.info === undefined ? [] : [detail(framework.info.name, 8)]),
    id(framework.id, ids),
    detail(frameworkState(framework)),
    damageMark(framework.damage),
    detail(rolesText(framework), 6),
    { text: 'reached by', spare: true },
    detail(connectionText(framework.connection)),
    ...(framework.info?.checkpoint === false ? [{ text: 'not checkpointing', style: 'bad' as const }] : []),
  ],
  children: nodesOf(framework.executors, executorNode),
});

const rolesText = (framework: InspectedFramework): string => {
  const roles = rolesOf(framework);
  return roles.length === 0 ? '' : `role ${roles.join(',')}`;
};

const executorNode = (executor: InspectedExecutor, ids: readonly string[] = []): TreeNode => ({
  parts: [
    kind('executor'),
    id(executor.id, ids),
    damageMark(executor.damage),
    detail(executor.info === undefined ? '' : executorType(executor), 7),
    ...(executor.runs.length === 0 ? [{ text: 'no run', style: 'warn' as const }] : []),
  ],
  children: nodesOf(
    executor.runs.toSorted((a, b) => Number(b.isLatest === true) - Number(a.isLatest === true)),
    (run, siblings) => runNode(run, siblings, executor.id),
  ),
});

const runNode = (run: InspectedRun, ids: readonly string[] = [], executor = ''): TreeNode => ({
  parts: [
    kind('run'),
    id(run.id, ids),
    runState(run),
    damageMark(run.damage),
    ...(run.forkedPid === undefined ? [] : [detail(`pid ${run.forkedPid}`)]),
    { text: 'reached by', spare: true },
    reachedBy(run),
  ],
  children: nodesOf(run.tasks, (task, siblings) => taskNode(task, siblings, executor)),
});

const taskNode = (task: InspectedTask, ids: readonly string[] = [], executor = ''): TreeNode => ({
  parts: [
    kind('task'),
    // A command task has its executor's id, which stands two lines above.
    task.id === executor ? { text: '(same id)', style: 'dim' } : id(task.id, ids),
    taskState(task),
    damageMark(task.damage),
    detail(updatedText(task)),
    detail(task.pending > 0 ? { text: `${task.pending} pending`, style: 'warn' } : ''),
    detail(task.acknowledged > 0 ? `${task.acknowledged} acked` : ''),
    ...(task.info === undefined || task.info.name === task.id ? [] : [{ ...cell(task.info.name), spare: true }]),
  ],
  children: [],
});
