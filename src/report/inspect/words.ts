import type {
  InspectedDamage,
  InspectedExecutor,
  InspectedFramework,
  InspectedRun,
  InspectedTask,
} from '../../inspect/inspected.ts';
import { isTerminalState } from '../../recovery/startup/replay.ts';
import { type Cell, cell } from '../../text/cells.ts';
import { timeText } from '../../text/time.ts';

/** What marks an entry whose own files are damaged: a word, which a colour only helps to find. */
const DAMAGED = 'DAMAGED';

/** How an executor or a framework is reached. */
export const connectionText = (connection: InspectedFramework['connection'] | InspectedRun['connection']): string =>
  connection === 'pid-unparsable' ? 'unparsable' : (connection ?? 'unknown');

/** How a run's executor is reached; the agent shuts one down that it cannot reach. */
export const reachedBy = (run: InspectedRun): Cell => {
  const isLost = !run.completed && run.isLatest !== false && run.connection !== 'pid' && run.connection !== 'http';
  return cell(connectionText(run.connection), isLost ? 'warn' : undefined);
};

/** The mark of a damaged entry; blank where it is whole. */
export const damageMark = (damage: readonly InspectedDamage[]): Cell =>
  damage.length > 0 ? { text: DAMAGED, style: 'bad' } : { text: '' };

/** `active` while one of its executors is not completed. */
export const frameworkState = (framework: InspectedFramework): Cell => {
  if (framework.executors.length === 0) return { text: 'no executors', style: 'warn' };
  const isActive = framework.executors.some(({ runs }) => runs.some((run) => run.isLatest !== false && !run.completed));
  return isActive ? { text: 'active', style: 'good' } : { text: 'ended', style: 'dim' };
};

/** Whether it checkpoints, as its info says: one that does not is not let live. */
export const checkpointing = (framework: InspectedFramework): Cell => {
  if (framework.info === undefined) return { text: '?' };
  return framework.info.checkpoint === true ? { text: 'yes' } : { text: 'NO', style: 'bad' };
};

/** Its roles: those of a MULTI_ROLE framework, else its only one. */
export const rolesOf = (framework: InspectedFramework): readonly string[] => {
  const { info } = framework;
  if (info === undefined) return [];
  const isMultiRole = info.capabilities.some(({ type }) => type === 'MULTI_ROLE');
  return isMultiRole || info.roles.length > 0 ? info.roles : [info.role ?? '*'];
};

/** `command/docker`: what kind of executor it is, and of which containerizer. */
export const executorType = (executor: InspectedExecutor): string => {
  const { info } = executor;
  if (info === undefined) return '?';
  const kind =
    (executor.generated ?? looksGenerated(info)) ? 'command' : info.type === 'DEFAULT' ? 'default' : 'custom';
  return `${kind}/${(info.container?.type ?? 'MESOS').toLowerCase()}`;
};

/** What an agent goes by that did not write down which executors it made up itself. */
const looksGenerated = ({ command, name = '' }: NonNullable<InspectedExecutor['info']>): boolean =>
  (command?.value ?? '').endsWith('mesos-executor') && name.startsWith('Command Executor');

/** `live` while it is not completed; `old` where another run has followed. */
export const runState = (run: InspectedRun): Cell => {
  if (run.isLatest === false) return { text: 'old', style: 'dim' };
  return run.completed ? { text: 'completed', style: 'dim' } : { text: 'live', style: 'good' };
};

/** A task's state, as its last update says; without the `TASK_` that all of them begin with. */
export const taskState = ({ state }: InspectedTask): Cell => {
  if (state === undefined) return { text: '?' };
  const style = isTerminalState(state) ? 'dim' : state === 'TASK_RUNNING' ? 'good' : undefined;
  return cell(state.replace(/^TASK_/, ''), style);
};

/** When a task's last update was made, in UTC, and beside it in a time zone. */
export const updatedText = ({ updated }: InspectedTask, zone?: string): string =>
  updated === undefined ? '' : timeText(updated, zone);

/** A pid of the operating system, or nothing. */
export const pidNumber = (run: InspectedRun): string => (run.forkedPid === undefined ? '' : String(run.forkedPid));
