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
    ...(agent === undefined ? [] : agent.frameworks.map(frameworkNode)),
    ...(framework === undefined ? [] : [frameworkNode(framework)]),
    ...(executor === undefined ? [] : [executorNode(executor)]),
    ...(run === undefined ? [] : [runNode(run)]),
    ...(task === undefined ? [] : [taskNode(task)]),
  ];
  return renderTree(roots, options);
};

const kind = (text: string): Part => ({ text, style: 'dim' });
const id = (text: string): Part => ({ ...cell(text, 'bold'), min: 12 });
/** What is said behind the id, before which it gives way. */
const detail = (part: Cell | string, min?: number): Part => ({
  ...(typeof part === 'string' ? cell(part) : part),
  min,
});

const frameworkNode = (framework: InspectedFramework): TreeNode => ({
  parts: [
    kind('framework'),
    ...(framework.info === undefined ? [] : [detail(framework.info.name, 8)]),
    id(framework.id),
    detail(frameworkState(framework)),
    damageMark(framework.damage),
    detail(rolesText(framework), 6),
    { text: 'reached by', spare: true },
    detail(connectionText(framework.connection)),
    ...(framework.info?.checkpoint === false ? [{ text: 'not checkpointing', style: 'bad' as const }] : []),
  ],
  children: framework.executors.map(executorNode),
});

const rolesText = (framework: InspectedFramework): string => {
  const roles = rolesOf(framework);
  return roles.length === 0 ? '' : `role ${roles.join(',')}`;
};

const executorNode = (executor: InspectedExecutor): TreeNode => ({
  parts: [
    kind('executor'),
    id(executor.id),
    damageMark(executor.damage),
    detail(executor.info === undefined ? '' : executorType(executor), 7),
    ...(executor.runs.length === 0 ? [{ text: 'no run', style: 'warn' as const }] : []),
  ],
  children: executor.runs.toSorted((a, b) => Number(b.isLatest === true) - Number(a.isLatest === true)).map(runNode),
});

const runNode = (run: InspectedRun): TreeNode => ({
  parts: [
    kind('run'),
    id(run.id),
    runState(run),
    damageMark(run.damage),
    ...(run.forkedPid === undefined ? [] : [detail(`pid ${run.forkedPid}`)]),
    { text: 'reached by', spare: true },
    reachedBy(run),
  ],
  children: run.tasks.map(taskNode),
});

const taskNode = (task: InspectedTask): TreeNode => ({
  parts: [
    kind('task'),
    id(task.id),
    taskState(task),
    damageMark(task.damage),
    detail(updatedText(task)),
    detail(task.pending > 0 ? { text: `${task.pending} pending`, style: 'warn' } : ''),
    detail(task.acknowledged > 0 ? `${task.acknowledged} acked` : ''),
    ...(task.info === undefined || task.info.name === task.id ? [] : [{ ...cell(task.info.name), spare: true }]),
  ],
  children: [],
});
