import { count } from '../../text/words.ts';
import { gpuProblems } from '../isolation/gpus.ts';
import { nameProblems, orderProblems } from '../isolation/needs.ts';
import { optionProblems } from '../isolation/options.ts';
import { rowsOf } from '../isolation/problem.ts';
import { isolationSetting, runsAlready } from '../isolation/setting.ts';
import { aboutFlag, dontKnow, ok, type PreflightCheck } from './check.ts';

/** Whether the agent can create its isolators. */
export const isolation: PreflightCheck<'isolation'> = {
  code: 'isolation',
  title: 'The agent can create its isolators',
  looksAtStart: true,
  explanation:
    'The mesos containerizer creates every isolator of --isolation when it starts, and ends where one is refused: a name that the version does not have, a user that is not root, the posix launcher, another isolator, a flag, a program, a device or a file that is missing. Which names there are, and what each needs, differs from version to version; some are in builds with an option alone, and modules bring names of their own. What cannot be seen is taken as given where an agent of the same version runs with the same flags.',
  remedy: 'Correct --isolation, or what the isolator needs.',
  visibility: 'Run this on the host itself, as root, or look at how this build was configured.',
  judge: ({ facts }) => {
    const setting = isolationSetting(facts);
    const gpus = gpuProblems(facts, setting, facts.settings.containerizers.value.includes('docker'));
    if (!facts.settings.containerizers.value.includes('mesos')) {
      const rows = rowsOf(gpus, undefined, runsAlready(facts));
      return rows.length > 0 ? rows : [ok('the mesos containerizer is not enabled, and creates none')];
    }
    const flag = setting.flag('isolation');
    if (flag.kind === 'unknown') return [aboutFlag(facts, dontKnow(flag.why, flag.from))];
    const problems = [
      ...nameProblems(facts, setting),
      ...orderProblems(setting),
      ...optionProblems(facts, setting),
      ...gpus,
    ];
    const rows = rowsOf(problems, setting.place, runsAlready(facts));
    if (rows.length > 0) return rows;
    const { names } = setting.isolation;
    return [ok(`${count(names.length, 'isolator')}: ${names.join(', ')}`, setting.place)];
  },
};
