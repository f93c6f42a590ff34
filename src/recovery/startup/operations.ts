import type { Agent, OperationFolder, OperationLog } from '../../checkpoint/model.ts';
import type { Message } from '../../format/parse.ts';
import { isUuid, parseUuidText, uuidText } from '../../format/uuid.ts';
import * as names from '../../layout/names.ts';
import { errnoText } from '../../source/errno.ts';
import { abort, type Context, refuse, refuseIfStrict, type Stop } from '../context.ts';
import { damageText } from '../damage.ts';
import { endingText } from '../reading.ts';
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
  const known = new Set<string>();
  for (const operation of recovered.operations ?? []) addOperation(context, operation, known, stops);
  if (stops.length > 0) return { errors: 0, deleted: [] };
  const deleted: string[] = [];
  const streams: { folder: OperationFolder; id: string }[] = [];
  for (const folder of found.operations) {
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
      );
      deleted.push(folder.path);
    } else streams.push({ folder, id: uuidText(uuid) });
  }
  if (stops.length > 0) return { errors: 0, deleted };
  let errors = 0;
  for (const { folder, id } of streams) errors += recoverStream(context, folder, id, stops);
  return { errors, deleted };
};

/** `Slave::addOperation`, and the checks around it. */
const addOperation = (context: Context, operation: Message, known: Set<string>, stops: Stop[]): void => {
  const uuid = (operation['uuid'] as { value?: Uint8Array } | undefined)?.value;
  const problem = operationProblem(operation['info'] as Message | undefined);
  if (problem === undefined && isUuid(uuid)) {
    known.add(uuidText(uuid as Uint8Array));
    return;
  }
  context.report('operation-invalid', { path: `${names.META}/${names.RESOURCES}` }, problem ?? 'its uuid is not valid');
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

/** Replays the log of one operation: `StatusUpdateStream::recover`. Returns what it adds to the errors. */
const recoverStream = (context: Context, folder: OperationFolder, id: string, stops: Stop[]): number => {
  // The agent makes the path of the id, so that a folder with another spelling of it is not looked into.
  const path = `${folder.path.slice(0, folder.path.lastIndexOf('/'))}/${id}/${names.OPERATION_UPDATES}`;
  const full = context.full(path);
  const fail = (message: string): number => {
    refuseIfStrict(context, stops, `Failed to recover operation status update stream ${id}: ${message}`);
    return context.strict ? 0 : 1;
  };
  const log = folder.updates;
  if (log.kind === 'absent' || folder.name !== id || context.disk.removed.has(path)) return 0;
  if (log.kind === 'unreadable') {
    context.report('operation-log-unopenable', { path }, `it cannot be opened for writing: ${errnoText(log.code)}`);
    return fail(`Failed to open '${full}': ${errnoText(log.code)}`);
  }
  const replayed = replayRecords(context, path, log, id, stops);
  if (replayed === 'aborted') return 0;
  if (replayed !== undefined) return fail(replayed);
  const cut = context.disk.truncated.has(path);
  const lost = cut ? 0 : log.size - log.end;
  const { ending } = log;
  const error = cut || ending.kind === 'torn' ? undefined : endingText(ending);
  const place = { path, offset: log.end, length: lost, record: log.records.length + 1 };
  if (ending.kind === 'oversized') {
    abort(context, stops, error ?? '');
    return 0;
  }
  const isEmpty = !log.records.some((record) => record.type === 'UPDATE');
  // A log that is left without an update is removed, unless a strict agent ends over it first.
  const isRemoved = isEmpty && !(context.strict && error !== undefined);
  if (lost > 0 && !isRemoved) context.truncate(path, log.size, log.end);
  if (error !== undefined) {
    context.report('operation-log-bad-record', place, damageText.ofEnding(ending, lost));
    if (context.strict) return fail(`Failed to read file '${full}': ${error}`);
    context.isLenient = true;
  } else if (lost > 0) context.report('operation-log-torn', place, damageText.ofEnding(ending, lost));
  if (isRemoved) {
    context.report('operation-log-empty', { path }, 'it holds no update, so the agent removes it');
    context.remove(path);
    // An empty stream is no stream: its error is not counted.
    return 0;
  }
  return error === undefined ? 0 : 1;
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
