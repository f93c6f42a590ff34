import type { Agent } from '../../checkpoint/model.ts';
import type { Severities } from '../../findings/finding.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { isPattern, matchesPattern } from '../../recovery/glob.ts';
import { hidesAll } from '../../recovery/listing.ts';
import { holdsWhatMayRun, mayRun, noteUnless } from '../../recovery/matters.ts';
import type { Check, CheckContext } from './check.ts';
import { walk } from './walk.ts';

/** Ids in files that are not those of their folders, which the agent does not compare. */
export const checkForeignIds: Check = (checkpoint, { report }) => {
  const compare = (
    path: string,
    field: string,
    id: string | undefined,
    expected: string,
    severity: Severities | undefined,
  ): void => {
    if (id === undefined || id === expected) return;
    report('foreign-id', { path }, `${field} is '${id}' in the file, and '${expected}' by its folder`, severity);
  };
  walk(checkpoint, {
    agent: (agent) => {
      if (agent.info.kind !== 'whole') return;
      const path = fileIn(agent.path, 'slave.info');
      const { id } = agent.info.value;
      if (id === undefined)
        report('foreign-id', { path }, 'the agent has no id in it, and no master takes one without');
      else compare(path, 'id', id.value, agent.id, noteUnless(agent.id !== names.LATEST));
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
      if (task.info.kind === 'whole') {
        const path = fileIn(task.path, 'task.info');
        compare(path, 'task_id', task.info.value.task_id.value, task.id, NOTE);
        compare(path, 'framework_id', task.info.value.framework_id.value, framework.id, NOTE);
        // A command task names no executor.
        const { executor_id } = task.info.value;
        if (executor_id !== undefined) compare(path, 'executor_id', executor_id.value, executor.id, NOTE);
      }
      if (task.updates.kind === 'log' && task.updates.foreignIds !== undefined) {
        const { offset, length, record, field, id } = task.updates.foreignIds;
        report(
          'foreign-id',
          { path: fileIn(task.path, 'task.updates'), offset, length, record },
          `${field} is '${id}' in an update, and not that of the log's place`,
          NOTE,
        );
      }
    },
  });
};

const NOTE = { strict: 'note', nonStrict: 'note' } as const;

/** Ids with characters that the agent's listing takes for a pattern. */
export const checkPatterns: Check = (checkpoint, context) => {
  const { agent } = checkpoint;
  if (agent === undefined) return;
  checkAbove(agent, context);
  if (hidesAll(context.home, agent.id)) return;
  const check = checker(context);
  const frameworks = agent.frameworks.map((framework) => framework.id);
  for (const framework of agent.frameworks) {
    check(framework.path, framework.id, frameworks, framework.executors.length);
    const executors = framework.executors.map((executor) => executor.id);
    for (const executor of framework.executors) {
      check(executor.path, executor.id, executors, executor.runs.length);
      for (const run of executor.runs) {
        check(
          run.path,
          run.id,
          executor.runs.map((other) => other.id),
          run.tasks.length,
        );
      }
    }
  }
};

/** Patterns in what every listing begins with: the work_dir's path, and the agent's id. */
const checkAbove = (agent: Agent, { home, report }: CheckContext): void => {
  const [path, what, name] = [...home.split('/'), agent.id].some(isPattern)
    ? isPattern(agent.id)
      ? [agent.path, "the agent's id", agent.id]
      : ['', "the work_dir's path", home]
    : [];
  if (path === undefined) return;
  if (hidesAll(home, agent.id)) {
    report(
      'glob-characters-above',
      { path },
      `the agent takes ${what}, '${name}', for a pattern that it does not match: of what is in it nothing is seen`,
      noteUnless(agent.operations.length > 0 || agent.frameworks.some(holdsWhatMayRun) || agent.hidden.length > 0),
    );
  } else
    report(
      'glob-characters-above',
      { path },
      `the agent takes ${what}, '${name}', for a pattern, which matches itself`,
      NOTE,
    );
};

const checker =
  ({ report }: CheckContext) =>
  (path: string, id: string, siblings: readonly string[], children: number): void => {
    if (!isPattern(id)) return;
    const others = siblings.filter((other) => other !== id && matchesPattern(id, other));
    const seesItself = matchesPattern(id, id);
    if (!seesItself && children > 0) {
      report(
        'glob-characters',
        { path },
        'the agent takes the id for a pattern that it does not match: what is in it is not seen',
      );
    } else if (others.length > 0) {
      report(
        'glob-characters',
        { path },
        `the agent takes the id for a pattern, and sees what is in ${namesText(others)} too`,
      );
    } else
      report('glob-characters', { path }, 'the agent takes the id for a pattern, which matches itself alone', NOTE);
  };

/** Enough of the siblings to know what is meant. */
const MOST_NAMED = 5;

const namesText = (ids: readonly string[]): string => {
  const named = ids.slice(0, MOST_NAMED).map((id) => `'${id}'`);
  return ids.length > MOST_NAMED ? `${named.join(', ')} and ${ids.length - MOST_NAMED} more` : named.join(', ');
};
