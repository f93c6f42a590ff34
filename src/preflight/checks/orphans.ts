import { some } from '../../text/words.ts';
import { about, fail, notSeen, ok, type PreflightCheck, type Row, warn } from './check.ts';

/** What has a sandbox and no checkpoint, or no agent that knows it. */
export const orphans: PreflightCheck<'orphans'> = {
  code: 'orphans',
  title: 'Sandboxes and checkpoint know each other',
  explanation:
    'The sandbox of a run that is not checkpointed belongs to no executor: its container is destroyed when the agent starts, and nothing removes the sandbox. Folders of earlier agents beside the latest are left by a removed slaves/latest, and are collected by the agent later.',
  remedy:
    'Save what is wanted from them, and leave the rest to the agent. Where the tasks of a whole earlier agent are missed, run mesos-ckpt verify on a copy in which latest names that agent: it shows what was in it.',
  visibility: 'Run this as root, where the work_dir with its slaves/ is.',
  judge: ({ facts, lives }) => {
    if (!facts.checkpoint.known) return [notSeen(facts.checkpoint)];
    const { otherAgents } = facts.checkpoint.value.verification.checkpoint;
    return about(facts.sandboxes, ({ runs }) => {
      const rows: Row[] = [];
      const strays = lives.executors.filter(({ source }) => source === 'stray');
      if (strays.length > 0) {
        const texts = strays.map(({ executor, pid }) => `${executor} (pid ${pid})`);
        rows.push(fail(`executors run that the checkpoint does not know, and will be destroyed: ${some(texts)}`));
      }
      if (runs.length > 0) rows.push(warn('runs have a sandbox, and no checkpoint', some(runs, 3)));
      if (otherAgents.length > 0) rows.push(warn(`earlier agents have a checkpoint here: ${some(otherAgents)}`));
      return rows.length > 0 ? rows : [ok('no sandbox is without its checkpoint')];
    });
  },
};
