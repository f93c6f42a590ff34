import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests with thousands of damages, or whole processes: `npm run test:quick` leaves them out. */
const LONG = 'test/**/*.long.test.ts';

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
    // As many processes as there are cores. Each runs one file after the other, without loading all modules and fixtures
    // again for each: a test that changes something of its process gives it back.
    pool: 'forks',
    isolate: false,
    maxWorkers: '100%',
    // Finite, so that what hangs fails: the property tests take the longest, and a busy disk is slow to forget a tree.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    sequence: { sequencer: LongFirst },
    projects: [
      { extends: true, test: { name: 'quick', include: ['test/**/*.test.ts'], exclude: [LONG] } },
      { extends: true, test: { name: 'long', include: [LONG] } },
    ],
  },
});
