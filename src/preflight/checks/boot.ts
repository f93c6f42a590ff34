import { count } from '../../text/words.ts';
import { wasRebooted } from '../lives/fates.ts';
import { about, dontKnow, ok, type PreflightCheck, warn } from './check.ts';

/** What to do before a reboot, and after one. */
const BEFORE = 'drain the agent, or let the frameworks move their tasks.';
const AFTER =
  'start the agent as it is, so that the terminal updates are sent; what must run again, frameworks start elsewhere.';

const sentence = (clause: string): string => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}`;

/** Whether the host was, or will be, rebooted. */
export const boot: PreflightCheck<'boot'> = {
  code: 'boot',
  title: 'The host runs in the boot of the checkpoint',
  explanation:
    "The agent compares meta/boot_id with the host's boot id. After a reboot every container is gone: nothing is started again, and the tasks' terminal updates are sent. With other flags than before it then becomes a new agent instead of refusing.",
  remedy: `Before a reboot that you plan: ${BEFORE} After one: ${AFTER}`,
  visibility:
    'Run this on the host itself: only its kernel knows the boot id. A host that is off boots under another one: --scenario reboot shows what its agent will then do.',
  judge: ({ facts, lives }) =>
    about(facts.checkpoint, ({ verification }) => {
      const { boot: found } = verification;
      const executors = lives.executors.filter(({ fate }) => fate === 'gone').length;
      const ended = `${count(executors, 'executor')} of it ${executors === 1 ? 'is' : 'are'} not started again`;
      if (facts.scenario === 'reboot' && !wasRebooted(facts)) {
        return executors === 0
          ? [ok('a reboot ends nothing here: no executor runs')]
          : [warn(`a reboot ends every container; ${ended}`, undefined, sentence(BEFORE))];
      }
      if (found.rebooted) {
        const place = `${verification.home}/meta/boot_id`;
        return executors === 0
          ? [ok('the host was rebooted, and no executor ran', place)]
          : [warn(`the host was rebooted; ${ended}`, place, sentence(AFTER))];
      }
      if (found.assumed) return [dontKnow('the boot id of the host is not known, so no reboot is assumed')];
      return found.checkpointed === undefined
        ? [
            warn(
              'there is no boot_id, so the agent assumes that its host was not rebooted',
              `${verification.home}/meta/boot_id`,
            ),
          ]
        : [ok(`boot id ${found.checkpointed}, as checkpointed`)];
    }),
};
