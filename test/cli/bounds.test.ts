import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileWith, tar } from '../support/archives.ts';
import { run } from '../support/session.ts';
import { materialise, pathIn } from '../support/trees.ts';

const archive = (): string => fileWith(tar(['-C', materialise('marathon'), '-cf', '-', 'meta']));

describe('what is brought into memory', () => {
  it.each(['verify', 'inspect', 'prune'])('of an archive is bounded, for %s', async (command) => {
    const file = archive();
    const small = await run([command, '--max-size', '16KB', file]);
    expect(small).toMatchObject({ exitCode: 3, out: '' });
    expect(small.err).toBe(
      `mesos-ckpt: ${file}: its checkpoint takes more than 16.0 KiB: raise --max-size, or unpack it and give the folder\n`,
    );
    expect((await run([command, '--max-size', '10MB', file])).exitCode).toBeLessThan(3);
  });

  it.each(['verify', 'inspect', 'prune'])('of a record is bounded, for %s', async (command) => {
    const name = pathIn('marathon', /\/slave\.info$/);
    const folder = materialise('marathon');
    const length = Buffer.alloc(4);
    length.writeUInt32LE(400_000);
    fs.writeFileSync(path.join(folder, name), Buffer.concat([length, Buffer.alloc(400_000, 'x')]));
    const small = await run([command, '--max-record', '300KB', folder]);
    expect(small).toMatchObject({ exitCode: 3, out: '' });
    expect(small.err).toBe(
      `mesos-ckpt: cannot read ${name}: it has a record of 400000 bytes, and --max-record is 307200\n`,
    );
    expect((await run([command, '--max-record', '2GB', folder])).exitCode).toBeLessThan(3);
  });

  it.each(['0', '1.5GB', '-1', 'much', '4XB', ''])('has a size, and %j is none', async (text) => {
    const { exitCode, err } = await run(['verify', `--max-size=${text}`, 'fixtures/sample-agent']);
    expect(exitCode).toBe(3);
    expect(err).toContain('--max-size');
    expect(err).toContain('is not a size, such as 512MB or 4GB');
  });
});
