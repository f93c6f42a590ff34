import { type NotRebuilt, type RebuiltAgentInfo, rebuildAgentInfo } from '../../agent/rebuild-agent-info.ts';
import { compareVersions, type Version } from '../../agent/version.ts';
import { gatherFlags } from '../../host/flags/resolve.ts';
import type { Host } from '../../host/host.ts';
import { buildAgentInfo } from './build.ts';
import { POLICY_SINCE, policyOf } from './compare.ts';
import { buildInputOf } from './input.ts';

const trimmed = (path: string): string => path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');

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
    if (trimmed(own.value) !== trimmed(workDir)) {
      return { ok: false, why: `the flags are those of an agent with --work_dir=${own.value}`, unknown: [] };
    }
    const [refusal] = flags.refusals;
    if (refusal !== undefined) return { ok: false, why: `the agent does not start: ${refusal.message}`, unknown: [] };
    const hasPolicy = compareVersions(version, POLICY_SINCE) >= 0;
    return { built: buildAgentInfo(input), policy: policyOf(input, hasPolicy).policy, hasPolicy };
  };
  return (agentId) => {
    known ??= find();
    return 'ok' in known ? known : rebuildAgentInfo({ ...known, agentId });
  };
};
