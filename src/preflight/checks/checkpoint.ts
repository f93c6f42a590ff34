import { versionText } from '../../agent/version.ts';
import type { Mode } from '../../findings/finding.ts';
import { failuresText } from '../../recovery/failures.ts';
import type { ModeResult, Verification } from '../../verify/verification.ts';
import { about, fail, ok, type PreflightCheck, type Row, warn } from './check.ts';

/** Whether the agent comes up. */
export const checkpoint: PreflightCheck<'checkpoint'> = {
  code: 'checkpoint',
  title: 'The agent comes up on its checkpoint',
  explanation:
    'The recovery of the version that will start is simulated, strict and non-strict, at the first start and at the next ones. It is what mesos-ckpt verify tells, with the version, the boot id and the launcher of this host.',
  remedy:
    'mesos-ckpt verify shows what is wrong, in which file and at which byte; mesos-ckpt prune plans the smallest change. Keep what is there with mesos-ckpt snapshot before any start: a start can cut logs before it refuses.',
  visibility: 'Run this as root, where the work_dir is, and name it with --work-dir where the flags do not.',
  judge: ({ facts }) =>
    about(facts.checkpoint, ({ verification, mode }) => {
      const isFixed = facts.settings.strict.origin !== undefined;
      const other: Mode = mode === 'strict' ? 'nonStrict' : 'strict';
      const name = isFixed ? nameOf(mode) : `${nameOf(mode)} (the agent's default)`;
      const own = `${name}: ${startsText(verification[mode])}`;
      const alike = startsText(verification[other]) === startsText(verification[mode]);
      const found = isFixed || alike ? own : `${own}; ${nameOf(other)}: ${startsText(verification[other])}`;
      return [rowOf(verification, mode, found)];
    }),
};

const nameOf = (mode: Mode): string => (mode === 'strict' ? 'strict' : 'non-strict');

const rowOf = (verification: Verification, mode: Mode, found: string): Row => {
  const { exitCode, starts } = verification[mode];
  const place = `${verification.home}/meta, for ${versionText(verification.version)}`;
  if (exitCode === 0) return ok(found, place);
  const message = starts[0]?.messages[0] ?? starts[0]?.afterwards;
  const said = message === undefined ? found : `${found}. It will say: ${message}`;
  return exitCode === 1 ? warn(found, place) : fail(said, place);
};

/** What a mode's starts come to. */
const startsText = ({ starts, exitCode }: ModeResult): string => {
  const last = starts.at(-1)?.verdict;
  const [first] = starts;
  const fails = first?.verdict === 'refuses' ? 'refuses to start' : (first?.verdict ?? 'refuses to start');
  if (first?.afterwards !== undefined) return 'recovers, then aborts, and again at every start';
  if (starts.length === 1 && last === 'recovers')
    return exitCode === 1 ? 'comes up, and something is lost' : 'recovers';
  if (starts.length === 1 && last === 'new-agent')
    return exitCode === 0 ? 'comes up as a new agent' : 'comes up as a new agent, and forgets its tasks';
  if (last !== 'recovers' && last !== 'new-agent') return `${fails}, and again at every start`;
  return `${fails} ${failuresText(starts)}, then comes up${last === 'new-agent' ? ' as a new agent' : ''}`;
};
