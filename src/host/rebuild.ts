import { tidyPath } from '../agent/flags/settings.ts';
import { buildAgentInfo } from '../agent/info/build.ts';
import { policyOf } from '../agent/info/compare.ts';
import { type NotRebuilt, type RebuiltAgentInfo, rebuildAgentInfo } from '../agent/info/rebuild.ts';
import type { Version } from '../agent/version.ts';
import { buildInputOf } from './agent-info.ts';
import type { AgentFlags } from './flags/agent-flags.ts';
import { gatherFlags } from './flags/resolve.ts';
import type { Host } from './host.ts';

/**
 * Makes a `slave.info` anew for agents of a host, whose flags are looked for when it is first asked to. The flags must be
 * those of the agent with that work_dir: another agent's say nothing of it. `supposed` are flags that the operator gives: all
 * that there are where the host tells of no agent.
 */
export const agentInfoRebuilder = (
  host: Host,
  version: Version,
  workDir: string,
  supposed: readonly string[] = [],
): ((agentId: string) => RebuiltAgentInfo | NotRebuilt) => {
  let known: Omit<Parameters<typeof rebuildAgentInfo>[0], 'agentId'> | NotRebuilt | undefined;
  const find = (): NonNullable<typeof known> => {
    const flags = gathered(host, version, supposed);
    const input = buildInputOf(host, flags, version);
    const own = input.flags('work_dir');
    if (!flags.isKnown) return { ok: false, why: 'the flags of the agent are not known', unknown: [] };
    if (own.kind !== 'set') return { ok: false, why: 'its --work_dir is not known: give it behind --', unknown: [] };
    if (tidyPath(own.value) !== tidyPath(workDir)) {
      return { ok: false, why: `the flags are those of an agent with --work_dir=${own.value}`, unknown: [] };
    }
    const [refusal] = flags.refusals;
    if (refusal !== undefined) return { ok: false, why: `the agent does not start: ${refusal.message}`, unknown: [] };
    const { policy, hasPolicy } = policyOf(input, version);
    return { built: buildAgentInfo(input), policy, hasPolicy };
  };
  return (agentId) => {
    known ??= find();
    return 'ok' in known ? known : rebuildAgentInfo({ ...known, agentId });
  };
};

/** Where the host tells of no agent, what is supposed is all that there is: a flag that is not among it has its default. */
const gathered = (host: Host, version: Version, supposed: readonly string[]): AgentFlags => {
  const flags = gatherFlags(host, { version, supposed });
  const isSupposed = !flags.isComplete && !flags.isHidden && !gatherFlags(host, { version }).isKnown;
  return isSupposed ? { ...flags, isComplete: true } : flags;
};
