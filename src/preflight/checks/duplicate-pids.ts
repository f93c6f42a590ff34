import { some } from '../../text/words.ts';
import { fail, notSeen, ok, type PreflightCheck, warn } from './check.ts';

/** Whether a forked pid occurs twice. */
export const duplicatePids: PreflightCheck<'duplicate-pids'> = {
  code: 'duplicate-pids',
  title: 'No forked pid occurs twice',
  explanation:
    'Two live runs with the same forked pid cannot both be right: one of them ended, and its pid was given away. With the POSIX launcher the agent refuses to start on them; with the Linux launcher it watches one process for two executors.',
  remedy:
    'Find out with ps which of the executors the pid belongs to, and give the other run an executor.sentinel, so that the agent takes it for completed.',
  visibility: 'Run this as root, where the work_dir is.',
  judge: ({ facts, lives }) => {
    if (!facts.checkpoint.known) return [notSeen(facts.checkpoint)];
    const byPid = new Map<number, string[]>();
    for (const { pid, executor, source } of lives.executors) {
      if (pid !== undefined && source === 'checkpoint') byPid.set(pid, [...(byPid.get(pid) ?? []), executor]);
    }
    const twice = [...byPid].filter(([, executors]) => executors.length > 1);
    if (twice.length === 0) return [ok(byPid.size === 0 ? 'no executor runs' : `${byPid.size} pids, each once`)];
    const { verification, mode } = facts.checkpoint.value;
    const isRefused = verification.findings.some(
      ({ code, severity }) => code === 'duplicate-forked-pid' && severity[mode] === 'fatal',
    );
    return twice.map(([pid, executors]) => (isRefused ? fail : warn)(`pid ${pid} is of ${some(executors)}`));
  },
};
