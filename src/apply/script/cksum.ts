/** The checksum that `cksum` of POSIX prints: hosts without `sha256sum` have it. */

const POLYNOMIAL = 0x04c1_1db7;

/** What each byte makes of a remainder of 0, the highest bit first. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte << 24;
  for (let bit = 0; bit < 8; bit++) remainder = remainder < 0 ? (remainder << 1) ^ POLYNOMIAL : remainder << 1;
  return remainder;
});

const next = (remainder: number, byte: number): number =>
  (remainder << 8) ^ (TABLE[((remainder >>> 24) ^ byte) & 0xff] as number);

/** A checksum in the making. */
export class Cksum {
  #remainder = 0;
  #length = 0;

  update(bytes: Uint8Array): void {
    let remainder = this.#remainder;
    for (let i = 0; i < bytes.length; i++) remainder = next(remainder, bytes[i] as number);
    this.#remainder = remainder;
    this.#length += bytes.length;
  }

  /** In decimal, as `cksum` prints it; the length counts, its lowest byte first. */
  digest(): string {
    let remainder = this.#remainder;
    for (let length = this.#length; length > 0; length = Math.floor(length / 256)) {
      remainder = next(remainder, length % 256);
    }
    return String(~remainder >>> 0);
  }
}
