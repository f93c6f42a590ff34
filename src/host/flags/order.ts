import { bytesOf } from '../../text/lossless.ts';

/** The order of C++'s strings: by their bytes. */
export const compareText = (a: string, b: string): number => bytesOf(a).compare(bytesOf(b));
