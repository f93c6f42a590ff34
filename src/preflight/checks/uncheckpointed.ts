import { ifKnown } from '../../host/known.ts';
import { count, some } from '../../text/words.ts';
import { fail, notSeen, ok, type PreflightCheck, type Row, warn } from './check.ts';

/** Frameworks that leave nothing under `meta`. */
export const uncheckpointed: PreflightCheck<'uncheckpointed'> = {
  code: 'uncheckpointed',
  title: 'Every framework here checkpoints',
  explanation:
    'A framework that did not set FrameworkInfo.checkpoint leaves nothing under meta, so no checkpoint shows its tasks; but its sandboxes are under slaves/, and its executors among the processes, with MESOS_CHECKPOINT=0. They end themselves as soon as their agent is gone, however short that is.',
  remedy:
    'The framework has to set FrameworkInfo.checkpoint and to register again: Marathon does so by default (--checkpoint), unless it was started with --disable_checkpoint; Chronos with --checkpoint. Tasks that run now do not gain by it: let the framework move them before the agent stops.',
  visibility: 'Run this on the host, as root: the variables of a process are shown to its owner and to root alone.',
  judge: ({ facts, lives }) => {
    const executors = lives.executors.filter((executor) => executor.source === 'uncheckpointed');
    const rows: Row[] = [];
    for (const framework of new Set(executors.map((executor) => executor.framework))) {
      const own = executors.filter((executor) => executor.framework === framework);
      const texts = own.map(({ executor, pid }) => `${executor} (pid ${pid})`);
      rows.push(
        fail(
          `framework ${framework} does not checkpoint: ${count(own.length, 'executor')} will die with the agent: ${some(texts)}`,
        ),
      );
    }
    const sandboxed = ifKnown(facts.sandboxes)?.frameworks ?? [];
    for (const { id, path, executors: ids } of sandboxed) {
      if (executors.some(({ framework }) => framework === id)) continue;
      rows.push(
        warn(
          `framework ${id} has sandboxes of ${count(ids.length, 'executor')}, and no checkpoint: ${some(ids)}`,
          path,
        ),
      );
    }
    if (rows.length > 0) return rows;
    if (!facts.processes.known) return [notSeen(facts.processes)];
    const hidden = [...facts.processes.value.values()].find(
      ({ environment, state }) => !environment.known && state !== 'Z',
    );
    if (hidden !== undefined && !hidden.environment.known) return [notSeen(hidden.environment)];
    return facts.sandboxes.known ? [ok('each that has a sandbox or a process here')] : [notSeen(facts.sandboxes)];
  },
};
