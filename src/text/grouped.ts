/** What belongs together, by what it has in common, in the order in which it comes (`Map.groupBy`, which Node.js 20 lacks). */
export const grouped = <K, T>(all: Iterable<T>, keyOf: (each: T) => K): ReadonlyMap<K, readonly T[]> => {
  const groups = new Map<K, T[]>();
  for (const each of all) {
    const key = keyOf(each);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return groups;
};
