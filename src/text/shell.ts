import { shown } from './escape.ts';
import { bytesOf } from './lossless.ts';

/** A word as it is typed in a shell; one that cannot be shown as it is stands as `PATH`. */
export const shellWord = (text: string): string => {
  if (/^[\w@%+=:,./-]+$/.test(text) && !text.startsWith('-')) return text;
  return shown(text) === text ? quoted(text) : 'PATH';
};

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A text of ASCII that is seen as it is. */
export const isPlain = (text: string): boolean => /^[ -~]*$/.test(text);

/**
 * A statement of a POSIX shell that sets a variable to a text, whatever bytes it has. What is no plain ASCII is formed by
 * `printf`: so nothing in a script moves a cursor, and no shell takes a byte for a mark of its own.
 */
export const shellAssignment = (name: string, text: string): string => {
  if (isPlain(text)) return `${name}=${quoted(text)}`;
  // A newline at the end would be lost without something behind it.
  return `${name}=$(printf '${printfFormat(bytesOf(text))}.') && ${name}=\${${name}%.}`;
};

/** The bytes that a format of `printf` has as they are. */
const isPlainByte = (byte: number): boolean => byte >= 0x20 && byte <= 0x7e && !FORMAT.has(byte);
const FORMAT: ReadonlySet<number> = new Set(Array.from("\\%'-", (each) => each.charCodeAt(0)));

/** Bytes as the format, between single quotes, with which `printf` of POSIX writes them. */
export const printfFormat = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) =>
    isPlainByte(byte) ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`,
  ).join('');
