import type { Field, MessageType } from '../format/message-type.ts';
import { bytesOf } from '../text/lossless.ts';
import { generalNumberText } from './number-text.ts';

const REDACTED = '"<redacted>"';

/** What has nothing to be escaped. */
const PLAIN = /^[ !#-&(-[\]-~]*$/;

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x22, '\\"'],
  [0x27, "\\'"],
  [0x5c, '\\\\'],
]);

/** What is written of each byte. */
const WRITTEN: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const short = ESCAPES.get(byte);
  if (short !== undefined) {
    return short;
  }
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
});

/**
 * A message in protobuf's text format, as `Message::DebugString` of protobuf 3.5.0 prints it: fields by number, a line
 * each, nested two spaces deeper. Two things differ: unknown fields are not there, and secrets are not shown.
 */
export function debugString(type: MessageType, message: object): string {
  const lines: string[] = [];
  writeFields(lines, '', type, message);
  lines.push('');
  return lines.join('\n');
}

/** Writes the fields of a message, a line each, behind an indent. */
function writeFields(lines: string[], indent: string, type: MessageType, message: object): void {
  const values = message as Readonly<Record<string, unknown>>;
  for (const field of type.fields) {
    if (field === undefined || !Object.hasOwn(values, field.name)) continue;
    for (const value of occurrences(field, values[field.name])) writeField(lines, indent, field, value);
  }
}

function occurrences(field: Field, value: unknown): readonly unknown[] {
  if (value === undefined) {
    return [];
  }
  if (value instanceof Map) {
    return [...value]
      .map(([key, mapped]) => ({ key, value: mapped }))
      .sort((left, right) => Buffer.compare(bytesOf(String(left.key)), bytesOf(String(right.key))));
  }
  return field.label === 'repeated' && Array.isArray(value) ? value : [value];
}

function writeField(lines: string[], indent: string, field: Field, value: unknown): void {
  if (field.message === undefined || typeof value !== 'object' || value === null) {
    lines.push(`${indent}${field.name}: ${field.secret ? REDACTED : scalarValueText(field, value)}`);
    return;
  }
  const within = `${indent}  `;
  lines.push(`${indent}${field.name} {`);
  if (field.secret) lines.push(`${within}${REDACTED}`);
  else writeFields(lines, within, field.message, value);
  lines.push(`${indent}}`);
}

function scalarValueText(field: Field, value: unknown): string {
  if (value instanceof Uint8Array) {
    return quotedBytes(value);
  }
  if (typeof value === 'string' && field.kind !== 'enum') {
    return PLAIN.test(value) ? `"${value}"` : quotedBytes(bytesOf(value));
  }
  return typeof value === 'number' && field.kind === 'double' ? doubleText(value) : String(value);
}

/** Mirrors `SimpleDtoa`: 15 digits if they are enough to read the same number back, else 17. */
export function doubleText(value: number): string {
  const short = generalNumberText(value, 15);
  return Number.isFinite(value) && Number(short) !== value ? generalNumberText(value, 17) : short;
}

/** Bytes in quotes, as `CEscape` has them: what is no printable ASCII character is an octal escape. */
export function quotedBytes(bytes: Uint8Array): string {
  const plain = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (PLAIN.test(plain)) {
    return `"${plain}"`;
  }
  const characters: string[] = [];
  for (const byte of bytes) {
    characters.push(WRITTEN[byte] as string);
  }
  return `"${characters.join('')}"`;
}
