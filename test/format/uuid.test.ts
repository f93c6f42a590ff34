import { describe, expect, it } from 'vitest';
import { isUuid, parseUuidText, uuidText } from '../../src/format/uuid.ts';

const TEXT = '7d0c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e02';
const BYTES = Buffer.from(TEXT.replaceAll('-', ''), 'hex');

/** The bytes with another version's digit in byte 6, or another byte 8. */
const changed = (at: number, byte: number): Buffer => {
  const bytes = Buffer.from(BYTES);
  bytes[at] = byte;
  return bytes;
};

describe('isUuid', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 15])('version %i', (version) => {
    expect(isUuid(changed(6, (version << 4) | 0xb))).toBe(version >= 1 && version <= 5);
  });

  it.each([0x00, 0x40, 0x80, 0xc0, 0xff])('does not look at the variant: %i', (byte) => {
    expect(isUuid(changed(8, byte))).toBe(true);
  });

  it.each([0, 1, 15, 17, 32])('wants 16 bytes, not %i', (length) => {
    expect(isUuid(Buffer.alloc(length, 0x44))).toBe(false);
  });

  it('wants bytes', () => {
    expect(isUuid(undefined)).toBe(false);
    expect(isUuid(new Uint8Array(BYTES))).toBe(true);
  });
});

describe('uuidText', () => {
  it('is the usual text', () => {
    expect(uuidText(BYTES)).toBe(TEXT);
    expect(uuidText(new Uint8Array(BYTES).subarray(0))).toBe(TEXT);
    expect(uuidText(Buffer.concat([Buffer.of(1, 2), BYTES]).subarray(2))).toBe(TEXT);
  });
});

describe('parseUuidText', () => {
  it.each([
    ['the usual form', TEXT],
    ['capitals', TEXT.toUpperCase()],
    ['no dashes', TEXT.replaceAll('-', '')],
    ['braces', `{${TEXT}}`],
    ['braces without dashes', `{${TEXT.replaceAll('-', '')}}`],
    ['something behind it', `${TEXT}.tmp`],
    ['something behind the brace', `{${TEXT}}x`],
  ])('takes %s', (_what, text) => {
    expect(parseUuidText(text, false)?.equals(BYTES)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['a word', 'latest'],
    ['too few digits', TEXT.slice(0, -1)],
    ['a missing dash', TEXT.replace('4b6f-', '4b6f')],
    ['an open brace', `{${TEXT}`],
  ])('refuses %s', (_what, text) => {
    expect(parseUuidText(text, false)).toBeUndefined();
  });

  it.each([`${TEXT}.tmp`, `{${TEXT}}x`, `${TEXT}~`])('refuses %s where it has to end with it', (text) => {
    expect(parseUuidText(text, false)?.equals(BYTES)).toBe(true);
    expect(parseUuidText(text, true)).toBeUndefined();
    expect(parseUuidText(`{${TEXT}}`, true)?.equals(BYTES)).toBe(true);
  });

  // What Boost 1.65 comes to, as the agent's own code said.
  it.each([
    ['a digit that is none', '7d0c9a51-0c1e-4b6f-8f5e-1a2b3c4d(5e02', '7d0c9a51-0c1e-4b6f-8f5e-1a2b3c4df5e0'],
    ['a character before it', 'p7d0c9a510c1e4b6f8f5e1a2b3c4d5e02', 'f7d0c9a5-10c1-e4b6-f8f5-e1a2b3c4d5e0'],
    ['a word before it', `old-${TEXT}`, 'ffff7d0c-9a51-f0c1-ff4b-6ff8f5ff1a2b'],
    ['a dash too early', `7d0c9a-${TEXT.slice(6)}`, '7d0c9af5-ff0c-1ef4-b6ff-8f5ef1a2b3c4'],
    ['dashes that begin late', TEXT.replace('-', ''), '7d0c9a51-0c1e-f4b6-ff8f-5ef1a2b3c4d5'],
    ['a character of two bytes', TEXT.replace('02', 'é'), '7d0c9a51-0c1e-4b6f-8f5e-1a2b3c4d5eff'],
  ])('takes %s for a digit, where it is not checked', (_what, text, taken) => {
    expect(uuidText(parseUuidText(text, false) ?? Buffer.alloc(0))).toBe(taken);
    expect(parseUuidText(text, true)).toBeUndefined();
  });

  it('does not ask for a version', () => {
    expect(parseUuidText('00000000-0000-0000-0000-000000000000', true)?.equals(Buffer.alloc(16))).toBe(true);
  });
});
