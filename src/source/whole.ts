import { isErrno, type Source } from './source.ts';

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
