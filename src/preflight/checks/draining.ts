import { about, ok, type PreflightCheck, warn } from './check.ts';

/** Whether the agent is being drained. */
export const draining: PreflightCheck<'draining'> = {
  code: 'draining',
  title: 'The agent is not being drained',
  explanation:
    'A draining agent (drain.config, from 1.9.0 on) kills its tasks, after a start too, and takes no new ones. Where every executor of the framework that it looks at first is gone, the agent removes drain.config early, and the drain is forgotten here while the master still knows it.',
  remedy:
    'To keep its tasks, call REACTIVATE_AGENT on the master before the start. To let them go, wait until the agent is drained: that is the best time for any work here.',
  visibility: 'Run this as root, where the work_dir is.',
  judge: ({ facts }) =>
    about(facts.checkpoint, ({ verification }) => {
      const { agent } = verification.checkpoint;
      if (agent === undefined || agent.drain.kind === 'absent') return [ok('no drain is checkpointed')];
      const place = `${verification.home}/${agent.path}/drain.config`;
      if (agent.drain.kind === 'empty') return [ok('drain.config is empty: no drain', place)];
      return [
        warn(
          agent.drain.kind === 'whole'
            ? 'the agent is being drained: it kills its tasks'
            : 'drain.config is there, and damaged',
          place,
        ),
      ];
    }),
};
