import type {
  Inspected,
  InspectedExecutor,
  InspectedFramework,
  InspectedPlace,
  InspectedRun,
  InspectedTask,
} from '../../inspect/inspected.ts';
import { messageType, type Resource } from '../../schema/index.ts';
import { type Cell, cell } from '../../text/cells.ts';
import { type Field, field } from '../../text/fields.ts';
import { count } from '../../text/words.ts';
import { type JsonObject, messageJson } from '../json/message.ts';
import { commandFields, containerFields, labelsField, textAt, textField, textsAt } from './message-fields.ts';
import { resourcesLine } from './resources.ts';
import {
  checkpointing,
  connectionText,
  damageMark,
  executorType,
  frameworkState,
  pidNumber,
  rolesOf,
  runState,
  taskState,
  updatedText,
} from './words.ts';

/** All that is worth saying of the one framework, executor, run or task that was given. */
export const detailFields = (inspected: Inspected, showSecrets: boolean, zone?: string): readonly Field[] => {
  const { framework, executor, run, task, place } = inspected;
  const above = aboveFields(place, inspected.level);
  if (framework !== undefined) return frameworkFields(framework, above, showSecrets);
  if (executor !== undefined) return executorFields(executor, above, showSecrets);
  if (run !== undefined) return runFields(run, above);
  return task === undefined ? [] : taskFields(task, above, { showSecrets, zone });
};

/** What holds the entry, as far as its path tells. */
const aboveFields = (place: InspectedPlace, level: Inspected['level']): readonly Field[] =>
  (
    [
      ['run', 'Run'],
      ['executor', 'Executor'],
      ['framework', 'Framework'],
      ['agent', 'Agent'],
    ] as const
  ).flatMap(([key, label]) => {
    const id = place[key];
    if (key === level || id === undefined) return [];
    // A command task has its executor's id, which is told once.
    const isSame = level === 'task' && key === 'executor' && id === place.task;
    return [field(label, isSame ? { text: '(same id)', style: 'dim' } : cell(id))];
  });

const titled = (label: string, id: string, ...marks: readonly Cell[]): Field => ({
  label,
  lines: [{ parts: [cell(id, 'bold'), ...marks.filter(({ text }) => text !== '')], separator: ' ' }],
});

const resourcesField = (resources: readonly Resource[] | undefined): Field => ({
  label: 'Resources',
  lines: resources === undefined || resources.length === 0 ? [] : [resourcesLine(resources)],
});

const frameworkFields = (
  framework: InspectedFramework,
  above: readonly Field[],
  showSecrets: boolean,
): readonly Field[] => {
  const json = jsonOf('mesos.FrameworkInfo', framework.info, showSecrets);
  const timeout = textAt(json, 'failover_timeout');
  return [
    titled('Framework', framework.id, frameworkState(framework), damageMark(framework.damage)),
    ...above,
    textField('Name', textAt(json, 'name')),
    textField('User', textAt(json, 'user')),
    textField('Roles', rolesOf(framework).join(', ') || undefined),
    textField('Principal', textAt(json, 'principal')),
    textField('Reached by', framework.connection === 'http' ? 'HTTP' : framework.pid),
    field('Checkpoint', checkpointing(framework)),
    textField('Failover', timeout === undefined ? undefined : `${timeout} secs`),
    textField('Host', textAt(json, 'hostname')),
    textField('Web UI', textAt(json, 'webui_url')),
    textField('Can do', framework.info?.capabilities.map(({ type }) => type ?? 'UNKNOWN').join(', ') || undefined),
    labelsField(json?.['labels']),
  ];
};

const executorFields = (
  executor: InspectedExecutor,
  above: readonly Field[],
  showSecrets: boolean,
): readonly Field[] => {
  const json = jsonOf('mesos.ExecutorInfo', executor.info, showSecrets);
  return [
    titled('Executor', executor.id, damageMark(executor.damage)),
    ...above,
    textField('Name', textAt(json, 'name')),
    textField('Source', textAt(json, 'source')),
    textField('Type', executorType(executor)),
    ...commandFields(json?.['command']),
    ...containerFields(json?.['container']),
    resourcesField(executor.info?.resources as readonly Resource[] | undefined),
    labelsField(json?.['labels']),
    textField('Latest run', executor.latest),
  ];
};

const runFields = (run: InspectedRun, above: readonly Field[]): readonly Field[] => [
  titled('Run', run.id, runState(run), damageMark(run.damage)),
  ...above,
  textField('Forked pid', pidNumber(run) || undefined),
  textField('Reached by', run.connection === 'pid' ? run.libprocessPid : connectionText(run.connection)),
  ...(run.sandbox === undefined ? [] : [field('Sandbox', run.sandbox ? cell('there') : cell('not there', 'warn'))]),
];

const taskFields = (
  task: InspectedTask,
  above: readonly Field[],
  { showSecrets, zone }: { readonly showSecrets: boolean; readonly zone: string | undefined },
): readonly Field[] => {
  const json = jsonOf('mesos.Task', task.info, showSecrets);
  return [
    titled('Task', task.id, taskState(task), damageMark(task.damage)),
    ...above,
    textField('Name', textAt(json, 'name')),
    textField('Last update', updatedText(task, zone) || undefined),
    textField(
      'Updates',
      `${count(task.updates.length, 'update')}, ${task.acknowledged} acknowledged, ${task.pending} pending`,
    ),
    textField('User', textAt(json, 'user')),
    ...containerFields(json?.['container']),
    resourcesField(task.info?.resources as readonly Resource[] | undefined),
    textField('Limits', ...limitsOf(json)),
    labelsField(json?.['labels']),
    textField('Health', textAt(json, 'health_check', 'type'), ...textsAt(json, 'health_check', 'command', 'arguments')),
  ];
};

const limitsOf = (json: JsonObject | undefined): readonly string[] =>
  Object.entries((json?.['limits'] ?? {}) as JsonObject).map(([name, value]) => `${name}:${textAt(value, 'value')}`);

const jsonOf = (
  type: Parameters<typeof messageType>[0],
  info: object | undefined,
  showSecrets: boolean,
): JsonObject | undefined => (info === undefined ? undefined : messageJson(messageType(type), info, showSecrets));
