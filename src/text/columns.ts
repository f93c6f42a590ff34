/** What a column needs, all in columns of the terminal. */
export interface Need {
  /** What it would like to have: its widest cell. */
  readonly natural: number;
  /** What it is still worth showing with. */
  readonly least: number;
  /** It gives way before those that do not. */
  readonly yields?: boolean | undefined;
  /** Left out where not everything is as wide as it likes. */
  readonly spare?: boolean | undefined;
  /** 0 for what must be there; of the others, those with the highest number are left out first. */
  readonly priority: number;
}

/**
 * Decides how wide columns are that share a width: each as wide as it likes; else the spare ones are left out (undefined),
 * those that yield give way, and then the others, the widest first, each down to its least; what does not fit even then is
 * left out, the least important first.
 */
export const widthsOf = (needs: readonly Need[], width: number, gap: number): readonly (number | undefined)[] => {
  const room = width - gap * Math.max(0, needs.length - 1);
  const natural = needs.map((need) => need.natural);
  const spare = needs.findLastIndex((need) => need.spare === true);
  if (spare >= 0 && sum(natural) > room) return without(needs, spare, width, gap);
  const least = needs.map((need) => Math.min(need.natural, need.least));
  const yielded = levelled(
    natural,
    needs.map(({ yields }, i) => (yields === true ? least : natural)[i] ?? 0),
    room,
  );
  const widths = levelled(yielded, least, room);
  if (sum(widths) <= room) return widths;
  const last = leastImportant(needs);
  if (last !== undefined) return without(needs, last, width, gap);
  // Nothing is left but what must be there.
  const narrow = levelled(
    widths,
    needs.map(({ natural }) => Math.min(natural, 1)),
    room,
  );
  if (sum(narrow) <= room || needs.length === 0) return narrow;
  return without(needs, needs.length - 1, width, gap);
};

const sum = (widths: readonly number[]): number => widths.reduce((total, width) => total + width, 0);

/** The widths without one of the columns. */
const without = (needs: readonly Need[], left: number, width: number, gap: number): readonly (number | undefined)[] =>
  widthsOf(needs.toSpliced(left, 1), width, gap).toSpliced(left, 0, undefined);

/** The last of the columns with the highest number above 0. */
const leastImportant = (needs: readonly Need[]): number | undefined => {
  const highest = needs.reduce((most, { priority }) => Math.max(most, priority), 0);
  return highest === 0 ? undefined : needs.findLastIndex(({ priority }) => priority === highest);
};

/** Takes away from the widest, one column at a time, until they fit into the room or all have their least. */
export const levelled = (widths: readonly number[], least: readonly number[], room: number): readonly number[] => {
  const result = [...widths];
  for (let excess = sum(result) - room; excess > 0; excess--) {
    let widest: number | undefined;
    for (const [i, width] of result.entries()) {
      if (width > (least[i] ?? 0) && (widest === undefined || width >= (result[widest] ?? 0))) widest = i;
    }
    if (widest === undefined) break;
    result[widest] = (result[widest] ?? 0) - 1;
  }
  return result;
};
