import { hostname } from 'node:os';
import { runningAgents } from '../journal/agents.ts';
import { openRoot } from '../journal/folder.ts';
import type { Target } from '../journal/journals.ts';
import type { Processes } from '../journal/lock.ts';
import { codeOf, problemText, Refusal } from '../journal/refusal.ts';
import { count, verb } from '../report/text/words.ts';
import type { Io } from './io.ts';

/** A failed system call in words; what is no such thing, as it is. */
export const explained = (path: string, error: unknown): unknown =>
  codeOf(error) === undefined ? error : new Refusal(`${path}: ${problemText(error)}`, { cause: error });

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
  const root = openRoot(target.workDir, target.meta);
  try {
    const { agents, unseen } = runningAgents(target, root.folder, processesOf(io));
    const [agent] = agents;
    if (agent !== undefined) {
      const more =
        agents.length === 1 ? '' : `, and so ${verb(agents.length - 1, 'does', 'do')} ${agents.length - 1} more`;
      throw new Refusal(
        `process ${agent.pid} (${shortened(agent.command)}) runs on ${target.workDir}: ${agent.why}${more}. ` +
          'Stop the agent first; --force is for a tree that is known to be a copy',
      );
    }
    if (unseen > 0 && process.getuid?.() !== 0) {
      io.err(
        `mesos-ckpt: ${count(unseen, 'process', 'processes')} of other users could not be looked into, so that ` +
          'what they have open is not known: run as root to be sure that no agent runs\n',
      );
    }
  } finally {
    root.folder.close();
  }
};

/** As much of a command line as a message needs. */
const MOST = 120;

const shortened = (command: string): string => (command.length > MOST ? `${command.slice(0, MOST)}...` : command);
