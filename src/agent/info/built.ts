import type { SlaveInfo } from '../../schema/index.ts';

/** How sure a part of an agent info is. */
export type Certainty =
  /** A flag says it. */
  | 'set'
  /** The agent's own default. */
  | 'default'
  /** The agent finds it out from the host, and so was it here. */
  | 'detected'
  /** It is likely: the agent finds it out in a way that files do not tell. */
  | 'assumed'
  /** Nothing tells it. */
  | 'unknown';

/** A part of the agent info that an agent will build. */
export interface BuiltPart {
  /** Its field; for a resource that is detected by itself, `resources.cpus`. */
  readonly field: string;
  readonly certainty: Certainty;
  /** As text for a screen; '' where it is unknown. */
  readonly text: string;
  /** Where it is from, `FILE:LINE`, or how it was found. */
  readonly from: string;
  /** What is assumed, or why it is unknown. */
  readonly why: string | undefined;
}

/** The agent info that an agent will build from its flags and its host. */
export interface BuiltAgentInfo {
  /** What is unknown is not in it; the id is left to the checkpoint. */
  readonly info: SlaveInfo;
  readonly parts: readonly BuiltPart[];
  /** Why the agent would refuse or abort before it has an info, in its words. */
  readonly refusals: readonly { readonly message: string; readonly from: string }[];
}

/** The parts that cannot be relied on. */
export const unsureParts = ({ parts }: BuiltAgentInfo): readonly BuiltPart[] =>
  parts.filter(({ certainty }) => certainty === 'assumed' || certainty === 'unknown');
