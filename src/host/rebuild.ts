import { tidyPath } from '../agent/flags/settings.ts';
import { buildAgentInfo } from '../agent/info/build.ts';
import { policyOf } from '../agent/info/compare.ts';
import { type NotRebuilt, type RebuiltAgentInfo, rebuildAgentInfo } from '../agent/info/rebuild.ts';
import type { Version } from '../agent/version.ts';
import { buildInputOf } from './agent-info.ts';
import { gatherFlags } from './flags/resolve.ts';
import type { Host } from './host.ts';

/**
 * Makes a `slave.info` anew for agents of a host, whose flags are looked for when it is first asked to. The flags must be
 * those of the agent with that work_dir: another agent's say nothing of it. `supposed` are flags that the operator gives.
 */
export const agentInfoRebuilder = (
  host: Host,
  version: Version,
  workDir: string,
  supposed: readonly string[] = [],
): ((agentId: string) => RebuiltAgentInfo | NotRebuilt) => {
  let known: Omit<Parameters<typeof rebuildAgentInfo>[0], 'agentId'> | NotRebuilt | undefined;
  const find = (): NonNullable<typeof known> => {
    const flags = gatherFlags(host, { version, supposed });
    const input = buildInputOf(host, flags, version);
    const own = input.flags('work_dir');
    if (!flags.isKnown || own.kind !== 'set') {
      return { ok: false, why: 'the flags of the agent are not known', unknown: [] };
    }
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
