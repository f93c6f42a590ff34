import { type RunningAgent, runningAgents } from './agents.ts';
import { openRoot } from './folder.ts';
import type { Target } from './journals.ts';
import type { Processes } from './lock.ts';
import { Refusal } from './refusal.ts';

/**
 * Sees to it that no agent runs on a tree that is to be changed. Returns how many processes of others could not be looked
 * into: of these it is not known what they have open.
 * @throws Refusal that names the process, or says why there may be one
 */
export const checkNobodyRuns = (target: Target, processes: Processes): number => {
  const root = openRoot(target.workDir, target.meta);
  try {
    const { agents, unseen, hidden } = runningAgents(target, root.folder, processes);
    if (agents.length > 0) throw new Refusal(runningText(target, agents));
    if (hidden !== undefined) {
      throw new Refusal(
        `whether an agent runs on ${target.workDir} cannot be seen: ${hidden}. Run as root; ${FORCE}, or where it ` +
          'is known that no agent runs',
      );
    }
    return unseen;
  } finally {
    root.folder.close();
  }
};

const FORCE = '--force is for a tree that is known to be a copy';

const runningText = ({ workDir }: Target, agents: readonly RunningAgent[]): string => {
  const [{ pid, command, why, isSure } = { pid: 0, command: '', why: '', isSure: true }] = agents;
  const others = agents.length - 1;
  const who = `process ${pid} (${shortened(command)})`;
  if (!isSure) {
    const more = others === 0 ? '' : `, and so may ${others} more`;
    return `${who} may run on ${workDir}: ${why}${more}. Run as root, which may look; ${FORCE}`;
  }
  const more = others === 0 ? '' : others === 1 ? ', and so does 1 more' : `, and so do ${others} more`;
  return `${who} runs on ${workDir}: ${why}${more}. Stop the agent first; ${FORCE}`;
};

/** As much of a command line as a message needs. */
const MOST = 120;

const shortened = (command: string): string => (command.length > MOST ? `${command.slice(0, MOST)}...` : command);
