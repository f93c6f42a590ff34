import { tidyPath } from '../agent/flags/settings.ts';
import { type BuildInput, buildAgentInfo } from '../agent/info/build.ts';
import type { BuiltAgentInfo } from '../agent/info/built.ts';
import { type PolicyInForce, policyOf } from '../agent/info/compare.ts';
import { tokenize } from '../agent/value-text.ts';
import type { Version } from '../agent/version.ts';
import { buildInputOf } from './agent-info.ts';
import type { AgentFlags } from './flags/agent-flags.ts';
import { gatherFlags } from './flags/resolve.ts';
import type { Host } from './host.ts';
import { nowhere } from './nowhere.ts';

/** The agent that starts on a work_dir, by its flags and its host. */
export interface StartingAgent extends PolicyInForce {
  readonly input: BuildInput;
  readonly built: BuiltAgentInfo;
  /** Undefined where `--isolation` is not known. */
  readonly isolators: readonly string[] | undefined;
  /** Whether `--master` is the address of one master; undefined where that is not known. */
  readonly isStandalone: boolean | undefined;
}

/** Where to look for the agent. */
export interface StartingOptions {
  /** Left out where none is known: then the flags that are supposed are all that there are. */
  readonly host: Host | undefined;
  readonly version: Version;
  readonly workDir: string;
  readonly supposed: readonly string[];
}

/** Finds the agent of a work_dir, or says why its flags are not known: another agent's say nothing of it. */
export const readStartingAgent = (options: StartingOptions): StartingAgent | string => {
  const { host, version, workDir } = options;
  const flags = flagsOf(options);
  const seen = buildInputOf(host ?? nowhere, flags, version);
  const input = host === undefined ? withoutGpus(seen) : seen;
  const own = input.flags('work_dir');
  if (!flags.isKnown) return 'the flags of the agent are not known';
  if (own.kind !== 'set') return 'its --work_dir is not known: give it behind --';
  if (tidyPath(own.value) !== tidyPath(workDir)) {
    return `the flags are those of an agent with --work_dir=${own.value}`;
  }
  const [refusal] = flags.refusals;
  if (refusal !== undefined) return `the agent does not start: ${refusal.message}`;
  const isolation = input.flags('isolation');
  const master = input.flags('master');
  return {
    ...policyOf(input, version),
    input,
    built: buildAgentInfo(input),
    isolators: isolation.kind === 'unknown' ? undefined : tokenize(isolation.value ?? '', ','),
    isStandalone: master.kind === 'set' ? isAddress(master.value) : undefined,
  };
};

/** Where the host tells of no agent, what is supposed is all that there is: a flag that is not among it has its default. */
const flagsOf = ({ host, version, workDir, supposed: given }: StartingOptions): AgentFlags => {
  const own = host ?? nowhere;
  const told = gatherFlags(own, { version });
  // Of a copy, and where the host tells of no agent, the flags are those of the tree's own agent, whether or not they
  // say where it lives.
  const isOwn = host === undefined || (given.length > 0 && !told.isKnown && !told.isHidden);
  const isPlaced = !isOwn || given.some((flag) => /^--?work_dir=/.test(flag));
  const supposed = isPlaced ? given : [`--work_dir=${workDir}`, ...given];
  const flags = gatherFlags(own, { version, supposed });
  const isSupposed = !flags.isComplete && !flags.isHidden && !told.isKnown;
  return isSupposed ? { ...flags, isComplete: true } : flags;
};

/** What is no ZooKeeper, nor the name of a file with one, is the address of a master. */
const isAddress = (master: string): boolean => !/^\s*(zk|file):\/\//.test(master);

/** Where no host is seen, its GPUs are not known either. */
const withoutGpus = (input: BuildInput): BuildInput => ({
  ...input,
  host: { ...input.host, gpus: { known: false, why: 'the number of GPUs is known on the host alone' } },
});
