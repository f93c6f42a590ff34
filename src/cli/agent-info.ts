import * as fs from 'node:fs';
import { definitionsOf } from '../agent/flags/definitions.ts';
import { infoInLog, type LoggedInfo } from '../agent/info/agent-log.ts';
import { type BuiltPart, unsureParts } from '../agent/info/built.ts';
import { upgradeAgentInfo } from '../agent/info/check.ts';
import { compareAgentInfo, hopeful } from '../agent/info/compare.ts';
import { isFree } from '../agent/info/free.ts';
import { keepOld } from '../agent/info/keep.ts';
import { plainest, type Remedy } from '../agent/info/remedies.ts';
import { survive } from '../agent/info/survive.ts';
import type { Version } from '../agent/version.ts';
import { problemText } from '../apply/refusal.ts';
import type { Opened } from '../checkpoint/open.ts';
import { LENGTH_SIZE } from '../format/frames.ts';
import { type Message, parse, WireFailure } from '../format/parse.ts';
import { shapeOf } from '../format/shape.ts';
import type { StartingAgent } from '../host/starting-agent.ts';
import { fileIn } from '../layout/kinds.ts';
import * as names from '../layout/names.ts';
import { AGENTS_PATH } from '../layout/place.ts';
import type { StartingInfo } from '../recovery/startup/startup.ts';
import type { AdoptOptions } from '../repair/adopt/adopter.ts';
import type { AgentState } from '../repair/adopt/judge.ts';
import { recordAt } from '../repair/mend/alternatives.ts';
import { messageType, type SlaveInfo } from '../schema/index.ts';
import { parsingFailure } from '../source/source.ts';
import { shown } from '../text/escape.ts';
import { UsageError } from './failure.ts';
import { STANDARD_INPUT } from './standard.ts';

/** What is known of the agent that will start, where its info is to be compared with the checkpointed one. */
export interface KnownAgent {
  readonly agentInfo: StartingInfo;
  readonly adopt: AdoptOptions;
  /** Flags with which it goes on with `slave.info` as it is; the fewest, for each policy. */
  readonly keep: readonly Remedy[];
  /** Flags that it has to have because something was taken for likely. */
  readonly pinned: readonly string[];
}

/** What the operator says of the agent and its masters. */
export interface Told {
  readonly version: Version;
  readonly masterVersion: Version | undefined;
  readonly agentState: AgentState | undefined;
  readonly logged: LoggedInfo | undefined;
}

/** What is known of an agent by its log, or by its flags and its host; undefined where neither tells enough. */
export const knownAgent = (
  opened: Opened,
  starting: StartingAgent | undefined,
  { version, masterVersion, agentState, logged }: Told,
): KnownAgent | undefined => {
  const previous = infoOn(opened);
  const hasPolicy = definitionsOf(version).has('reconfiguration_policy');
  const facts = {
    hasPolicy,
    masterVersion,
    agentState,
    isolators: starting?.isolators,
    isStandalone: starting?.isStandalone,
  };
  if (logged !== undefined) {
    const info = logged.current;
    return {
      // An agent prints its info under equal alone.
      agentInfo: { info, policy: starting?.policy ?? 'equal' },
      adopt: { facts, logged },
      keep: previous === undefined ? [] : keepOld(previous, info, hasPolicy),
      pinned: [],
    };
  }
  if (starting === undefined || starting.built.refusals.length > 0) return undefined;
  const { built, input, policy = 'equal' } = starting;
  const unsure = unsureParts(built);
  if (previous === undefined) {
    return unsure.length > 0
      ? undefined
      : { agentInfo: { info: built.info, policy }, adopt: { facts }, keep: [], pinned: [] };
  }
  const matters = unsure.filter((part) => !isFree(previous, part, hasPolicy ? 'additive' : 'equal'));
  const pinned = matters.filter(isPinnable);
  const unknown = matters.filter((part) => !isPinnable(part));
  // What is not known is taken to be as it was: nothing is said to refuse that may not.
  const info = survive(() => hopeful(previous, built.info, unknown)) ?? built.info;
  return {
    agentInfo: { info, policy },
    adopt: { facts, unknown: unknown.map(({ field, why, from }) => `${field} is not known (${why ?? from})`) },
    keep: plainest(compareAgentInfo(previous, input, version).remedies),
    pinned: pinned.map(({ field, text }) => `--${field}=${text}`),
  };
};

/** A hostname that is likely has a flag of its own, which makes it sure. */
const isPinnable = ({ field, certainty, text }: BuiltPart): boolean =>
  field === 'hostname' && certainty === 'assumed' && text !== '';

/** The checkpointed info of the latest agent, where it can be read. */
const infoOn = ({ tree }: Opened): SlaveInfo | undefined => {
  const path = fileIn(`${AGENTS_PATH}/${names.LATEST}`, 'slave.info');
  const record = recordAt(tree, path);
  if (record === undefined) return undefined;
  const read = infoIn(record, path);
  const info = read instanceof WireFailure ? undefined : (read as unknown as SlaveInfo);
  return info === undefined || survive(() => upgradeAgentInfo(info)) === undefined ? undefined : info;
};

const infoIn = (record: Buffer, path: string): Message | WireFailure => {
  try {
    return parse(shapeOf(messageType('mesos.SlaveInfo'), true), record, LENGTH_SIZE, record.length);
  } catch (error) {
    throw parsingFailure(error, path, record.length - LENGTH_SIZE);
  }
};

/**
 * The info that an agent has printed into its log, `-` for standard input.
 * @throws UsageError where there is none
 */
export const readNewInfo = (file: string): LoggedInfo => {
  const found = infoInLog(logText(file));
  if (found.ok) return found.value;
  throw new UsageError(`--new-info: ${shown(file)}: ${shown(found.message)}`);
};

const logText = (file: string): string => {
  try {
    return fs.readFileSync(file === STANDARD_INPUT ? 0 : file).toString('utf8');
  } catch (error) {
    throw new UsageError(`--new-info: ${shown(file)} cannot be read: ${problemText(error)}`);
  }
};
