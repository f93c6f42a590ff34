import type { RecordFile } from '../../checkpoint/files.ts';
import type { ResourceStateFacts } from '../../checkpoint/model.ts';
import type { Message } from '../../format/parse.ts';
import { messageType } from '../../schema/index.ts';
import { type Context, refuses } from '../context.ts';
import { damageText } from '../damage.ts';
import { meetNoReturn } from '../no-return.ts';
import { readRecord } from '../reading.ts';
import { meetStarReservation, resourcesWithin } from '../star-reservation.ts';
import { resourcePaths } from './resource-files.ts';

/** The two files of a `ResourceState`: the code of its damage, and what the agent says of it. */
const FILES = {
  state: ['resource-state-damaged', 'Failed to read resource and operations file'],
  stateTarget: ['resource-target-damaged', 'Failed to read resources and operations target file'],
} as const;

/** A `ResourceState` that was read: none where the file is not there or empty, or not to be used. */
interface ReadState {
  readonly value: ResourceStateFacts | undefined;
  /** The agent does not get it for all that is there. */
  readonly isDamaged: boolean;
  readonly errors: number;
}

const NOTHING: ReadState = { value: undefined, isDamaged: false, errors: 0 };

/** Reads one of the two files of a `ResourceState`, whose resources are then brought to their present form. */
export const readState = (
  context: Context,
  which: keyof typeof FILES,
  file: RecordFile<ResourceStateFacts>,
): ReadState => {
  const path = resourcePaths[which];
  const reading = readRecord(file, context.full(path));
  switch (reading.kind) {
    case 'missing':
    case 'none':
      return NOTHING;
    case 'abort':
    case 'hang':
      meetNoReturn(context, { path }, damageText.of(file), reading);
      return { ...NOTHING, isDamaged: true };
    case 'error': {
      const [code, message] = FILES[which];
      const stop = refuses(`${message} '${context.full(path)}': ${reading.message}`);
      const location = { path, ...damageText.location(file) };
      return { ...NOTHING, isDamaged: true, errors: context.meet(code, location, damageText.of(file), stop) };
    }
    case 'some': {
      const within = resourcesWithin(STATE_TYPE, reading.value as unknown as Message);
      return meetStarReservation(context, path, within) ? NOTHING : { ...NOTHING, value: reading.value };
    }
  }
};

const STATE_TYPE = messageType('mesos.internal.slave.ResourceState');
