import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../support/session.ts';
import { temporaryFolder } from '../support/trees.ts';
import { bytes, int, record } from '../support/wire.ts';

const MIB = 1024 * 1024;

/** A file with one record of these fields; 3 of CommandInfo is its value, 500 none of its fields. */
const file = (...fields: readonly Buffer[]): string => {
  const made = path.join(temporaryFolder(), 'record');
  fs.writeFileSync(made, record(Buffer.concat(fields)));
  return made;
};

const decode = (made: string, ...options: readonly string[]) =>
  run(['decode', '--type', 'mesos.CommandInfo', ...options, made]);

const BEGINNING = 'a'.repeat(64);

describe('a value of more than a MiB', () => {
  it.each([
    ['of a field that is known', 3, 'value', 8],
    ['of another', 500, '500', 9],
  ])('%s is printed by its beginning, and where the rest is', async (_, number, name, start) => {
    const { out, exitCode } = await decode(file(bytes(number, Buffer.alloc(MIB + 1, 'a'))));
    expect(out).toContain(
      `\n${name}: "${BEGINNING}" # … ${MIB + 1 - 64} more bytes, the first at byte ${start + 64}\n`,
    );
    expect(exitCode).toBe(0);
  });

  it.each([3, 500])('is no longer than it is said, field %d', async (number) => {
    const { out } = await decode(file(bytes(number, Buffer.alloc(MIB, 'a'))));
    expect(out).toContain(`: "${'a'.repeat(MIB)}"\n`);
  });

  it('is in JSON up to 32 MiB of them, and then none is printed', async () => {
    const whole = await decode(file(bytes(3, Buffer.alloc(32 * MIB, 'a'))), '--json');
    expect(JSON.parse(whole.out).message.value).toHaveLength(32 * MIB);
    const larger = file(bytes(3, Buffer.alloc(32 * MIB + 1, 'a')));
    for (const options of [['--json'], ['--format', 'json']]) {
      const { out, err, exitCode } = await decode(larger, ...options);
      expect(out + err).toContain(
        'cannot print record 1, at byte 0, as JSON: its values have more than 32.0 MiB; --format text',
      );
      expect(exitCode).toBe(3);
    }
  });

  it('that is unknown is in JSON by where it is', async () => {
    const { out } = await decode(file(bytes(500, Buffer.alloc(33 * MIB, 'a'))), '--json');
    expect(JSON.parse(out).unknown).toEqual([
      { within: '', number: 500, wireType: 2, offset: 4, length: 33 * MIB + 6 },
    ]);
  });
});

describe('a record of more than a million fields', () => {
  const many = (): string => file(Buffer.alloc(3 * 1_000_001, int(500, 1)));

  it('is printed by the first million, and where the next is', async () => {
    const { out } = await decode(many());
    expect(out.split('\n').filter((line) => line === '500: 1')).toHaveLength(1_000_000);
    expect(out).toContain('# … 3 more bytes from byte 3000004 on: only the first 1000000 fields are shown\n');
    const hex = await decode(many(), '--format', 'hex');
    expect(hex.out.split('\n').filter((line) => line.endsWith('500 (unknown): varint 1'))).toHaveLength(1_000_000);
    expect(hex.out).toContain('… 3 more bytes from byte 3000004 on: only the first 1000000 fields are shown\n');
  });

  it('is not printed as JSON', async () => {
    const { out, exitCode } = await decode(many(), '--json');
    expect(JSON.parse(out).error).toContain('it has more than 1000000 fields');
    expect(exitCode).toBe(3);
  });
});
