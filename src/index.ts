/**
 * The library: what the commands use. Open a folder, load its checkpoint, simulate its recovery, or do all of it with
 * `verifyCheckpoint`. Nothing writes but what says so: `applyPlan`, `resumeJournal` and `undoJournal` change a tree, and
 * `writeWhole` makes a file.
 */

import { AgentAbort } from './agent/agent-abort.ts';
import { type AgentInfoVerdict, checkAgentInfo, type ReconfigurationPolicy } from './agent/info/check.ts';
import { type Message, parse, WireFailure } from './format/parse.ts';
import { shapeOf } from './format/shape.ts';
import { Window } from './format/window.ts';
import { isMessageName, type MessageTypes, messageType, type SlaveInfo } from './schema/index.ts';

export type { LoggedInfo } from './agent/info/agent-log.ts';
export type { AgentInfoVerdict, ReconfigurationPolicy } from './agent/info/check.ts';
export type { NotRebuilt, RebuiltAgentInfo } from './agent/info/rebuild.ts';
export { TooManyResources } from './agent/resource-sum.ts';
export {
  DEFAULT_VERSION,
  isSupported,
  NEWEST_VERSION,
  OLDEST_VERSION,
  parseVersion,
  type Version,
} from './agent/version.ts';
export {
  type AppliedPlan,
  type ApplyPlanOptions,
  applyPlan,
  type Planner,
} from './apply/apply-plan.ts';
export type { Changed, ChangeOptions } from './apply/changing.ts';
export type { ResumedJournal } from './apply/earlier.ts';
export { type ListedJournal, listJournals, resumeJournal, undoJournal } from './apply/journal-actions.ts';
export { Refusal, TreeChanged, Unfinished } from './apply/refusal.ts';
export { type PlanScriptOptions, planScript } from './apply/script/script.ts';
export type { Standing } from './apply/standing.ts';
export type {
  Absent,
  FollowedLink,
  LatestLink,
  LogFile,
  LostRecords,
  RecordFile,
  RecordPlace,
  ResourceFacts,
  SequenceFile,
  Stray,
  TextFile,
  Trailing,
  Unreadable,
  UpdateLog,
} from './checkpoint/files.ts';
export type { Detail } from './checkpoint/folder-files.ts';
export { Loader } from './checkpoint/load.ts';
export type { Manifest, ManifestEntry } from './checkpoint/manifest.ts';
export type {
  Agent,
  Checkpoint,
  Executor,
  ExecutorFacts,
  Files,
  FilesOf,
  Framework,
  Kept,
  OperationFolder,
  OperationLog,
  OperationRecord,
  OrdinaryExecutor,
  OrdinaryTask,
  ResourceStateFacts,
  ResourcesFolder,
  Run,
  Task,
  TaskFacts,
} from './checkpoint/model.ts';
export { type Opened, type OpenOptions, openPath, openSource, UnusablePath } from './checkpoint/open.ts';
export { allCodes, type CatalogueEntry, catalogue, type FindingCode } from './findings/catalogue.ts';
export { entryOf } from './findings/entry-of.ts';
export type { Finding, Location, Severities, Severity } from './findings/finding.ts';
export type { Span } from './format/frames.ts';
export { TooManyValues } from './format/parse.ts';
export type { Damage } from './format/records.ts';
export { FolderHost } from './host/folder.ts';
export type { Host } from './host/host.ts';
export { thisHost } from './host/own-boot-id.ts';
export type { Row as PreflightRow, Verdict as PreflightVerdict } from './preflight/checks/check.ts';
export { type CheckCode, checkCodes, checkOf } from './preflight/checks/index.ts';
export { type Asked, type Facts, gatherFacts, type Scenario } from './preflight/facts/facts.ts';
export type { ExecutorFate, Fate, Lives } from './preflight/lives/lives.ts';
export { type CheckResult, type Preflight, runChecks, type Selection } from './preflight/preflight.ts';
export { Failure, type FailureCode } from './program/failure.ts';
export type { Effect } from './recovery/context.ts';
export { type SimulationOptions, type Start, simulateStarts, type Verdict } from './recovery/simulate.ts';
export type { Launcher } from './recovery/startup/containers.ts';
export type { AgentOutcome } from './recovery/startup/outcome.ts';
export type { StartingInfo } from './recovery/startup/startup.ts';
export type { RecoveredState } from './recovery/state/recovered.ts';
export { type Rules, rulesOf } from './recovery/versions.ts';
export type { AdoptOptions } from './repair/adopt/adopter.ts';
export type { AdoptFacts } from './repair/adopt/judge.ts';
export type { RepairOptions, SalvageOptions } from './repair/options.ts';
export type { Change } from './repair/plan/change.ts';
export { BadPlan } from './repair/plan/check-plan.ts';
export { planJson, readPlan } from './repair/plan/codec.ts';
export type { Plan, Step } from './repair/plan/plan.ts';
export { type Planning, planRepair } from './repair/plan-repair.ts';
export type { RebuildAgentInfo } from './repair/salvage/agent-info.ts';
export type { Blocked } from './repair/search/entry.ts';
export { compareWays, type WaysOptions } from './repair/ways/compare.ts';
export type { Way, Ways } from './repair/ways/way.ts';
export { preflightJson } from './report/json/preflight.ts';
export { verifyJson } from './report/json/verify.ts';
export type * as messages from './schema/generated/types.ts';
export { pack } from './snapshot/pack.ts';
export { type Snapshot, type SnapshotOptions, takeSnapshot } from './snapshot/snapshot.ts';
export { UnwritableFile, type WriteOptions, writeWhole } from './snapshot/write.ts';
export { ArchiveSource } from './source/archive.ts';
export { FolderSource } from './source/folder.ts';
export type { Tree } from './source/links.ts';
export { type MemoryNode, MemorySource } from './source/memory.ts';
export type { Entry, EntryKind, Errno, OpenFile, Source } from './source/source.ts';
export { AccessDenied, RecordTooLarge } from './source/source.ts';
export type { Boot, BootOptions } from './verify/boot.ts';
export type { ExecutorRef, Impact, TaskRef } from './verify/impact.ts';
export type { ModeResult, Verification, VerifyOptions } from './verify/verification.ts';
export { verifyCheckpoint } from './verify/verify.ts';

/** A message that parsed, whole, under the schema's names; or why it did not, and where. */
export type ParsedMessage<T> =
  | { readonly ok: true; readonly message: T }
  | {
      readonly ok: false;
      /** What is wrong, in one clause. */
      readonly error: string;
      /** Offset of the byte that it is about. */
      readonly offset: number;
      /** The fields that lead there; empty at the top. */
      readonly field: string;
    };

/**
 * Parses the bytes of one message (without the length before it) as the agent does, with all that protobuf 3.5.0 lets
 * pass. Throws `TypeError` where `type` is no message of the schema, and `TooManyValues` where there are more than a million.
 */
export const parseMessage = <N extends keyof MessageTypes>(
  type: N,
  bytes: Uint8Array,
): ParsedMessage<MessageTypes[N]> => {
  if (!isMessageName(type))
    throw new TypeError(
      `${String(type)} is not a message of the agent's checkpoint: give its full name, such as mesos.SlaveInfo`,
    );
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const message: Message | WireFailure = parse(shapeOf(messageType(type), true), buffer);
  return message instanceof WireFailure
    ? { ok: false, error: message.reason, offset: message.offset, field: message.field }
    : { ok: true, message: message as unknown as MessageTypes[N] };
};

/**
 * Tells whether an agent with the `slave.info` file `current` may go on where one with `previous` was, under a
 * `--reconfiguration_policy`. The message is the agent's own. Throws `TypeError` where either is no whole file.
 */
export const checkCompatibility = (
  previous: Uint8Array,
  current: Uint8Array,
  policy: ReconfigurationPolicy,
): AgentInfoVerdict => {
  try {
    return checkAgentInfo(agentInfoIn(previous, 'previous'), agentInfoIn(current, 'current'), policy);
  } catch (error) {
    if (error instanceof AgentAbort) return { ok: false, message: error.message };
    throw error;
  }
};

const agentInfoIn = (file: Uint8Array, which: string): SlaveInfo => {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const window = new Window();
  window.over({
    size: () => bytes.length,
    read: (target, at, length, position) => bytes.copy(target, at, position, position + length),
  });
  if (window.frameAt(0) !== 'record') throw new TypeError(`the ${which} slave.info holds no whole record`);
  const parsed = parseMessage('mesos.SlaveInfo', window.buffer.subarray(window.start, window.end));
  if (!parsed.ok) throw new TypeError(`the ${which} slave.info does not parse: ${parsed.error}`);
  return parsed.message;
};
