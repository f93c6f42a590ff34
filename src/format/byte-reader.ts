/** What bytes are read from: `read` gives a count, or the failure of the system call. */
export interface ByteReader {
  size(): number;
  read(target: Buffer, at: number, length: number, position: number): number | { readonly code: string };
  /** How many bytes from a position on are known to be zeros, without being read; left out where none are. */
  zerosAt?(position: number): number;
}
