import { encodeMessage, encodeRecord } from '../../format/encode.ts';
import { type Message, parse, WireFailure } from '../../format/parse.ts';
import { shapeOf } from '../../format/shape.ts';
import { messageType, type SlaveInfo } from '../../schema/index.ts';
import { AgentAbort } from '../agent-abort.ts';
import { type BuiltAgentInfo, type BuiltPart, unsureParts } from './built.ts';
import { checkAgentInfo, type ReconfigurationPolicy } from './check.ts';

/** What is known where a `slave.info` is to be rebuilt. */
export interface RebuildInput {
  /** The agent's id: the name of its folder, or what `latest` leads to. */
  readonly agentId: string;
  /** The info that the agent will build at its next start, from its flags and its host. */
  readonly built: BuiltAgentInfo;
  /** The policy in force; undefined where it is not known. */
  readonly policy: ReconfigurationPolicy | undefined;
  /** Whether the version that will start has `--reconfiguration_policy`: 1.5.0 and later. */
  readonly hasPolicy: boolean;
}

/** A flag that the agent must have: then nothing hangs on what was assumed. */
export interface PinnedFlag {
  readonly name: string;
  readonly value: string;
}

/** A `slave.info` that was rebuilt. It is suspect: nobody knows what was in the one that is gone. */
export interface RebuiltAgentInfo {
  readonly ok: true;
  /** The whole file: the length, then the message. */
  readonly bytes: Buffer;
  readonly info: SlaveInfo;
  readonly certainty: 'suspect';
  /** All that the agent would build, or the least that `additive` accepts. */
  readonly extent: 'whole' | 'least';
  /** What the agent must have from its first start on: a policy, and flags for what was assumed. */
  readonly policy: ReconfigurationPolicy;
  readonly flags: readonly PinnedFlag[];
  /** In sentences: what was done, and what the first start needs. */
  readonly explanation: readonly string[];
}

/** Why none can be made. */
export interface NotRebuilt {
  readonly ok: false;
  readonly why: string;
  /** What would have to be known. */
  readonly unknown: readonly BuiltPart[];
}

/**
 * Makes a `slave.info` anew that the agent will accept at its next start, so that it goes on with its executors: the whole
 * of what it will build where all of that is sure, and else, or where `additive` is in force, the least that `additive`
 * accepts: hostname, port and id. Pure; tried with `checkAgentInfo` before it is given back.
 */
export const rebuildAgentInfo = (input: RebuildInput): RebuiltAgentInfo | NotRebuilt => {
  const { built, policy, hasPolicy } = input;
  const [refusal] = built.refusals;
  if (refusal !== undefined) {
    return notRebuilt(`with these flags the agent does not start: ${refusal.message} (${refusal.from})`, []);
  }
  const unsure = unsureParts(built);
  const isWhole = unsure.length === 0 && (policy === 'equal' || !hasPolicy);
  if (isWhole) return tried(input, built.info, 'equal', 'whole', []);
  if (!hasPolicy) return wholeWithPins(input, unsure);
  return least(input, unsure);
};

const notRebuilt = (why: string, unknown: readonly BuiltPart[]): NotRebuilt => ({ ok: false, why, unknown });

/** Before `additive` there was nothing but the whole; what is assumed can be made sure by a flag. */
const wholeWithPins = (input: RebuildInput, unsure: readonly BuiltPart[]): RebuiltAgentInfo | NotRebuilt => {
  const pinned = unsure.filter(isPinnable);
  const others = unsure.filter((part) => !isPinnable(part));
  if (others.length > 0)
    return notRebuilt(`${fieldsIn(others)} not known for sure, and before 1.5.0 all has to be equal`, others);
  return tried(input, input.built.info, 'equal', 'whole', pinned);
};

const least = (input: RebuildInput, unsure: readonly BuiltPart[]): RebuiltAgentInfo | NotRebuilt => {
  const needed = unsure.filter(({ field }) => field === 'hostname' || field === 'port');
  const unknown = needed.filter((part) => !isPinnable(part));
  if (unknown.length > 0) return notRebuilt(`${fieldsIn(unknown)} not known, and additive wants the same`, unknown);
  const { hostname, port } = input.built.info;
  const info: SlaveInfo = {
    hostname,
    resources: [],
    attributes: [],
    checkpoint: true,
    ...(port === undefined ? {} : { port }),
  };
  return tried(input, info, 'additive', 'least', needed);
};

/** What was assumed has a value, and a flag of its own to hold it. */
const isPinnable = ({ field, certainty, text }: BuiltPart): boolean =>
  certainty === 'assumed' && text !== '' && field === 'hostname';

const fieldsIn = (parts: readonly BuiltPart[]): string =>
  `${parts.map(({ field, why }) => (why === undefined ? field : `${field} (${why})`)).join(', ')} ${parts.length === 1 ? 'is' : 'are'}`;

const tried = (
  { agentId, built, policy: inForce, hasPolicy }: RebuildInput,
  info: SlaveInfo,
  policy: ReconfigurationPolicy,
  extent: RebuiltAgentInfo['extent'],
  pinned: readonly BuiltPart[],
): RebuiltAgentInfo | NotRebuilt => {
  const id = { value: agentId };
  const type = messageType('mesos.SlaveInfo');
  const message = encodeMessage(type, { ...info, id } as unknown as Message);
  const read: Message | WireFailure = parse(shapeOf(type, true), message);
  if (read instanceof WireFailure) return notRebuilt(`what was made does not parse: ${read.reason}`, []);
  const made = read as unknown as SlaveInfo;
  const refusal = refusalOf(made, { ...built.info, id }, policy);
  if (refusal !== undefined) return notRebuilt(`the agent would refuse it: ${refusal}`, []);
  const flags = pinned.map(({ field, text }) => ({ name: field, value: text }));
  return {
    ok: true,
    bytes: encodeRecord(message),
    info: made,
    certainty: 'suspect',
    extent,
    policy,
    flags,
    explanation: explain(extent, policy, policy === inForce || !hasPolicy, flags),
  };
};

const refusalOf = (made: SlaveInfo, built: SlaveInfo, policy: ReconfigurationPolicy): string | undefined => {
  try {
    const verdict = checkAgentInfo(made, built, policy);
    return verdict.ok ? undefined : verdict.message;
  } catch (error) {
    if (error instanceof AgentAbort) return error.message;
    throw error;
  }
};

const explain = (
  extent: RebuiltAgentInfo['extent'],
  policy: ReconfigurationPolicy,
  isInForce: boolean,
  flags: readonly PinnedFlag[],
): readonly string[] => [
  extent === 'whole'
    ? 'slave.info is rebuilt, as the agent will build it from its flags and its host; the id is that of its folder'
    : 'slave.info is rebuilt with hostname, port and id alone, which is the least that additive accepts',
  isInForce
    ? `the policy in force, ${policy}, accepts it`
    : `the agent needs --reconfiguration_policy=${policy} from its first start on: it does not write slave.info again ` +
      'while it keeps its id',
  ...(extent === 'least' ? ['the master must know that agents change, as it does from 1.5.0 on'] : []),
  ...flags.map(({ name, value }) => `the agent needs --${name}=${value}: what it would find out may differ`),
];
