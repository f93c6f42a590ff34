/** The texts of the C library for the errors that a read can meet: the agent's messages end with them. */
const TEXTS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'Permission denied'],
  ['EBADF', 'Bad file descriptor'],
  ['EBUSY', 'Device or resource busy'],
  ['EIO', 'Input/output error'],
  ['EISDIR', 'Is a directory'],
  ['ELOOP', 'Too many levels of symbolic links'],
  ['EMFILE', 'Too many open files'],
  ['ENAMETOOLONG', 'File name too long'],
  ['ENFILE', 'Too many open files in system'],
  ['ENOENT', 'No such file or directory'],
  ['ENOMEM', 'Cannot allocate memory'],
  ['ENOSPC', 'No space left on device'],
  ['ENOTDIR', 'Not a directory'],
  ['ENXIO', 'No such device or address'],
  ['EPERM', 'Operation not permitted'],
  ['ESTALE', 'Stale file handle'],
  ['ETXTBSY', 'Text file busy'],
  ['EUCLEAN', 'Structure needs cleaning'],
]);

/** The text of an errno's name, as `strerror` has it on Linux. */
export const errnoText = (code: string): string => TEXTS.get(code) ?? code;
