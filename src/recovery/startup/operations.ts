import type { LogFile } from '../../checkpoint/files.ts';
import type { Agent, OperationFolder, OperationLog } from '../../checkpoint/model.ts';
import type { Message } from '../../format/parse.ts';
import { isUuid, parseUuidText, uuidText } from '../../format/uuid.ts';
import { fileIn } from '../../layout/kinds.ts';
import { pathOf, placeOf, RESOURCES_PATH } from '../../layout/place.ts';
import { errnoText } from '../../source/errno.ts';
import { abort, type Context, refuse, refuseIfStrict, type Stop } from '../context.ts';
import { damageText } from '../damage.ts';
import { abortOversized, hangOver } from '../ending.ts';
import { hidesAll } from '../listing.ts';
import { endingText, isFifo } from '../reading.ts';
import type { RecoveredAgent } from '../state/recovered.ts';

/** What was recovered of the operations' updates. */
export interface RecoveredOperationUpdates {
  /** Adds to `slave/recovery_errors`. */
  readonly errors: number;
  /** Folders that belong to no operation, and are deleted. */
  readonly deleted: readonly string[];
}

/** Recovers the operations and their updates: `Slave::_recoverOperations`. */
export const recoverOperationUpdates = (
  context: Context,
  found: Agent,
  recovered: RecoveredAgent,
  stops: Stop[],
): RecoveredOperationUpdates => {
  if (!context.rules.operationsAreRead) return { errors: 0, deleted: [] };
  const known: KnownOperations = new Map();
  for (const operation of recovered.operations ?? []) addOperation(context, operation, known, stops);
  if (stops.length > 0) return { errors: 0, deleted: [] };
  const deleted: string[] = [];
  const streams: { folder: OperationFolder; id: string }[] = [];
  for (const folder of hidesAll(context.home, found.id) ? [] : found.operations) {
    const uuid = parseUuidText(folder.name);
    if (uuid === undefined) {
      context.report('operation-folder-invalid', { path: folder.path }, `'${folder.name}' is no uuid`);
      refuse(
        context,
        stops,
        `Failed to parse operation status update stream path '${context.full(folder.path)}': ` +
          `Could not decode operation UUID from string '${folder.name}': invalid uuid string`,
      );
    } else if (!known.has(uuidText(uuid))) {
      context.report(
        'operation-folder-unknown',
        { path: folder.path },
        'it belongs to no operation; the agent deletes it',
        isOpen(folder.updates) ? { strict: 'loss', nonStrict: 'loss' } : undefined,
      );
      deleted.push(folder.path);
    } else streams.push({ folder, id: uuidText(uuid) });
  }
  if (stops.length > 0) return { errors: 0, deleted };
  let errors = 0;
  const open: string[] = [];
  for (const { folder, id } of streams) {
    const stream = recoverStream(context, folder, id, stops);
    errors += stream.errors;
    if (stream.isOpen && known.get(id)?.state === PENDING) open.push(folder.path);
  }
  if (stops.length === 0) abortOnPending(context, open, known, stops);
  return { errors, deleted };
};

/** Which of its files the operation is in is not said: both of a pair hold it. */

/** By uuid: the state that the resource state gives an operation, and its type. */
type KnownOperations = Map<string, { readonly state: string; readonly type: string }>;

/** What only a resource provider does; the agent's own operations take effect when they are accepted. */
const NOT_SPECULATIVE: ReadonlySet<string> = new Set(['CREATE_DISK', 'DESTROY_DISK']);

const PENDING = 'OPERATION_PENDING';

/** What is to be finished at a start has no update yet, and is the agent's own: checks in `Slave::__recoverOperations`. */
const abortOnPending = (context: Context, folders: readonly string[], known: KnownOperations, stops: Stop[]): void => {
  for (const { state, type } of known.values()) {
    if (state !== PENDING || !NOT_SPECULATIVE.has(type)) continue;
    context.report(
      'operation-invalid',
      { path: RESOURCES_PATH },
      `a ${type} operation is pending, which is no agent's own`,
    );
    abort(context, stops, 'Check failed: protobuf::isSpeculativeOperation(operation->info()) ');
  }
  for (const folder of folders) {
    context.report(
      'operation-pending-with-updates',
      { path: fileIn(folder, 'operation.updates') },
      'it holds an update, and in the resource state the operation is still pending',
    );
    abort(
      context,
      stops,
      'Check failed: !state->streams.contains(operationUuid) || state->streams.at(operationUuid).isNone() ',
    );
  }
};

/** `Slave::addOperation`, and the checks around it. */
const addOperation = (context: Context, operation: Message, known: KnownOperations, stops: Stop[]): void => {
  const uuid = (operation['uuid'] as { value?: Uint8Array } | undefined)?.value;
  const problem = operationProblem(operation['info'] as Message | undefined);
  if (problem === undefined && isUuid(uuid)) {
    const { state } = operation['latest_status'] as { readonly state: string };
    const { type } = operation['info'] as { readonly type: string };
    known.set(uuidText(uuid as Uint8Array), { state, type });
    return;
  }
  context.report('operation-invalid', { path: RESOURCES_PATH }, problem ?? 'its uuid is not valid');
  abort(
    context,
    stops,
    problem === undefined
      ? 'Check failed: id::UUID::fromBytes(uuid.value()) Not a valid UUID'
      : `Check failed: resourceProviderId.isNone() ${problem}`,
  );
};

/** By type of operation: the field with its resources, and the one in that field. */
const OPERANDS: Readonly<Record<string, readonly [string, string]>> = {
  RESERVE: ['reserve', 'resources'],
  UNRESERVE: ['unreserve', 'resources'],
  CREATE: ['create', 'volumes'],
  DESTROY: ['destroy', 'volumes'],
  GROW_VOLUME: ['grow_volume', 'volume'],
  SHRINK_VOLUME: ['shrink_volume', 'volume'],
  CREATE_DISK: ['create_disk', 'source'],
  DESTROY_DISK: ['destroy_disk', 'source'],
};

/** Why the agent cannot take an operation for one of its own: `getResourceProviderId`. */
const operationProblem = (info: Message | undefined): string | undefined => {
  const type = String(info?.['type'] ?? 'UNKNOWN');
  const operands = OPERANDS[type];
  if (operands === undefined) return type === 'UNKNOWN' ? 'Unknown offer operation' : `Unexpected ${type} operation`;
  const [field, inner] = operands;
  const value = (info?.[field] as Message | undefined)?.[inner];
  const first = Array.isArray(value) ? (value as Message[])[0] : ((value as Message | undefined) ?? {});
  if (first === undefined) return 'Operation contains no resources';
  return first['provider_id'] === undefined ? undefined : 'the operation is of a resource provider';
};

/** What was recovered of one log. */
interface Stream {
  /** What it adds to the errors. */
  readonly errors: number;
  /** It holds an update, and no terminal one was acknowledged. */
  readonly isOpen: boolean;
}

const NO_STREAM: Stream = { errors: 0, isOpen: false };

/** Replays the log of one operation: `StatusUpdateStream::recover`. */
const recoverStream = (context: Context, folder: OperationFolder, id: string, stops: Stop[]): Stream => {
  // The agent makes the path of the id, so that a folder with another spelling of it is not looked into.
  const path = fileIn(
    pathOf({ folder: 'operation', agent: placeOf(folder.path).agent ?? '', operation: id }),
    'operation.updates',
  );
  const full = context.full(path);
  const fail = (message: string): Stream => {
    refuseIfStrict(context, stops, `Failed to recover operation status update stream ${id}: ${message}`);
    return { errors: context.strict ? 0 : 1, isOpen: false };
  };
  const log = folder.updates;
  if (folder.name !== id) {
    context.report(
      'operation-log-unopenable',
      { path: folder.path },
      `the agent looks for it in a folder called ${id}`,
    );
    return fail(`Failed to open '${full}': No such file or directory`);
  }
  if (log.kind === 'absent' || context.disk.removed.has(path)) return NO_STREAM;
  if (isFifo(log)) {
    hangOver(context, stops, path);
    return NO_STREAM;
  }
  if (log.kind === 'unreadable') {
    context.report('operation-log-unopenable', { path }, damageText.unreadable(log, 'opened for writing'));
    return fail(`Failed to open '${full}': ${errnoText(log.code)}`);
  }
  const replayed = replayRecords(context, path, log, id, stops);
  if (replayed === 'aborted') return NO_STREAM;
  if (replayed !== undefined) return fail(replayed);
  const cut = context.disk.truncated.has(path);
  const lost = cut ? 0 : log.size - log.end;
  const { ending } = log;
  const error = cut || ending.kind === 'torn' ? undefined : endingText(ending);
  const place = { path, offset: log.end, length: lost, record: log.records.length + 1 };
  if (ending.kind === 'oversized') {
    abortOversized(context, stops, place, damageText.atEnd(ending), error ?? '');
    return NO_STREAM;
  }
  const isEmpty = !log.records.some((record) => record.type === 'UPDATE');
  // A log that is left without an update is removed, unless a strict agent ends over it first.
  const isRemoved = isEmpty && !(context.strict && error !== undefined);
  if (lost > 0 && !isRemoved) context.truncate(path, log.size, log.end);
  if (error !== undefined) {
    // An empty stream is no stream: its error is not counted.
    const severity = isEmpty ? ({ strict: 'fatal', nonStrict: 'loss' } as const) : undefined;
    context.report('operation-log-bad-record', place, damageText.ofEnding(ending, lost), severity);
    if (context.strict) return fail(`Failed to read file '${full}': ${error}`);
    context.isLenient = true;
  } else if (lost > 0) context.report('operation-log-torn', place, damageText.ofEnding(ending, lost));
  if (isRemoved) {
    context.report('operation-log-empty', { path }, 'it holds no update, so the agent removes it');
    context.remove(path);
    return NO_STREAM;
  }
  return { errors: error === undefined ? 0 : 1, isOpen: isOpen(log) };
};

const TERMINAL: ReadonlySet<string> = new Set([
  'OPERATION_FINISHED',
  'OPERATION_FAILED',
  'OPERATION_ERROR',
  'OPERATION_DROPPED',
  'OPERATION_GONE_BY_OPERATOR',
]);

/** Whether a log holds updates that are not done with: each acknowledgement is for the first one that waits for it. */
const isOpen = (log: LogFile<OperationLog>): boolean => {
  if (log.kind !== 'log') return false;
  const updates = log.records.filter((record) => record.type === 'UPDATE');
  const acknowledged = updates.slice(0, log.records.length - updates.length);
  return updates.length > 0 && !acknowledged.some(({ state }) => TERMINAL.has(state ?? ''));
};

/** The agent's words where an acknowledgement comes too early; `aborted` where an update has no valid uuid. */
const replayRecords = (
  context: Context,
  path: string,
  log: OperationLog,
  id: string,
  stops: Stop[],
): string | undefined => {
  let pending = 0;
  for (const [i, record] of log.records.entries()) {
    const place = { path, offset: record.offset, length: record.length, record: i + 1 };
    if (record.type === 'UPDATE') {
      if (!isUuid(record.uuid)) {
        context.report('operation-update-invalid', place, 'the uuid of an update is not valid');
        abort(context, stops, 'Check failed: uuid Not a valid UUID');
        return 'aborted';
      }
      pending++;
    } else if (pending === 0) {
      context.report('operation-acknowledgement-unexpected', place, 'nothing is there to be acknowledged');
      const uuid = isUuid(record.uuid) ? uuidText(record.uuid as Uint8Array) : 'INVALID UUID';
      return `Unexpected operation status update acknowledgment (UUID: ${uuid}) for stream ${id}`;
    } else pending--;
  }
  return undefined;
};
