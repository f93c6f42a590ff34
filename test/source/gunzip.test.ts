import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Gunzip, gunzipBesideTo, gunzipTo, plainGunzipTo, type TakeUnpacked } from '../../src/source/gunzip.ts';
import { anyBytes, check, checkAsync, randomly } from '../support/random.ts';

type GunzipTo = (take: TakeUnpacked) => Gunzip;

/** What comes out of chunks, and what is thrown where they are damaged or cut off. */
const unpacked = (gunzip: GunzipTo, chunks: readonly Buffer[], more?: TakeUnpacked): unknown => {
  const { pieces, take } = taker(more);
  try {
    const own = gunzip(take);
    for (const chunk of chunks) expect(own.write(chunk)).toBeUndefined();
    expect(own.end()).toBeUndefined();
    return Buffer.concat(pieces).toString('hex');
  } catch (error) {
    return whatOf(error);
  }
};

const taker = (more?: TakeUnpacked): { readonly pieces: Buffer[]; readonly take: TakeUnpacked } => {
  const pieces: Buffer[] = [];
  const take: TakeUnpacked = (bytes) => {
    more?.(bytes);
    pieces.push(Buffer.from(bytes));
  };
  return { pieces, take };
};

const whatOf = (error: unknown): { readonly code: string | undefined; readonly message: string } => {
  const { code, message } = error as NodeJS.ErrnoException;
  return { code, message };
};

interface Told {
  readonly thrown: ReturnType<typeof whatOf> | undefined;
  readonly read: number;
  readonly taken: Buffer;
}

/** The same of either way, with all that was taken before something was thrown, and how much had been read then. */
const told = async (gunzip: GunzipTo, chunks: readonly Buffer[], more?: TakeUnpacked): Promise<Told> => {
  const { pieces, take } = taker(more);
  const own = gunzip(take);
  let thrown: Told['thrown'];
  try {
    for (const chunk of chunks) {
      const filled = Buffer.from(chunk);
      await own.write(filled);
      filled.fill(0xff);
    }
    await own.end();
  } catch (error) {
    thrown = whatOf(error);
  }
  return { thrown, read: own.read, taken: Buffer.concat(pieces) };
};

const cutAt = (bytes: Buffer, places: readonly number[]): readonly Buffer[] => {
  const all = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return all.slice(1).map((to, i) => bytes.subarray(all[i] as number, to));
};

const member = fc
  .tuple(anyBytes(300), fc.nat(3000))
  .map(([bytes, times]) => gzipSync(Buffer.alloc(bytes.length * times, bytes)));
const bytes = fc
  .tuple(fc.array(member, { minLength: 1, maxLength: 3 }), fc.uint8Array({ maxLength: 3 }))
  .map((all) => Buffer.concat(all.flat()));
const places = fc.array(fc.nat(), { maxLength: 5 });

describe('a gzip that is unpacked into one buffer', () => {
  it(randomly('gives what the plain way gives', 300), () => {
    check(
      300,
      fc.property(bytes, places, (whole, cuts) => {
        const chunks = cutAt(whole, cuts);
        expect(unpacked(gunzipTo, chunks)).toEqual(unpacked(plainGunzipTo, chunks));
      }),
    );
  });

  it(randomly('fails as the plain way fails', 300), () => {
    let failed = 0;
    check(
      300,
      fc.property(bytes, places, fc.nat(), fc.nat(), (whole, cuts, end, flipped) => {
        const cut = Buffer.from(whole.subarray(0, end % whole.length));
        if (cut.length > 0) cut[flipped % cut.length] = 0xff ^ (cut[flipped % cut.length] as number);
        const chunks = cutAt(cut, cuts);
        const answer = unpacked(gunzipTo, chunks);
        if (typeof answer === 'object') failed++;
        expect(answer).toEqual(unpacked(plainGunzipTo, chunks));
      }),
    );
    expect(failed).toBeGreaterThan(100);
  });

  it('ends where what takes it throws', () => {
    const fail = (): never => {
      throw new Error('enough');
    };
    for (const way of [gunzipTo, plainGunzipTo]) {
      expect(unpacked(way, [gzipSync(Buffer.alloc(100_000))], fail)).toMatchObject({ message: 'enough' });
    }
  });
});

/** What throws when so many bytes have come. */
const failingAfter = (count: number): TakeUnpacked => {
  let left = count;
  return (bytes) => {
    left -= bytes.length;
    if (left < 0) throw new Error('enough');
  };
};

/** Says the same as unpacking here does; what came out just before zlib found damage is lost. */
const compare = (beside: Told, here: Told): void => {
  expect([beside.thrown, beside.read]).toEqual([here.thrown, here.read]);
  const isLost = beside.thrown?.code?.startsWith('Z_') === true && beside.taken.length < here.taken.length;
  expect(beside.taken.equals(isLost ? here.taken.subarray(0, beside.taken.length) : here.taken)).toBe(true);
};

describe('a gzip that is unpacked in another thread', () => {
  it('is', () => {
    const write = gunzipBesideTo(() => undefined).write(gzipSync('x'));
    expect(write).toBeInstanceOf(Promise);
    return write;
  });

  it(randomly('gives what is unpacked here, and fails as that does', 300), async () => {
    let failed = 0;
    await checkAsync(
      300,
      fc.asyncProperty(bytes, places, fc.nat(), fc.nat(), fc.nat(20_000), async (whole, cuts, end, flipped, enough) => {
        const cut = Buffer.from(whole.subarray(0, end % 3 === 0 ? end % whole.length : whole.length));
        if (cut.length > 0 && flipped % 2 === 0)
          cut[flipped % cut.length] = 0xff ^ (cut[flipped % cut.length] as number);
        const chunks = cutAt(cut, cuts);
        const more = (): TakeUnpacked | undefined => (flipped % 3 === 0 ? failingAfter(enough) : undefined);
        const answer = await told(gunzipBesideTo, chunks, more());
        if (answer.thrown !== undefined) failed++;
        compare(answer, await told(gunzipTo, chunks, more()));
      }),
    );
    expect(failed).toBeGreaterThan(100);
  });

  it('is much larger than what is unpacked at a time', async () => {
    const large = Buffer.alloc(5 << 20, 'a text that is not that long, and comes again and again ');
    const chunks = cutAt(gzipSync(large), [100, 2000]);
    for (const enough of [0, 1 << 20, (2 << 20) - 1, 3 << 20, (5 << 20) - 1]) {
      const answer = await told(gunzipBesideTo, chunks, failingAfter(enough));
      compare(answer, await told(gunzipTo, chunks, failingAfter(enough)));
      expect(answer).toMatchObject({ thrown: { message: 'enough' } });
    }
    const { thrown, taken } = await told(gunzipBesideTo, chunks);
    expect([thrown, taken.equals(large)]).toEqual([undefined, true]);
  });
});
