import { fail, type Parsed, succeed } from './parsed.ts';

const BYTES_PER: Readonly<Record<string, bigint>> = {
  B: 1n,
  KB: 1n << 10n,
  MB: 1n << 20n,
  GB: 1n << 30n,
  TB: 1n << 40n,
};

/** A size, as `Bytes::parse` reads it: digits and a unit right behind them, in any case; no fractions. */
export const parseBytes = (text: string): Parsed<bigint> => {
  const [, digits = '', rest = ''] = /^([0-9]*)(.*)$/s.exec(text) ?? [];
  if (rest === '') return fail(`Invalid bytes '${text}'`);
  if (rest.startsWith('.')) return fail(`Fractional bytes '${text}'`);
  const value = BigInt(digits === '' ? 0 : digits);
  if (digits === '' || value >= 1n << 64n) return fail(`Failed to convert '${digits}' to number`);
  const unit = rest.replace(/[a-z]/g, (letter) => letter.toUpperCase());
  const factor = Object.hasOwn(BYTES_PER, unit) ? BYTES_PER[unit] : undefined;
  return factor === undefined ? fail(`Unknown bytes unit '${unit}'`) : succeed(BigInt.asUintN(64, value * factor));
};
