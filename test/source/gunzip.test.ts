import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gunzipTo, plainGunzipTo, type TakeUnpacked } from '../../src/source/gunzip.ts';
import { anyBytes, check, randomly } from '../support/random.ts';

/** What comes out of chunks, and what is thrown where they are damaged or cut off. */
const unpacked = (gunzip: typeof gunzipTo, chunks: readonly Buffer[], more?: TakeUnpacked): unknown => {
  const pieces: Buffer[] = [];
  try {
    const own = gunzip((bytes) => {
      pieces.push(Buffer.from(bytes));
      more?.(bytes);
    });
    for (const chunk of chunks) own.write(chunk);
    own.end();
    return Buffer.concat(pieces).toString('hex');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { code, message };
  }
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
