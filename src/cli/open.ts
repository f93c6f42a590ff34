import * as path from 'node:path';
import { type Opened, type OpenOptions, openPath, openPathBeside } from '../checkpoint/open.ts';
import { ownBootId } from '../host/own-boot-id.ts';
import { shown } from '../text/escape.ts';
import type { Session } from './command.ts';
import type { Io } from './io.ts';

/** What a command says of the checkpoint that it opens. */
type Asked = Pick<OpenOptions, 'workDir' | 'whole' | 'strays' | 'maxSize' | 'maxRecord'>;

/**
 * Opens the checkpoint at a PATH, and says on standard error where that is another than what was given. Where nothing in
 * it says whether it is read where its agent has it, the agents of this host are asked.
 * @throws UnusablePath where there is none
 */
export const openSaying = async (given: string, asked: Asked, { io, world }: Session): Promise<Opened> => {
  const opened = await openPathBeside(given, { ...asked, ownBootId: ownBootId(), whenMany });
  const { from, place, inPlace, isPlaceGiven } = opened;
  if (from !== 'folder' || place === undefined || inPlace || isPlaceGiven) return said(given, opened, io);
  const { agentPlaces, nameForAgent } = await import('./in-place.ts');
  const places = await agentPlaces(world?.open('/'));
  const absolute = path.resolve(given);
  // The work_dir of an agent may have lost its meta, and have a copy of one below it.
  const lost =
    opened.instead !== undefined && place.startsWith(`${absolute}/`) ? nameForAgent(places, absolute) : undefined;
  const workDir = lost ?? nameForAgent(places, place);
  if (workDir === undefined) return said(given, opened, io);
  return said(given, openPath(given, { ...asked, workDir, inPlace: true, isWorkDir: lost !== undefined }), io);
};

/** Not before: what is loaded later has to be compiled anew then, which takes longer than to read few members. */
const whenMany = (): void =>
  void import('../verify/threads/inline-little.ts').then(({ inlineLittle }) => inlineLittle());

/** The same of what is known to be a copy. */
export const openCopy = (given: string, asked: Asked, io: Io): Opened =>
  said(given, openPath(given, { ...asked, ownBootId: ownBootId() }), io);

const said = (given: string, opened: Opened, io: Io): Opened => {
  const { from, level, instead } = opened;
  // A leading folder is what tar makes of a path: that an archive of a checkpoint has one is nothing to be told.
  const isLeading = from === 'archive' && (level === 'work_dir' || level === 'meta');
  if (instead !== undefined && !isLeading) io.err(`mesos-ckpt: ${shown(`${given}: ${instead}`)}\n`);
  return opened;
};
