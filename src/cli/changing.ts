import { hostname } from 'node:os';
import type { Target } from '../apply/journals.ts';
import type { Processes } from '../apply/lock.ts';
import { checkNobodyRuns } from '../apply/running.ts';
import { count } from '../text/words.ts';
import type { Io } from './io.ts';

/** Where the processes of this host are looked at, and which of them this is. */
export const processesOf = (io: Io): Processes => ({
  folder: io.processes ?? '/proc',
  pid: process.pid,
  host: hostname(),
});

/**
 * Sees to it that no agent runs on a tree that is to be changed; says what could not be seen of it.
 * @throws Refusal that names the process
 */
export const refuseWhileRunning = (target: Target, force: boolean, io: Io): void => {
  if (force) return;
  const unseen = checkNobodyRuns(target, processesOf(io));
  if (unseen === 0 || process.getuid?.() === 0) return;
  io.err(
    `mesos-ckpt: ${count(unseen, 'process', 'processes')} of other users could not be looked into, so that ` +
      'what they have open is not known: run as root to be sure that no agent runs\n',
  );
};
