import * as fs from 'node:fs';
import { isatty } from 'node:tty';
import { errnoText } from '../source/errno.ts';
import { OutputError } from './failure.ts';
import type { Io } from './io.ts';
import { main } from './main.ts';

/** A terminal of unknown width, and what is piped, are laid out for this many columns. */
const DEFAULT_COLUMNS = 80;

/** As a shell says that SIGPIPE ended a program: neither of our exit codes, because the verdict was not told whole. */
const BROKEN_PIPE = 141;

/** The kernel's own devices, such as /dev/null, of which none is a terminal. */
const MEMORY_DEVICES = 1;

/** Whether a terminal may be there: else the process's stream, which takes long to be made, need not be asked. */
const mayBeTerminal = (descriptor: number): boolean => {
  try {
    const stats = fs.fstatSync(descriptor);
    return stats.isCharacterDevice() && stats.rdev >> 8 !== MEMORY_DEVICES;
  } catch {
    return false;
  }
};

const isTerminal = mayBeTerminal(1) && process.stdout.isTTY === true;

/** Whether the process may use colours: see no-color.org; a terminal that says `dumb` has none. */
const mayColour = (): boolean => {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return !['0', 'false'].includes(FORCE_COLOR);
  return isTerminal && TERM !== 'dumb';
};

/** Whether what is done goes on unread: what cannot be written is then left out. */
let isUnreadToo = false;
let isFailureSaid = false;

/** Says once, and not where nobody hears it, that some of the output is lost. */
const sayLost = (descriptor: number, code: string | undefined): void => {
  if (code === 'EPIPE' || descriptor === 2 || isFailureSaid) return;
  isFailureSaid = true;
  write(2)(`mesos-ckpt: ${new OutputError(errnoText(code ?? 'EIO')).message}\n`);
};

/**
 * Writes all of a text or of bytes, however full the pipe is; a reader that has gone away ends the program quietly, unless it
 * changes something.
 */
const write =
  (descriptor: number) =>
  (text: string | Uint8Array): void => {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
    for (let at = 0; at < bytes.length; ) {
      try {
        at += fs.writeSync(descriptor, bytes, at);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'EAGAIN' && isUnreadToo) {
          sayLost(descriptor, code);
          return;
        }
        if (code === 'EPIPE') process.exit(BROKEN_PIPE);
        if (code !== 'EAGAIN') throw new OutputError(errnoText(code ?? 'EIO'));
        // A pipe that does not block is full: wait a moment for its reader.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      }
    }
  };

const columns = (isTerminal ? process.stdout.columns : undefined) ?? Number(process.env['COLUMNS']);
const io: Io = {
  out: write(1),
  bytes: write(1),
  err: write(2),
  goOnUnread: () => {
    isUnreadToo = true;
  },
  columns: Number.isInteger(columns) && columns >= 40 ? columns : DEFAULT_COLUMNS,
  colour: mayColour(),
  wide: !isTerminal,
  zone: 'local',
  debug: !['', '0', undefined].includes(process.env['MESOS_CKPT_DEBUG']),
  terminal: mayBeTerminal(2) && isatty(2) ? { columns: process.stderr.columns } : undefined,
};

void main(process.argv.slice(2), io).then((code) => {
  // All is written by then. To let the process end by itself takes longer: Node gives its memory back piece by piece.
  process.exit(code);
});
