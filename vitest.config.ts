import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    globals: false,
    // A process a file: nothing of one file's state reaches another's. As many at a time as there are cores.
    pool: 'forks',
    maxWorkers: '100%',
    // Finite, so that what hangs fails: the property tests take the longest, and a busy disk is slow to forget a tree.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
