import { isErrno, type Source } from '../source/source.ts';

/** A uuid with a newline, and room for blanks. In bytes. */
const MOST_OF_A_BOOT_ID = 64;

/** The boot id that a file holds, without blanks; undefined where the file cannot be read. */
export const bootIdIn = (source: Source, path: string): string | undefined => {
  const file = source.open(path);
  if (isErrno(file)) return undefined;
  const bytes = Buffer.alloc(MOST_OF_A_BOOT_ID);
  const count = file.read(bytes, 0, bytes.length, 0);
  file.close();
  return typeof count === 'number' ? bytes.toString('latin1', 0, count).trim() : undefined;
};
