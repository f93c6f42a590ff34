import fc from 'fast-check';

/** What random tests try where nothing else is asked for (docs/decisions/0028). */
const SEED = 20_261_126;

const seedOf = (asked: string | undefined): number => {
  if (asked === undefined) return SEED;
  if (asked === 'random') return Date.now() % 2 ** 31;
  const given = Number(asked);
  if (!Number.isSafeInteger(given)) throw new Error(`SEED is a whole number, or random, and not ${asked}`);
  return given;
};

/**
 * The seed of all random tests of a run, which they print: `SEED=1234 npx vitest run test/…` takes another, and
 * `SEED=random` a new one.
 */
export const seed: number = seedOf(process.env['SEED']);

/** How many runs a test makes whose number can be asked for: `RUNS=10000 SEED=random npx vitest run FILE`. */
export const runsOf = (usual: number): number => {
  const asked = process.env['RUNS'];
  if (asked === undefined) return usual;
  const given = Number(asked);
  if (!Number.isSafeInteger(given) || given < 1) throw new Error(`RUNS is a number of runs, and not ${asked}`);
  return given;
};

/**
 * Looks for a counterexample in so many runs, and fails with the smallest that it finds and the seed. The parts of one
 * test take seeds of their own.
 */
export const check = <T extends [unknown, ...unknown[]]>(runs: number, property: fc.IProperty<T>, part = 0): void => {
  fc.assert(property, { numRuns: runs, seed: seed + part });
};

/** The same for what takes time; parts of one test take seeds of their own. */
export const checkAsync = <T>(runs: number, property: fc.IAsyncProperty<T>, own = seed): Promise<void> =>
  fc.assert(property, { numRuns: runs, seed: own });

/** Names a random test with what it tries. */
export const randomly = (what: string, runs: number): string => `${what} (${runs} runs, seed ${seed})`;

/** Any code point but half of a surrogate pair. */
const codePoint = fc.nat(0x10_ffff - 0x800).map((each) => String.fromCodePoint(each < 0xd800 ? each : each + 0x800));

/** Any text: as fast-check's own `unit: 'binary'`, for which each process makes a table of all code points, for seconds. */
export const anyText = (length: { readonly maxLength?: number } = {}): fc.Arbitrary<string> =>
  fc.string({ ...length, unit: codePoint });

/** Any bytes, with those that UTF-8 and protobuf care about more often. */
export const anyBytes = (maxLength = 200): fc.Arbitrary<Buffer> =>
  fc
    .array(
      fc.oneof(
        fc.uint8Array({ maxLength: 4 }),
        anyText({ maxLength: 4 }).map((text) => new Uint8Array(Buffer.from(text))),
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
