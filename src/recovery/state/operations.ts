import type { ResourcesFolder } from '../../checkpoint/model.ts';
import type { Message } from '../../format/parse.ts';
import type { Context } from '../context.ts';
import { resourceFiles } from './resource-files.ts';
import { readState } from './resource-state.ts';

/** What is known of the operations; undefined where no resource state was read. */
export interface RecoveredOperations {
  readonly operations: readonly Message[] | undefined;
  readonly errors: number;
}

/** Recovers the operations of an agent, as `SlaveState::recover` does: from the target where there is one, else the state. */
export const recoverOperations = (context: Context, found: ResourcesFolder): RecoveredOperations => {
  if (!context.rules.operationsAreRead) return { operations: undefined, errors: 0 };
  const files = resourceFiles(found, context.disk);
  const fromTarget = context.rules.stateTargetIsRead && files.stateTarget.kind !== 'absent';
  const { value, errors } = readState(
    context,
    fromTarget ? 'stateTarget' : 'state',
    fromTarget ? files.stateTarget : files.state,
  );
  return { operations: value?.operations, errors };
};
