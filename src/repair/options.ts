import type { Tree } from '../source/links.ts';
import type { VerifyOptions } from '../verify/verification.ts';
import type { AdoptOptions } from './adopt/adopter.ts';
import type { RebuildAgentInfo } from './salvage/agent-info.ts';

/** What a plan may do, and what is assumed of the start after it; by itself it only does what lets a strict start come up. */
export interface RepairOptions extends Omit<VerifyOptions, 'brief' | 'readExecutors'> {
  /**
   * Come up as a new agent, if nothing else is possible.
   * @default false
   */
  readonly acceptNewAgent?: boolean | undefined;
  /**
   * Keep what a non-strict start would lose: from the tree itself with `true`, or from copies of it too.
   * @default false
   */
  readonly salvage?: SalvageOptions | boolean | undefined;
  /**
   * What is known of an agent whose info, `agentInfo`, is another than the checkpointed one.
   * @default slave.info is not changed for it
   */
  readonly adopt?: AdoptOptions | undefined;
  /**
   * Repair these findings only: their codes, and patterns on paths.
   * @default all
   */
  readonly only?: readonly string[] | undefined;
  /**
   * Leave these findings as they are: their codes, and patterns on paths.
   * @default none
   */
  readonly skip?: readonly string[] | undefined;
}

/** What may be salvaged, and from where. */
export interface SalvageOptions {
  /**
   * Copies of this checkpoint, or of others with the same frameworks, in which what is damaged here may be whole.
   * @default none
   */
  readonly copies?: readonly Tree[] | undefined;
  /**
   * The agent that `slaves/latest` is to lead to, where that leads to none: the name of its folder.
   * @default the one that a copy names, or the only one that is there
   */
  readonly agent?: string | undefined;
  /**
   * Whether what is just likely may be put in.
   * @default false
   */
  readonly allowSuspect?: boolean | undefined;
  /**
   * Builds a slave.info again, where the agent's flags are known.
   * @default it is not built
   */
  readonly rebuildAgentInfo?: RebuildAgentInfo | undefined;
}
