import { applyOperation, isSpeculative, whyNotAgentsOwn } from '../../agent/operation.ts';
import type { Resources } from '../../agent/resources.ts';
import type { Agent, OperationFolder } from '../../checkpoint/model.ts';
import { alike } from '../../findings/entry.ts';
import { isUuid, parseUuidText, uuidText } from '../../format/uuid.ts';
import { fileIn } from '../../layout/kinds.ts';
import { RESOURCES_PATH } from '../../layout/place.ts';
import type { Operation } from '../../schema/index.ts';
import { aborts, type Context, refuses } from '../context.ts';
import { hidesAll } from '../listing.ts';
import type { RecoveredAgent } from '../state/recovered.ts';
import { isOpen, type OperationStream, recoverOperationStream } from './operation-stream.ts';

/** Operations by the bytes of their uuids, in hex: the agent puts them in its map before it looks whether those are valid. */
type Operations = ReadonlyMap<string, Operation>;

/** What is read of the updates, by the same key. */
type Streams = ReadonlyMap<string, OperationStream>;

/**
 * Recovers the operations and their updates (`Slave::_recoverOperations`); gives what that adds to
 * `slave/recovery_errors`.
 */
export const recoverOperationUpdates = (
  context: Context,
  found: Agent,
  { operations = [], info }: Pick<RecoveredAgent, 'operations' | 'info'>,
  total: Resources,
): number => {
  if (!context.rules.operationsAreRead) return 0;
  const known = addOperations(context, operations as unknown as readonly Operation[]);
  if (context.isEnded) return 0;
  // The folder is that of the id that slave.info holds, whatever the folder is called that it was read from.
  const own = info?.id?.value ?? '';
  const folders = own === found.id ? found.operations : (found.otherOperations ?? []);
  const listed = hidesAll(context.home, own) ? [] : streamsOf(context, folders, known);
  if (context.isEnded) return 0;
  let errors = 0;
  const streams = new Map<string, OperationStream>();
  for (const { folder, uuid } of listed) {
    const id = uuidText(uuid);
    const stream = context.within(`Failed to recover operation status update stream ${id}: `);
    const read = recoverOperationStream(stream, folder, id, folders);
    errors += read.errors;
    streams.set(uuid.toString('hex'), read);
    if (context.isEnded) return errors;
  }
  finishOperations(context, known, streams, total);
  return errors;
};

/** The folders that belong to an operation, with its uuid; the agent deletes the others. */
const streamsOf = (
  context: Context,
  folders: readonly OperationFolder[],
  known: Operations,
): readonly { readonly folder: OperationFolder; readonly uuid: Buffer }[] =>
  folders.flatMap((folder) => {
    const { name, path } = folder;
    const uuid = parseUuidText(name, context.rules.uuidTextIsChecked);
    if (uuid === undefined) {
      const stop = refuses(
        `Failed to parse operation status update stream path '${context.full(path)}': ` +
          `Could not decode operation UUID from string '${name}': invalid uuid string`,
      );
      context.meet('operation-folder-invalid', { path }, `'${name}' is not a uuid`, stop);
      return [];
    }
    if (known.has(uuid.toString('hex'))) return [{ folder, uuid }];
    const severity = isOpen(folder.updates) ? alike('loss') : undefined;
    const detail = 'it belongs to no operation; the agent deletes it';
    context.meet('operation-folder-unknown', { path }, detail, { severity });
    return [];
  });

/** `Slave::addOperation` for each, and the check before it. Which file they are in is not said: both of a pair hold them. */
const addOperations = (context: Context, operations: readonly Operation[]): Operations => {
  const known = new Map<string, Operation>();
  for (const operation of operations) {
    const problem = whyNotAgentsOwn(operation.info);
    known.set(Buffer.from(uuidOf(operation)).toString('hex'), operation);
    if (problem === undefined) continue;
    const stop = aborts('Check failed: resourceProviderId.isNone() ');
    context.meet('operation-invalid', { path: RESOURCES_PATH }, problem, stop);
  }
  return known;
};

const uuidOf = ({ uuid }: Operation): Uint8Array => uuid.value;

/**
 * Removes the operations whose updates have ended, and finishes those that were pending: `Slave::__recoverOperations`.
 * The agent's order is that of a hash; each of two orders must come to its end.
 */
const finishOperations = (context: Context, known: Operations, streams: Streams, total: Resources): void => {
  const left = [...known].filter(([key]) => streams.get(key)?.terminated !== true);
  for (const [key, operation] of left) checkOperation(context, operation, streams.get(key));
  if (context.isEnded) return;
  const pending = left
    .map(([, operation]) => operation)
    .filter((operation) => isPending(operation) && isSpeculative(operation.info));
  for (const order of pending.length > 1 ? [pending, pending.toReversed()] : [pending]) {
    if (!context.isEnded) applyAll(context, order, total);
  }
};

const isPending = ({ latest_status }: Operation): boolean => latest_status.state === 'OPERATION_PENDING';

/** What is to be finished at a start has no update yet, and is the agent's own. */
const checkOperation = (context: Context, operation: Operation, stream: OperationStream | undefined): void => {
  const path = RESOURCES_PATH;
  if (!isUuid(uuidOf(operation))) {
    const stop = aborts("'id::UUID::fromBytes(uuid.value())' Must be SOME");
    context.meet('operation-invalid', { path }, 'its uuid is not valid', stop);
  } else if (isPending(operation) && stream?.path !== undefined) {
    const stop = aborts(
      'Check failed: !state->streams.contains(operationUuid) || state->streams.at(operationUuid).isNone() ',
    );
    const detail = 'it holds an update, and in the resource state the operation is still pending';
    context.meet('operation-pending-with-updates', { path: fileIn(stream.path, 'operation.updates') }, detail, stop);
  } else if (isPending(operation) && !isSpeculative(operation.info)) {
    const stop = aborts('Check failed: protobuf::isSpeculativeOperation(operation->info()) ');
    const detail = `a ${operation.info.type} operation is pending, which is not the agent's own`;
    context.meet('operation-invalid', { path }, detail, stop);
  }
};

/** Applies operations one after the other to the agent's resources: `Slave::apply`. */
const applyAll = (context: Context, operations: readonly Operation[], total: Resources): void => {
  let resources = total;
  for (const operation of operations) {
    const applied = applyOperation(resources, operation);
    if (applied.ok) {
      ({ resources } = applied);
      continue;
    }
    const detail = `a pending ${operation.info.type} operation does not fit the agent's resources: ${applied.message}`;
    context.meet(
      'operation-invalid',
      { path: RESOURCES_PATH },
      detail,
      aborts(`CHECK_SOME(resources): ${applied.message} `),
    );
    return;
  }
};
