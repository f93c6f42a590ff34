import type { SlaveInfo } from '../../schema/index.ts';
import { AgentAbort } from '../agent-abort.ts';
import { type AgentInfoVerdict, checkAgentInfo, type ReconfigurationPolicy } from './check.ts';

/** Runs something that the agent may not survive; undefined where it does not. */
export const survive = <T>(run: () => T): T | undefined => {
  try {
    return run();
  } catch (error) {
    if (error instanceof AgentAbort) return undefined;
    throw error;
  }
};

/** Whether an agent that is now `current` may go on: it takes the old id, and an abort is a refusal too. */
export const checkInfo = (previous: SlaveInfo, current: SlaveInfo, policy: ReconfigurationPolicy): AgentInfoVerdict => {
  try {
    return checkAgentInfo(previous, { ...current, id: previous.id }, policy);
  } catch (error) {
    if (error instanceof AgentAbort) return { ok: false, message: error.message };
    throw error;
  }
};
