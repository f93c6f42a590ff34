import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fileWith } from '../support/archives.ts';
import { HOSTILE, hostileArchive } from '../support/hostile-archives.ts';

/** MiB of objects that the program may have, in which a start alone takes some twenty. */
const HEAP = 64;
/** Of a host that was collected all paths are kept: these are 150,000. */
const OF_MANY_NAMES = 256;
const SIZE = 3000;

const COMMAND = 'bin/mesos-ckpt.js';

describe(`the command reads within ${HEAP} MiB of heap`, { timeout: 60_000 }, () => {
  it.each(Object.keys(HOSTILE))('an archive of %s', (name) => {
    const file = fileWith(gzipSync(hostileArchive(name, name.includes('megabyte') ? SIZE / 10 : SIZE)), 'n1.tar.gz');
    const { status, stderr, signal } = spawnSync(
      process.execPath,
      [`--max-old-space-size=${name.includes('many names') ? OF_MANY_NAMES : HEAP}`, COMMAND, 'verify', file],
      { encoding: 'utf8' },
    );
    expect(signal).toBeNull();
    expect([0, 1, 2, 3]).toContain(status);
    // An archive that is refused is told in one line, which names it.
    if (status === 3) expect(stderr).toMatch(/^mesos-ckpt: .*n1\.tar\.gz: .*\n$/);
    expect(stderr).not.toContain('internal error');
  });
});
