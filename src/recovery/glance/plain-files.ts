import type { FileReader } from '../../checkpoint/read.ts';
import { LENGTH_SIZE } from '../../format/frames.ts';
import type { PlainMessage } from '../../format/plain-message.ts';
import { type FileKind, nameOf } from '../../layout/kinds.ts';
import type { Below, Spot } from '../../source/source.ts';
import { isPlainPid } from '../pid.ts';

/** What files are looked at with, and what knows where they are. */
export interface Looked {
  readonly files: FileReader;
  readonly from: Below;
}

/** Where a file is that lies right in a folder. */
export const fileAt = ({ from }: Looked, folder: Spot, kind: FileKind): Spot => from.in(folder, nameOf(kind));

const ZERO = 0x30;
const NINE = 0x39;

/** Brings into sight a file that is one record with nothing behind it, and returns where that ends; -1 of any other. */
export const recordIn = ({ files, from }: Looked, file: Spot): number => {
  const size = files.glance(file, from);
  return size >= LENGTH_SIZE && files.window.buffer.readUInt32LE(0) === size - LENGTH_SIZE ? size : -1;
};

/** Whether a file is one plain message with nothing behind it: `message` is asked what it says, until the next one is read. */
export const isRecord = (looked: Looked, file: Spot, message: PlainMessage): boolean => {
  const end = recordIn(looked, file);
  return end >= 0 && message.read(looked.files.window.buffer, LENGTH_SIZE, end);
};

/** What a file says that says 0 or 1, and no more; undefined of any other. */
export const flagIn = ({ files, from }: Looked, file: Spot): boolean | undefined => {
  if (files.glance(file, from) !== 1) return undefined;
  const digit = files.window.buffer[0];
  return digit === ZERO ? false : digit === ZERO + 1 ? true : undefined;
};

/** The pid in a file, of up to nine digits, as an agent writes it; undefined where there is anything else. */
export const pidIn = ({ files, from }: Looked, file: Spot): number | undefined => {
  const size = files.glance(file, from);
  const { buffer } = files.window;
  if (size < 1 || size > 9 || (size > 1 && buffer[0] === ZERO)) return undefined;
  let pid = 0;
  for (let at = 0; at < size; at++) {
    const digit = buffer[at] as number;
    if (digit < ZERO || digit > NINE) return undefined;
    pid = 10 * pid + digit - ZERO;
  }
  return pid;
};

/** A longer one is looked at with more than a glance. */
const MOST_OF_PID = 128;

/** The pid in a file of an executor that can be reached, as an agent writes it; undefined where there is anything else. */
export const reachablePidIn = ({ files, from }: Looked, file: Spot): string | undefined => {
  const size = files.glance(file, from);
  if (size < 0 || size > MOST_OF_PID) return undefined;
  const text = files.window.buffer.toString('latin1', 0, size);
  return isPlainPid(text) ? text : undefined;
};
