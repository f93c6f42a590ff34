import type { Agent } from '../../checkpoint/model.ts';
import { alike } from '../../findings/entry.ts';
import { type Finding, findingOf, type Severities } from '../../findings/finding.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { isPattern, matchesPattern } from '../../recovery/glob.ts';
import { hidesAll } from '../../recovery/listing.ts';
import { holdsWhatMayRun, mayRun } from '../../recovery/living.ts';
import { noteUnless } from '../../recovery/severity.ts';
import { some } from '../../text/words.ts';
import type { Check } from './check.ts';
import { walk } from './walk.ts';

/** Ids in files that are not those of their folders, which the agent does not compare. */
export const checkForeignIds: Check = (checkpoint) => {
  const found: Finding[] = [];
  const compare = (path: string, field: string, id: string | undefined, expected: string, own?: Severities): void => {
    if (id === undefined || id === expected) return;
    const message = `${field} is '${id}' in the file, and '${expected}' by its folder`;
    found.push(findingOf('foreign-id', { path }, message, own));
  };
  walk(checkpoint, {
    agent: ({ id, path: folder, info }) => {
      if (info.kind !== 'whole') return;
      const path = fileIn(folder, 'slave.info');
      if (info.value.id === undefined) {
        const message = 'the agent has no id in it, and no master takes one without';
        found.push(findingOf('foreign-id', { path }, message));
      } else compare(path, 'id', info.value.id.value, id, noteUnless(id !== names.LATEST));
    },
    framework: (framework) => {
      if (framework.info.kind !== 'whole') return;
      const severity = noteUnless(holdsWhatMayRun(framework));
      const path = fileIn(framework.path, 'framework.info');
      compare(path, 'id', framework.info.value.id?.value, framework.id, severity);
    },
    executor: (executor, framework) => {
      if (executor.info.kind !== 'whole') return;
      const path = fileIn(executor.path, 'executor.info');
      const severity = noteUnless(mayRun(executor));
      compare(path, 'executor_id', executor.info.value.executor_id.value, executor.id, severity);
      compare(path, 'framework_id', executor.info.value.framework_id?.value, framework.id, NOTE);
    },
    task: (task, _run, executor, framework) => {
      if (task.info.kind !== 'whole') return;
      const path = fileIn(task.path, 'task.info');
      const { task_id, framework_id, executor_id } = task.info.value;
      compare(path, 'task_id', task_id.value, task.id, NOTE);
      compare(path, 'framework_id', framework_id.value, framework.id, NOTE);
      // A command task names no executor.
      compare(path, 'executor_id', executor_id?.value, executor.id, NOTE);
    },
    log: (path, log) => {
      if (log.kind !== 'log' || log.foreignIds === undefined) return;
      const { offset, length, record, field, id } = log.foreignIds;
      const message = `${field} is '${id}' in an update, and not that of the log's place`;
      found.push(findingOf('foreign-id', { path, offset, length, record }, message, NOTE));
    },
  });
  return found;
};

const NOTE = alike('note');

/** Ids with characters that the agent's listing takes for a pattern. */
export const checkPatterns: Check = ({ agent }, { home }) => {
  if (agent === undefined) return [];
  const above = patternAbove(agent, home);
  if (hidesAll(home, agent.id)) return above;
  const found: Finding[] = [...above];
  const frameworks = agent.frameworks.map((framework) => framework.id);
  for (const framework of agent.frameworks) {
    found.push(...patternOf(framework.path, framework.id, frameworks, framework.executors.length));
    const executors = framework.executors.map((executor) => executor.id);
    for (const executor of framework.executors) {
      found.push(...patternOf(executor.path, executor.id, executors, executor.runs.length));
      const runs = executor.runs.map((run) => run.id);
      for (const run of executor.runs) found.push(...patternOf(run.path, run.id, runs, run.tasks.length));
    }
  }
  return found;
};

/** Patterns in what every listing begins with: the work_dir's path, and the agent's id. */
const patternAbove = (agent: Agent, home: string): readonly Finding[] => {
  if (![...home.split('/'), agent.id].some(isPattern)) return [];
  const isId = isPattern(agent.id);
  const path = isId ? agent.path : '';
  const what = isId ? `the agent's id, '${agent.id}',` : `the work_dir's path, '${home}',`;
  if (!hidesAll(home, agent.id)) {
    const message = `the agent takes ${what} for a pattern, which matches itself`;
    return [findingOf('glob-characters-above', { path }, message, NOTE)];
  }
  const message = `the agent takes ${what} for a pattern that it does not match: of what is in it nothing is seen`;
  const holdsAnything =
    agent.operations.length > 0 || agent.frameworks.some(holdsWhatMayRun) || agent.hidden.length > 0;
  return [findingOf('glob-characters-above', { path }, message, noteUnless(holdsAnything))];
};

const patternOf = (path: string, id: string, siblings: readonly string[], children: number): readonly Finding[] => {
  if (!isPattern(id)) return [];
  if (!matchesPattern(id, id) && children > 0) {
    const message = 'the agent takes the id for a pattern that it does not match: what is in it is not seen';
    return [findingOf('glob-characters', { path }, message)];
  }
  const others = siblings.filter((other) => other !== id && matchesPattern(id, other));
  if (others.length > 0) {
    const named = some(others.map((other) => `'${other}'`));
    const message = `the agent takes the id for a pattern, and sees what is in ${named} too`;
    return [findingOf('glob-characters', { path }, message)];
  }
  const message = 'the agent takes the id for a pattern, which matches itself alone';
  return [findingOf('glob-characters', { path }, message, NOTE)];
};
