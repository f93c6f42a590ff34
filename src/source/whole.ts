import { type Errno, isErrno, type OpenFile, type Source } from './source.ts';

/** All bytes of a file; undefined where it is not there, or cannot be read. */
export const wholeOf = (source: Source, path: string): Buffer | undefined => {
  const file = source.open(path);
  if (isErrno(file)) return undefined;
  try {
    const bytes = Buffer.alloc(file.size());
    for (let at = 0; at < bytes.length; ) {
      const count = file.read(bytes, at, bytes.length - at, at);
      if (isErrno(count) || count === 0) return undefined;
      at += count;
    }
    return bytes;
  } finally {
    file.close();
  }
};

/** Files of text hold an id or a number; of a larger one the beginning decides. In bytes. */
export const MAX_TEXT = 1024 * 1024;

/** The beginning of a file of text, mostly all of it; or why it cannot be read. */
export const textBytesOf = (file: OpenFile): Buffer | Errno => {
  const bytes = Buffer.alloc(Math.min(file.size(), MAX_TEXT));
  const count = file.read(bytes, 0, bytes.length, 0);
  return isErrno(count) ? count : bytes.subarray(0, count);
};
