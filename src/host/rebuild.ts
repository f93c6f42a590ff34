import { type NotRebuilt, type RebuiltAgentInfo, rebuildAgentInfo } from '../agent/info/rebuild.ts';
import { readStartingAgent, type StartingAgent, type StartingOptions } from './starting-agent.ts';

/**
 * Makes a `slave.info` anew for agents of a host, whose flags are looked for when it is first asked to. The flags must be
 * those of the agent with that work_dir: another agent's say nothing of it. `supposed` are flags that the operator gives: all
 * that there are where the host tells of no agent.
 */
export const agentInfoRebuilder = (options: StartingOptions): ((agentId: string) => RebuiltAgentInfo | NotRebuilt) => {
  let known: StartingAgent | string | undefined;
  return (agentId) => {
    known ??= readStartingAgent(options);
    return typeof known === 'string' ? { ok: false, why: known, unknown: [] } : rebuildAgentInfo({ ...known, agentId });
  };
};
