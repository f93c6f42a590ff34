import type { Value_Scalar } from '../schema/index.ts';
import { generalNumberText } from './number-text.ts';

/** What `llround` gives on x86-64 for what does not fit, a NaN and the infinities. */
const OUT_OF_RANGE = -(2n ** 63n);
const LIMIT = 2 ** 63;
const PER_UNIT = 1000n;

/** The digits that a C++ stream is set to for a scalar: `digits10` of a double. */
const PRECISION = 15;

/** A scalar that is not set reads as this. */
export const ZERO_SCALAR: Value_Scalar = { value: 0 };

/**
 * A scalar's value as the agent computes with it: thousandths, rounded half away from zero.
 * Mirrors `convertToFixed` in values.cpp, with `llround` as it is on x86-64.
 */
export function toThousandths(value: number): bigint {
  const product = value * 1000;
  if (!(Math.abs(product) < LIMIT)) {
    return OUT_OF_RANGE;
  }
  const whole = Math.trunc(product);
  const isHalfOrMore = Math.abs(product - whole) >= 0.5;
  return BigInt(isHalfOrMore ? whole + Math.sign(product) : whole);
}

/** The double that stands for so many thousandths. Mirrors `convertToFloating` in values.cpp. */
export function fromThousandths(thousandths: bigint): number {
  return Number(thousandths / PER_UNIT) + Number(thousandths % PER_UNIT) / 1000;
}

/** Negative, zero or positive as `left` is less than, equal to or greater than `right`, to the thousandth. */
export function compareScalars(left: Value_Scalar, right: Value_Scalar): number {
  const difference = toThousandths(left.value) - toThousandths(right.value);
  return difference < 0n ? -1 : Number(difference > 0n);
}

/** Mirrors `operator+` on `Value::Scalar`; like there, a sum out of range wraps. */
export function addScalars(left: Value_Scalar, right: Value_Scalar): Value_Scalar {
  const sum = toThousandths(left.value) + toThousandths(right.value);
  return { value: fromThousandths(BigInt.asIntN(64, sum)) };
}

/** Mirrors `operator-` on `Value::Scalar`; like there, a difference out of range wraps. */
export function subtractScalars(left: Value_Scalar, right: Value_Scalar): Value_Scalar {
  const difference = toThousandths(left.value) - toThousandths(right.value);
  return { value: fromThousandths(BigInt.asIntN(64, difference)) };
}

/** `2048`, `0.5`, `1e+20`: as `operator<<` of `Value::Scalar` prints it, to the thousandth. */
export function scalarText(scalar: Value_Scalar): string {
  return generalNumberText(fromThousandths(toThousandths(scalar.value)), PRECISION);
}
