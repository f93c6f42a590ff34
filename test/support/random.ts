import fc from 'fast-check';

/**
 * Random tests take another seed at each run, and say it when they fail; `SEED=1234 npx vitest run test/…` runs one
 * again. The seed is the same for all tests of a file.
 */
export const seed: number = process.env['SEED'] === undefined ? Date.now() % 2 ** 31 : Number(process.env['SEED']);

/** Looks for a counterexample in so many runs, and fails with the smallest that it finds and the seed. */
export const check = <T extends [unknown, ...unknown[]]>(runs: number, property: fc.IProperty<T>): void => {
  fc.assert(property, { numRuns: runs, seed });
};

/** The same for what takes time; parts of one test take seeds of their own. */
export const checkAsync = <T>(runs: number, property: fc.IAsyncProperty<T>, own = seed): Promise<void> =>
  fc.assert(property, { numRuns: runs, seed: own });

/** Names a random test with what it tries. */
export const randomly = (what: string, runs: number): string => `${what} (${runs} runs, seed ${seed})`;

/** Any bytes, with those that UTF-8 and protobuf care about more often. */
export const anyBytes = (maxLength = 200): fc.Arbitrary<Buffer> =>
  fc
    .array(
      fc.oneof(
        fc.uint8Array({ maxLength: 4 }),
        fc.string({ unit: 'binary', maxLength: 4 }).map((text) => new Uint8Array(Buffer.from(text))),
        fc.constantFrom(...INTERESTING).map((each) => Uint8Array.from(each)),
      ),
      { maxLength: maxLength / 4 },
    )
    .map((parts) => Buffer.concat(parts));

/** Overlong forms, surrogates, what lies beyond Unicode, sequences that are cut short, and U+FFFD itself. */
const INTERESTING: readonly (readonly number[])[] = [
  [0xc0, 0x80],
  [0xe0, 0x80, 0x80],
  [0xed, 0xa0, 0x80],
  [0xed, 0xbf, 0xbf],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf0, 0x9f, 0x98],
  [0xe2, 0x82],
  [0x80],
  [0xff],
  [0xef, 0xbf, 0xbd],
  [0xf0, 0x9f, 0x98, 0x80],
  [0],
];
