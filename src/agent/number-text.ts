const FRACTION_BITS = 52;
const EXPONENT_BIAS = 1075;

/**
 * A double in the form of C's `%.<precision>g`, which is what a C++ stream of that precision prints: exact, rounded half
 * to even, without trailing zeros, in exponent form below 1e-4 and from 10^precision on.
 * @param precision significant digits, at least 1
 */
export function generalNumberText(value: number, precision: number): string {
  if (Number.isNaN(value)) {
    return 'nan';
  }
  if (value < 0 || Object.is(value, -0)) {
    return `-${generalNumberText(-value, precision)}`;
  }
  if (value === Number.POSITIVE_INFINITY) {
    return 'inf';
  }
  if (value === 0) {
    return '0';
  }
  const { digits, exponent } = significantDigits(value, precision);
  return exponent < -4 || exponent >= precision ? exponentForm(digits, exponent) : plainForm(digits, exponent);
}

/** The decimal digits of a positive double (exactly `precision` of them) and the power of ten of the first one. */
function significantDigits(value: number, precision: number): { digits: string; exponent: number } {
  const { numerator, denominator } = exactFraction(value);
  const exponent = decimalExponent(numerator, denominator, value);
  const shift = precision - 1 - exponent;
  const rounded =
    shift >= 0
      ? divideHalfEven(numerator * 10n ** BigInt(shift), denominator)
      : divideHalfEven(numerator, denominator * 10n ** BigInt(-shift));
  const digits = rounded.toString();
  // 9.99...6 rounds up to a digit more.
  return digits.length > precision ? { digits: digits.slice(0, -1), exponent: exponent + 1 } : { digits, exponent };
}

function exactFraction(value: number): { numerator: bigint; denominator: bigint } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> BigInt(FRACTION_BITS)) & 0x7ffn);
  const fraction = bits & ((1n << BigInt(FRACTION_BITS)) - 1n);
  const mantissa = biased === 0 ? fraction : fraction | (1n << BigInt(FRACTION_BITS));
  const power = (biased === 0 ? 1 : biased) - EXPONENT_BIAS;
  return power >= 0
    ? { numerator: mantissa << BigInt(power), denominator: 1n }
    : { numerator: mantissa, denominator: 1n << BigInt(-power) };
}

/** The greatest n with 10^n <= numerator / denominator; `value` is the same number, for a first guess. */
function decimalExponent(numerator: bigint, denominator: bigint, value: number): number {
  const reaches = (n: number): boolean =>
    n >= 0 ? numerator >= denominator * 10n ** BigInt(n) : numerator * 10n ** BigInt(-n) >= denominator;
  let exponent = Math.floor(Math.log10(value));
  while (!reaches(exponent)) {
    exponent -= 1;
  }
  while (reaches(exponent + 1)) {
    exponent += 1;
  }
  return exponent;
}

function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}

function exponentForm(digits: string, exponent: number): string {
  const mantissa = withPoint(digits.slice(0, 1), digits.slice(1));
  const sign = exponent < 0 ? '-' : '+';
  return `${mantissa}e${sign}${Math.abs(exponent).toString().padStart(2, '0')}`;
}

function plainForm(digits: string, exponent: number): string {
  return exponent < 0
    ? withPoint('0', '0'.repeat(-exponent - 1) + digits)
    : withPoint(digits.slice(0, exponent + 1), digits.slice(exponent + 1));
}

function withPoint(whole: string, fraction: string): string {
  const kept = fraction.replace(/0+$/, '');
  return kept === '' ? whole : `${whole}.${kept}`;
}
