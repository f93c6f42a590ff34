import { count, some } from '../../text/words.ts';
import { about, fail, notSeen, ok, type PreflightCheck } from './check.ts';

/** Whether live runs have their sandboxes. */
export const sandboxes: PreflightCheck<'sandboxes'> = {
  code: 'sandboxes',
  title: 'Every live run has its sandbox',
  explanation:
    "The agent aborts where the sandbox of a live run of the mesos containerizer is missing, and does so at every start. Somebody's cleaning of slaves/, or a restored meta without its slaves, is the usual cause.",
  remedy:
    'Make the missing folder, empty and with the owner of those beside it: the agent wants no more than that it is there.',
  visibility: 'Run this as root, where the work_dir with its slaves/ is.',
  judge: ({ facts }) => {
    if (!facts.checkpoint.known) return [notSeen(facts.checkpoint)];
    return about(facts.sandboxes, ({ missing }) => {
      const home = facts.workDir?.path ?? '';
      if (missing.length === 0) return [ok('each is there')];
      return [
        fail(
          `${count(missing.length, 'sandbox is', 'sandboxes are')} missing`,
          some(
            missing.map((path) => `${home}/${path}`),
            3,
          ),
        ),
      ];
    });
  },
};
