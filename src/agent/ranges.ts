import type { Value_Range, Value_Ranges } from '../schema/index.ts';

/** Ranges that are not set read as this. */
export const NO_RANGES: Value_Ranges = { range: [] };

/**
 * The same numbers in the fewest ranges, in order: those that overlap or touch become one.
 * Mirrors `coalesce` in values.cpp: the successor of 2^64 - 1 is 0, and an inverted range stays what it is.
 */
export function coalesceRanges(ranges: Value_Ranges): Value_Ranges {
  const [first, ...rest] = ranges.range.toSorted(byBeginThenEnd);
  if (first === undefined) {
    return NO_RANGES;
  }
  const done: Value_Range[] = [];
  let current = first;
  for (const next of rest) {
    if (next.begin === current.begin || next.begin <= successor(current.end)) {
      current = next.end > current.end ? { begin: current.begin, end: next.end } : current;
    } else {
      done.push(current);
      current = next;
    }
  }
  return { range: [...done, current] };
}

/** Whether both hold the same numbers, however they are cut. Mirrors `operator==` on `Value::Ranges`. */
export function rangesEqual(left: Value_Ranges, right: Value_Ranges): boolean {
  const leftRanges = coalesceRanges(left).range;
  const rightRanges = coalesceRanges(right).range;
  return (
    leftRanges.length === rightRanges.length &&
    leftRanges.every(({ begin, end }, at) => begin === rightRanges[at]?.begin && end === rightRanges[at]?.end)
  );
}

/** Whether every number of `inner` is in `outer`. Mirrors `operator<=` on `Value::Ranges`. */
export function rangesInclude(outer: Value_Ranges, inner: Value_Ranges): boolean {
  const outerRanges = coalesceRanges(outer).range;
  let at = 0;
  // Of those that begin no later, the one that ends last tells: an inverted range may end before them.
  let end = -1n;
  return coalesceRanges(inner).range.every((one) => {
    for (let other = outerRanges[at]; other !== undefined && other.begin <= one.begin; other = outerRanges[++at]) {
      if (other.end > end) end = other.end;
    }
    return one.end <= end;
  });
}

/** Mirrors `operator+` on `Value::Ranges`: the result is coalesced. */
export function addRanges(left: Value_Ranges, right: Value_Ranges): Value_Ranges {
  return coalesceRanges({ range: [...left.range, ...right.range] });
}

/** Mirrors `internal::subtract` in values.cpp: the result is in order, and no more coalesced than `left` is. */
export function subtractRanges(left: Value_Ranges, right: Value_Ranges): Value_Ranges {
  if (left.range.length === 0 || right.range.length === 0) {
    return left;
  }
  const cuts = right.range.toSorted(byBegin);
  const kept: Value_Range[] = [];
  // A cut that lies wholly below one range lies below all that follow, so it is never looked at again.
  let firstCut = 0;
  for (const range of left.range.toSorted(byBegin)) {
    const after = cutOne(range, cuts, firstCut);
    for (const each of after.kept) kept.push(each);
    firstCut = after.firstCut;
  }
  return { range: kept };
}

/** The numbers that both hold, coalesced. */
export function intersectRanges(left: Value_Ranges, right: Value_Ranges): Value_Ranges {
  const own = coalesceRanges(left);
  return coalesceRanges(subtractRanges(own, coalesceRanges(subtractRanges(own, coalesceRanges(right)))));
}

/** What is left of one range, and the first cut that the next range has to look at. */
function cutOne(
  range: Value_Range,
  cuts: readonly Value_Range[],
  firstCut: number,
): { kept: readonly Value_Range[]; firstCut: number } {
  const kept: Value_Range[] = [];
  let begin = range.begin;
  for (let index = firstCut; index < cuts.length; index += 1) {
    const cut = cuts[index];
    if (cut === undefined || range.end < cut.begin) {
      return { kept: [...kept, { begin, end: range.end }], firstCut: index };
    }
    if (begin > cut.end) {
      continue;
    }
    if (begin < cut.begin) {
      kept.push({ begin, end: cut.begin - 1n });
    }
    if (range.end <= cut.end) {
      return { kept, firstCut: index };
    }
    begin = cut.end + 1n;
  }
  return { kept: [...kept, { begin, end: range.end }], firstCut: cuts.length };
}

/** `[31000-32000, 33000-33000]`: as `operator<<` of `Value::Ranges` prints it, in the order given. */
export function rangesText(ranges: Value_Ranges): string {
  return `[${ranges.range.map(({ begin, end }) => `${begin}-${end}`).join(', ')}]`;
}

/** The next number in 64 bits. */
function successor(value: bigint): bigint {
  return BigInt.asUintN(64, value + 1n);
}

function byBegin(left: Value_Range, right: Value_Range): number {
  return left.begin < right.begin ? -1 : Number(left.begin > right.begin);
}

function byBeginThenEnd(left: Value_Range, right: Value_Range): number {
  return byBegin(left, right) || (left.end < right.end ? -1 : Number(left.end > right.end));
}
