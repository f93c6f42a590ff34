import type { Agent, OperationFolder } from '../../checkpoint/model.ts';
import { alike } from '../../findings/entry.ts';
import type { Message } from '../../format/parse.ts';
import { isUuid, parseUuidText, uuidText } from '../../format/uuid.ts';
import { fileIn } from '../../layout/kinds.ts';
import { RESOURCES_PATH } from '../../layout/place.ts';
import { aborts, type Context, refuses } from '../context.ts';
import { hidesAll } from '../listing.ts';
import type { RecoveredAgent } from '../state/recovered.ts';
import { isOpen, recoverOperationStream } from './operation-stream.ts';

/**
 * Recovers the operations and their updates (`Slave::_recoverOperations`); gives what that adds to
 * `slave/recovery_errors`.
 */
export const recoverOperationUpdates = (context: Context, found: Agent, recovered: RecoveredAgent): number => {
  if (!context.rules.operationsAreRead) return 0;
  const known: KnownOperations = new Map();
  for (const operation of recovered.operations ?? []) addOperation(context, operation, known);
  if (context.isEnded) return 0;
  const streams = hidesAll(context.home, found.id) ? [] : streamsOf(context, found.operations, known);
  if (context.isEnded) return 0;
  let errors = 0;
  const open: string[] = [];
  for (const { folder, id } of streams) {
    const own = context.within(`Failed to recover operation status update stream ${id}: `);
    const stream = recoverOperationStream(own, folder, id);
    errors += stream.errors;
    if (stream.isOpen && known.get(id)?.state === PENDING) open.push(folder.path);
  }
  if (!context.isEnded) checkPending(context, open, known);
  return errors;
};

/** The folders that belong to an operation, with its uuid; the agent deletes the others. */
const streamsOf = (
  context: Context,
  folders: readonly OperationFolder[],
  known: KnownOperations,
): readonly { readonly folder: OperationFolder; readonly id: string }[] =>
  folders.flatMap((folder) => {
    const { name, path } = folder;
    const uuid = parseUuidText(name);
    if (uuid === undefined) {
      const stop = refuses(
        `Failed to parse operation status update stream path '${context.full(path)}': ` +
          `Could not decode operation UUID from string '${name}': invalid uuid string`,
      );
      context.meet('operation-folder-invalid', { path }, `'${name}' is no uuid`, stop);
      return [];
    }
    const id = uuidText(uuid);
    if (known.has(id)) return [{ folder, id }];
    const severity = isOpen(folder.updates) ? alike('loss') : undefined;
    const detail = 'it belongs to no operation; the agent deletes it';
    context.meet('operation-folder-unknown', { path }, detail, { severity });
    return [];
  });

/** By uuid: the state that the resource state gives an operation, and its type. */
type KnownOperations = Map<string, { readonly state: string; readonly type: string }>;

/** What only a resource provider does; the agent's own operations take effect when they are accepted. */
const NOT_SPECULATIVE: ReadonlySet<string> = new Set(['CREATE_DISK', 'DESTROY_DISK']);

const PENDING = 'OPERATION_PENDING';

/** What is to be finished at a start has no update yet, and is the agent's own: checks in `Slave::__recoverOperations`. */
const checkPending = (context: Context, folders: readonly string[], known: KnownOperations): void => {
  for (const { state, type } of known.values()) {
    if (state !== PENDING || !NOT_SPECULATIVE.has(type)) continue;
    const stop = aborts('Check failed: protobuf::isSpeculativeOperation(operation->info()) ');
    const detail = `a ${type} operation is pending, which is no agent's own`;
    context.meet('operation-invalid', { path: RESOURCES_PATH }, detail, stop);
  }
  for (const folder of folders) {
    const path = fileIn(folder, 'operation.updates');
    const stop = aborts(
      'Check failed: !state->streams.contains(operationUuid) || state->streams.at(operationUuid).isNone() ',
    );
    const detail = 'it holds an update, and in the resource state the operation is still pending';
    context.meet('operation-pending-with-updates', { path }, detail, stop);
  }
};

/** `Slave::addOperation`, and the checks around it. */
const addOperation = (context: Context, operation: Message, known: KnownOperations): void => {
  const uuid = (operation['uuid'] as { value?: Uint8Array } | undefined)?.value;
  const problem = operationProblem(operation['info'] as Message | undefined);
  if (problem === undefined && isUuid(uuid)) {
    const { state } = operation['latest_status'] as { readonly state: string };
    const { type } = operation['info'] as { readonly type: string };
    known.set(uuidText(uuid as Uint8Array), { state, type });
    return;
  }
  // Which file the operation is in is not said: both of a pair hold it.
  const message =
    problem === undefined
      ? 'id::UUID::fromBytes(uuid.value()) Not a valid UUID'
      : `resourceProviderId.isNone() ${problem}`;
  const detail = problem ?? 'its uuid is not valid';
  context.meet('operation-invalid', { path: RESOURCES_PATH }, detail, aborts(`Check failed: ${message}`));
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
