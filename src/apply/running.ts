import { runningAgents } from './agents.ts';
import { openRoot } from './folder.ts';
import type { Target } from './journals.ts';
import type { Processes } from './lock.ts';
import { Refusal } from './refusal.ts';

/**
 * Sees to it that no agent runs on a tree that is to be changed. Returns how many processes of others could not be looked
 * into: of these it is not known what they have open.
 * @throws Refusal that names the process
 */
export const checkNobodyRuns = (target: Target, processes: Processes): number => {
  const root = openRoot(target.workDir, target.meta);
  try {
    const { agents, unseen } = runningAgents(target, root.folder, processes);
    const [agent] = agents;
    if (agent === undefined) return unseen;
    const others = agents.length - 1;
    const more = others === 0 ? '' : others === 1 ? ', and so does 1 more' : `, and so do ${others} more`;
    throw new Refusal(
      `process ${agent.pid} (${shortened(agent.command)}) runs on ${target.workDir}: ${agent.why}${more}. ` +
        'Stop the agent first; --force is for a tree that is known to be a copy',
    );
  } finally {
    root.folder.close();
  }
};

/** As much of a command line as a message needs. */
const MOST = 120;

const shortened = (command: string): string => (command.length > MOST ? `${command.slice(0, MOST)}...` : command);
