import { count, some } from '../../text/words.ts';
import type { ExecutorFate } from '../lives/lives.ts';
import { dontKnow, notSeen, ok, type PreflightCheck, type Row, warn } from './check.ts';

/** Whether the executors' processes are there. */
export const processes: PreflightCheck<'processes'> = {
  code: 'processes',
  title: 'The executors run under their pids',
  explanation:
    'The agent believes the pid in forked.pid. Its process may have ended while the agent was down, or be a zombie; and after a long time or a reboot, the pid may belong to another process: one that was started after the file was written, or that nothing shows to be an executor. An agent that is led to such a process waits for it, and kills it when the executor does not come back.',
  remedy:
    "Start the agent soon: for those that have ended it sends the tasks' terminal updates. If a pid belongs to another process, what the launcher does with that process is not certain: take the run out of the checkpoint before the start.",
  visibility: "Run this on the host, as root, and in the host's pid namespace.",
  judge: ({ facts, lives }) => {
    const executors = lives.executors.filter(
      (executor) => executor.source === 'checkpoint' && executor.fate !== 'gone',
    );
    if (!facts.checkpoint.known) return [notSeen(facts.checkpoint)];
    if (executors.length === 0) return [ok('no executor runs')];
    if (!facts.processes.known) return [notSeen(facts.processes)];
    const of = (state: ExecutorFate['process']): readonly ExecutorFate[] =>
      executors.filter((executor) => executor.process === state);
    const rows: Row[] = of('reused').map((each) => warn(`${each.executor}: ${each.why}`, pidPlace(each.pid)));
    const dead = of('dead');
    if (dead.length > 0) {
      rows.push(
        warn(
          `${count(dead.length, 'executor')} of ${executors.length} ended: ${some(dead.map(({ executor, pid }) => `${executor} (${pid})`))}`,
        ),
      );
    }
    const hidden = of('unknown');
    if (hidden.length > 0) {
      const [first] = hidden;
      rows.push(dontKnow(`${count(hidden.length, 'executor')} may have ended: ${first?.executor}: ${first?.why}`));
    }
    if (rows.length > 0) return rows;
    return [
      ok(
        `${count(executors.length, 'executor runs', 'executors run')}: pid ${some(executors.map(({ pid }) => String(pid)))}`,
      ),
    ];
  },
};

const pidPlace = (pid: number | undefined): string | undefined => (pid === undefined ? undefined : `/proc/${pid}`);
