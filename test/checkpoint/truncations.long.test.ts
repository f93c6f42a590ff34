import { describe, expect, it } from 'vitest';
import { verificationProblems } from '../support/problems.ts';
import { samples, samplesByName } from '../support/samples.ts';

const bytes = samples.reduce((sum, sample) => sum + sample.bytes.length, 0);

/** The budget: each file that any fixture has, cut to each length that is shorter than its own. */
describe(`every truncation of every file (${samples.length} files, ${bytes} lengths) is read without a throw`, () => {
  it.each(samplesByName)('%s (%i files)', (_name, _count, own) => {
    for (const { label, source, file, bytes: whole } of own) {
      expect(verificationProblems(source), label).toEqual([]);
      for (let size = 0; size < whole.length; size++) {
        file.bytes = whole.subarray(0, size);
        const problems = verificationProblems(source);
        if (problems.length > 0) expect(problems, `${label}, ${size} bytes of ${whole.length}`).toEqual([]);
      }
    }
  });
});

it('there are files of every kind', () => {
  expect(samples.length).toBeGreaterThan(100);
  expect(bytes).toBeGreaterThan(20_000);
});
