import * as fs from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests with thousands of damages, or whole processes: `npm run test:quick` leaves them out. */
const LONG = 'test/**/*.long.test.ts';

/** The magic number of a file system in memory: statfs(2). */
const TMPFS = 0x01021994;

const GIB = 2 ** 30;

const IN_MEMORY = '/dev/shm';

/**
 * Where the trees of tests are made: in memory where this machine has such a folder with so many bytes free, as most of
 * their time is a disk's otherwise. A TMPDIR that is set is kept.
 */
const inMemory = (needed: number): Readonly<Record<string, string>> => {
  if (process.env.TMPDIR !== undefined || !fs.existsSync(IN_MEMORY)) return {};
  const { type, bavail, bsize } = fs.statfsSync(IN_MEMORY);
  return type === TMPFS && bavail * bsize >= needed ? { TMPDIR: IN_MEMORY } : {};
};

/** The same where programs may run there too: in a container they often may not. */
const programsInMemory = (needed: number): Readonly<Record<string, string>> => {
  const env = inMemory(needed);
  if (env['TMPDIR'] === undefined) return env;
  const mounts = fs.readFileSync('/proc/mounts', 'utf8').split('\n');
  const mount = mounts.map((line) => line.split(' ')).findLast(([, place]) => place === IN_MEMORY);
  return mount?.[3]?.split(',').includes('noexec') === true ? {} : env;
};

/** The long ones first, so that no core waits for one of them at the end. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((each) => !isLong(each))];
  }
}

const isLong = ({ project }: TestSpecification): boolean => project.name === 'long';

export default defineConfig({
  test: {
    environment: 'node',
    globals: false,
    globalSetup: 'test/support/global-setup.ts',
    setupFiles: 'test/support/bytes-equal.ts',
    // A process more than there are cores, since some tests wait for other programs. Each runs one file after the other, without
    // loading all modules and fixtures again for each: a test that changes something of its process gives it back.
    // What was compiled for an earlier run is kept below node_modules, by its content.
    experimental: { fsModuleCache: true },
    pool: 'forks',
    isolate: false,
    maxWorkers: availableParallelism() + 1,
    // Finite, so that what hangs fails: the property tests take the longest, and a busy disk is slow to forget a tree.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    sequence: { sequencer: LongFirst },
    projects: [
      { extends: true, test: { name: 'quick', include: ['test/**/*.test.ts'], exclude: [LONG], env: inMemory(GIB) } },
      // Archives of several GiB are among them, and programs that stand in for others.
      { extends: true, test: { name: 'long', include: [LONG], env: programsInMemory(8 * GIB) } },
    ],
  },
});
