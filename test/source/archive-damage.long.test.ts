import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { ARCHIVE_LAYOUT } from '../../src/checkpoint/archive.ts';
import { openPath, openPathBeside, UnusablePath } from '../../src/checkpoint/open.ts';
import { ArchiveSource } from '../../src/source/archive.ts';
import { Collector, UnusableArchive } from '../../src/source/collect.ts';
import { LIMITS } from '../../src/source/limits.ts';
import { sizeOf } from '../../src/source/tar/pax.ts';
import { DamagedArchive, Unpacker } from '../../src/source/unpack.ts';
import { fileWith, tar } from '../support/archives.ts';
import { materialise, temporaryFolder } from '../support/trees.ts';
import { outlineOf } from '../support/walk.ts';

const BLOCK = 512;

/** What is read of an archive that comes in chunks of a size; why it is not, where that is damage. */
const read = (bytes: Buffer, chunk = 65536): readonly string[] | string => {
  const collector = new Collector(ARCHIVE_LAYOUT);
  const unpacker = new Unpacker(collector);
  try {
    for (let at = 0; at < bytes.length; at += chunk) unpacker.write(Buffer.from(bytes.subarray(at, at + chunk)));
    unpacker.end();
    return outlineOf(new ArchiveSource('', collector.finish().tree), 'meta');
  } catch (error) {
    if (error instanceof DamagedArchive || error instanceof UnusableArchive) return error.message;
    throw error;
  }
};

/** The same of a file, as the command opens it: unpacked here, or in another thread. */
const outline = (bytes: Buffer): readonly string[] | string => {
  try {
    return outlineOf(openPath(fileWith(bytes, 'n1.tar.gz')).tree.source, 'meta');
  } catch (error) {
    return saidOf(error);
  }
};
const outlineBeside = async (bytes: Buffer): Promise<readonly string[] | string> => {
  try {
    return outlineOf((await openPathBeside(fileWith(bytes, 'n1.tar.gz'))).tree.source, 'meta');
  } catch (error) {
    return saidOf(error);
  }
};

/** The message without the folder of the file, which is another each time. */
const saidOf = (error: unknown): string => {
  if (!(error instanceof UnusablePath)) throw error;
  return error.message.replace(/^.*n1/, 'n1');
};

const flipped = (bytes: Buffer, at: number): Buffer => {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 0x40;
  return changed;
};

const packed = (name = 'volumes'): Buffer => tar(['-C', materialise(name), '-cf', '-', '--format=posix', '.']);

/** One with as much beside the checkpoint that it is unpacked in another thread, where that is asked for. */
const large = (): Buffer => {
  const folder = materialise('fresh');
  // From SHA-256, so that it stays as large.
  const noise = Array.from({ length: 24_576 }, (_, i) => createHash('sha256').update(String(i)).digest());
  fs.writeFileSync(path.join(folder, 'noise'), Buffer.concat(noise));
  return tar(['-C', folder, '-cf', '-', '--format=posix', '--sort=name', '.']);
};

/** Where the mark that ends a tar begins. */
const markOf = (bytes: Buffer): number => {
  let end = bytes.length;
  while (bytes.subarray(end - BLOCK, end).equals(Buffer.alloc(BLOCK))) end -= BLOCK;
  return end;
};

describe('an archive that comes in pieces', () => {
  it.each([1, 7, 511, 512, 513, 4096])('is read the same: %i bytes', (size) => {
    const bytes = packed();
    expect(read(bytes, size)).toEqual(read(bytes));
    expect(read(gzipSync(bytes), size)).toEqual(read(bytes));
  });

  it('is read the same, and fails the same, where it is unpacked in another thread', async () => {
    const plain = large();
    const bytes = gzipSync(plain, { level: 1 });
    const whole = await outlineBeside(bytes);
    expect(whole).toEqual(outline(bytes));
    expect(await outlineBeside(plain)).toEqual(whole);
    let failed = 0;
    const compare = async (wrong: Buffer, what: string): Promise<void> => {
      const here = outline(wrong);
      expect(await outlineBeside(wrong), what).toEqual(here);
      if (typeof here === 'string') failed++;
    };
    const places = [
      ...Array(40).keys(),
      ...Array.from({ length: 100 }, (_, i) => Math.floor((i * bytes.length) / 100)),
    ];
    for (const at of places) {
      await compare(flipped(bytes, at), `byte ${at}`);
      await compare(bytes.subarray(0, bytes.length - at), `cut at ${bytes.length - at}`);
    }
    // Damage of the tar, and not of the gzip.
    for (let i = 0; i < 100; i++) {
      const at = (i * 12_289) % plain.length;
      await compare(gzipSync(flipped(plain, at), { level: 1 }), `byte ${at} of the tar`);
    }
    expect(failed).toBeGreaterThan(200);
  }, 60_000);

  describe('from a pipe', () => {
    let writer: ChildProcess | undefined;
    afterEach(() => writer?.kill());

    /** A FIFO that another process writes: this one waits for what it reads. */
    const piped = (bytes: Buffer, script = 'exec cat "$1" > "$2"'): string => {
      const fifo = path.join(temporaryFolder(), 'n1.tar.gz');
      execFileSync('mkfifo', [fifo]);
      writer = spawn('sh', ['-c', script, 'sh', fileWith(bytes), fifo]);
      return fifo;
    };

    it('is read the same, however slow that is', async () => {
      const bytes = gzipSync(large(), { level: 1 });
      const whole = outline(bytes);
      const { tree } = await openPathBeside(piped(bytes));
      expect(outlineOf(tree.source, 'meta')).toEqual(whole);
      const slow = await openPathBeside(
        piped(bytes, 'exec 3> "$2"; head -c 70000 "$1" >&3; sleep 0.3; tail -c +70001 "$1" >&3'),
      );
      expect(outlineOf(slow.tree.source, 'meta')).toEqual(whole);
      const plain = await openPathBeside(piped(large()));
      expect(outlineOf(plain.tree.source, 'meta')).toEqual(whole);
    });

    it('is not read again where it is damaged', async () => {
      const bytes = gzipSync(large());
      // Its checksum, which is before its length: of what is changed within, the tar may tell first.
      await expect(openPathBeside(piped(flipped(bytes, bytes.length - 8)))).rejects.toThrow(
        /n1\.tar\.gz: the archive is cut off or damaged: its compression is damaged \(zlib: incorrect data check\)/,
      );
    });

    it('is waited for while something else goes on', async () => {
      const bytes = gzipSync(packed());
      const opening = openPathBeside(piped(bytes, 'exec 3> "$2"; sleep 0.5; cat "$1" >&3'));
      expect(await Promise.race([opening.then(() => 'read'), setTimeout(100, 'a timer')])).toBe('a timer');
      await opening;
    });
  });
});

describe('an archive that is cut off', () => {
  it('is not read, wherever that is', () => {
    const bytes = packed();
    const mark = markOf(bytes);
    const whole = read(bytes);
    let cuts = 0;
    for (let at = 0; at <= mark; at += BLOCK / 2) {
      for (const end of [at, at + 1]) {
        if (end > mark) continue;
        const said = read(bytes.subarray(0, end));
        expect(said, `cut at ${end}`).toMatch(
          /the file is empty|nor a tar archive|it ends (in the middle|without the mark)/,
        );
        cuts++;
      }
    }
    expect(cuts).toBeGreaterThan(200);
    // Of the padding behind the mark, nothing is needed.
    expect(read(bytes.subarray(0, mark + BLOCK))).toEqual(whole);
    expect(read(bytes.subarray(0, mark + 3 * BLOCK))).toEqual(whole);
  });

  it('is not read, wherever that is: gzip', () => {
    const bytes = gzipSync(packed('fresh'));
    for (let end = 0; end < bytes.length; end++) {
      expect(read(bytes.subarray(0, end)), `cut at ${end}`).toMatch(
        /cut off or damaged|the file is empty|nor a tar archive/,
      );
    }
    expect(Array.isArray(read(bytes))).toBe(true);
  });

  it('says at which byte, in which member, and what had been read', () => {
    const bytes = packed();
    const at = bytes.indexOf('task.updates') + 3000;
    const said = read(bytes.subarray(0, at));
    expect(said).toMatch(/^the archive is cut off or damaged: it ends in the middle of a member, at byte \d+/);
    expect(said).toContain(`at byte ${at}`);
    expect(said).toMatch(/; \d+ members had been read whole$/);
    const inside = read(bytes.subarray(0, bytes.indexOf(Buffer.from('slave.info')) + 1600));
    expect(inside).toMatch(/, in .*; \d+ members? had been read whole$/);
  });

  it('ends with zeros in any number, as whoever wrote it pads its last record', () => {
    const whole = read(packed());
    for (const blocks of [1, 2, 3, 20, 24, 64, 129, 2048]) {
      const bytes = tar(['-b', `${blocks}`, '-C', materialise('volumes'), '-cf', '-', '--format=posix', '.']);
      expect(read(bytes), `-b ${blocks}`).toEqual(whole);
      expect(read(Buffer.concat([bytes, Buffer.alloc(blocks * BLOCK)])), `-b ${blocks}, and more`).toEqual(whole);
    }
  });

  it('is not read where a page of it was lost', () => {
    const bytes = packed();
    const last = markOf(bytes);
    const whole = read(bytes);
    for (let from = 0; from + 4096 < last; from += 4096) {
      const said = read(Buffer.from(bytes).fill(0, from, from + 4096));
      // What a page that lies in one file's content held, nobody can tell.
      if (Array.isArray(said)) expect(said.map(pathOf)).toEqual((whole as string[]).map(pathOf));
    }
  });
});

const pathOf = (line: string): string => line.slice(0, line.lastIndexOf(' '));

describe('an archive that is damaged', () => {
  it('is not read where a header is: each byte of each', () => {
    const bytes = packed('fresh');
    const mark = markOf(bytes);
    let flips = 0;
    for (let block = 0; block < mark; block += BLOCK) {
      if (bytes.toString('latin1', block + 257, block + 262) !== 'ustar') continue;
      for (let at = block; at < block + BLOCK; at++) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 0x15;
        const isBesideSum = at >= block + 148 && at < block + 156;
        const said = read(changed);
        if (!isBesideSum || typeof said === 'string') expect(typeof said, `byte ${at}`).toBe('string');
        flips++;
      }
    }
    expect(flips).toBeGreaterThan(5000);
  });

  it('is not read where gzip can tell: each byte', () => {
    const bytes = gzipSync(packed('fresh'));
    const whole = read(bytes);
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x40;
      const said = read(changed);
      // Time and system in its header are for nobody.
      if (typeof said !== 'string') expect(said, `byte ${at}`).toEqual(whole);
      else expect(said, `byte ${at}`).toMatch(/cut off or damaged|nor a tar archive/);
    }
  });

  it('is one line for the user, with the path', () => {
    const file = fileWith(gzipSync(packed()).subarray(0, 2000), 'n1.tar.gz');
    expect(() => openPath(file)).toThrow(UnusablePath);
    expect(() => openPath(file)).toThrow(
      /^\/.*n1\.tar\.gz: the archive is cut off or damaged: its compression ends in the middle, near byte 2000, \d+ bytes unpacked/,
    );
  });
});

describe('an archive that is too much', () => {
  const limited = (bytes: Buffer, limits: { readonly bytes: number; readonly members: number }): string => {
    const collector = new Collector(ARCHIVE_LAYOUT, { ...LIMITS, ...limits });
    const unpacker = new Unpacker(collector);
    try {
      unpacker.write(bytes);
      unpacker.end();
      collector.finish();
      return 'read';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it('is refused: bytes, members', () => {
    const bytes = packed();
    const enough = { bytes: 1 << 20, members: 1000 };
    expect(limited(bytes, enough)).toBe('read');
    expect(limited(bytes, { ...enough, bytes: 4096 })).toContain('takes more than 4096 bytes: raise --max-size');
    expect(limited(bytes, { ...enough, members: 10 })).toBe('more than 10 of its members belong to a checkpoint');
  });

  it('is not kept where it is zeros, or belongs to no checkpoint', () => {
    const limits = { bytes: 1 << 20, members: 1000 };
    const big = (name: string, content: Buffer): Buffer => {
      const header = tarHeader(name, content.length);
      return Buffer.concat([header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]);
    };
    const noise = Buffer.alloc(4 << 20, 'noise');
    const end = Buffer.alloc(2 * BLOCK);
    const beside = big('slaves/a/frameworks/f/executors/e/runs/r/stdout', noise);
    expect(
      limited(Buffer.concat([big('meta/boot_id', Buffer.from('x')), beside, big('x/y', noise), end]), limits),
    ).toBe('read');
    expect(limited(Buffer.concat([big('meta/boot_id', Buffer.alloc(64 << 20)), end]), limits)).toBe('read');
    expect(limited(Buffer.concat([big('meta/boot_id', noise), end]), limits)).toContain(
      'takes more than 1.0 MiB: raise --max-size',
    );
    // A bomb: some hundred times what it is.
    const bomb = gzipSync(Buffer.concat([big('meta/slaves/a/slave.info', Buffer.alloc(32 << 20, 'bomb')), end]));
    expect(bomb.length).toBeLessThan(1 << 20);
    expect(limited(bomb, limits)).toContain('takes more than 1.0 MiB: raise --max-size');
  });
});

/** A header of V7, which has no more than is needed. */
const tarHeader = (name: string, size: number): Buffer => {
  const header = Buffer.alloc(BLOCK);
  header.write(name);
  header.write('0000644\0', 100);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
};

describe('the size in an extended header', () => {
  const given = (value: string): number | undefined => sizeOf(Buffer.from(value), 0);

  it.each(['-1', '-512', '1e3', '0x10', ' 1', '99999999999999999999', '12x'])('is no number of bytes: %s', (value) => {
    expect(() => given(value)).toThrow(/the size in an extended header is not a number of bytes/);
  });

  it('is a number of bytes, or none', () => {
    expect([given('0'), given('12'), given('')]).toEqual([0, 12, undefined]);
  });
});
