import { type Opened, type OpenOptions, openPath } from '../checkpoint/open.ts';
import { shown } from '../text/escape.ts';
import { ownBootId } from './host.ts';
import type { Io } from './io.ts';

/**
 * Opens the checkpoint at a PATH, and says on standard error where that is another than what was given.
 * @throws UnusablePath where there is none
 */
export const openSaying = (path: string, options: Omit<OpenOptions, 'ownBootId'>, io: Io): Opened => {
  const opened = openPath(path, { ...options, ownBootId: ownBootId() });
  if (opened.instead !== undefined) io.err(`mesos-ckpt: ${shown(`${path}: ${opened.instead}`)}\n`);
  return opened;
};
