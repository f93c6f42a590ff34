/**
 * Finds among many values those that may be like another: the same key says that they may be, and another one that they are
 * not. One that has no key has to be compared with each.
 */
export class ByKey<T> {
  readonly #keyOf: (value: T) => string | undefined;
  readonly #all: T[] = [];
  /** Undefined where one of them has no key. */
  #byKey: Map<string, T[]> | undefined = new Map();

  constructor(keyOf: (value: T) => string | undefined, values: readonly T[] = []) {
    this.#keyOf = keyOf;
    for (const value of values) this.add(value);
  }

  /** Adds a value, behind those that are there. */
  add(value: T): void {
    this.#all.push(value);
    if (this.#byKey === undefined) return;
    const key = this.#keyOf(value);
    if (key === undefined) {
      this.#byKey = undefined;
      return;
    }
    const same = this.#byKey.get(key);
    if (same === undefined) this.#byKey.set(key, [value]);
    else same.push(value);
  }

  /** Those that may be like a value, in the order in which they were added. */
  of(value: T): readonly T[] {
    const key = this.#byKey === undefined ? undefined : this.#keyOf(value);
    return key === undefined ? this.#all : (this.#byKey?.get(key) ?? []);
  }
}
