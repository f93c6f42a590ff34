import { dontKnow, fail, ok, type PreflightCheck } from './check.ts';

/** Whether the agent will reconnect at all. */
export const recover: PreflightCheck<'recover'> = {
  code: 'recover',
  title: 'The agent will reconnect, not clean up',
  explanation:
    '--recover=cleanup kills everything: every executor and every task that the checkpoint knows is shut down, and the agent then exits. It is for an upgrade that cannot keep its tasks, and is forgotten in a file of flags easily. From 1.5.0 on the agent info is checked with it too.',
  remedy: 'Unless everything here is to be killed, take --recover=cleanup out, at the place that is named.',
  visibility: 'Give the flags behind --, or run this where the agent is installed.',
  judge: ({ facts }) => {
    const { value, origin, isSure } = facts.settings.recover;
    if (value === 'cleanup') return [fail('recover=cleanup kills everything, and the agent then exits', origin)];
    if (facts.scenario === 'cleanup') {
      return [
        fail(
          'a cleanup kills everything, and the agent then exits',
          '--scenario cleanup',
          'If that is what you want: docs/runbook.md has the commands, and the way back.',
        ),
      ];
    }
    if (!isSure) return [dontKnow('it may be set where nothing was found; by default it is reconnect')];
    return [ok(`--recover=${value}${origin === undefined ? ', the default' : ''}`, origin)];
  },
};
