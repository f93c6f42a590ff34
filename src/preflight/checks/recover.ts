import { aboutFlag, dontKnow, fail, ok, type PreflightCheck } from './check.ts';

const KILLS = 'kills everything, and the agent then exits: there is no way back for tasks';

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
    if (value === 'cleanup') return [fail(`recover=cleanup ${KILLS}`, origin)];
    if (facts.scenario === 'cleanup') {
      return [
        fail(
          `a cleanup ${KILLS}`,
          '--scenario cleanup',
          'If that is what you want, docs/runbook.md has the commands. What is killed is killed, and no snapshot brings it back.',
        ),
      ];
    }
    if (!isSure)
      return [aboutFlag(facts, dontKnow('it may be set where nothing was found; by default it is reconnect'))];
    return [ok(`--recover=${value}${origin === undefined ? ', the default' : ''}`, origin)];
  },
};
