import type { TracedText } from './origin.ts';

/** A variable of an environment, with what it was set to before. */
export interface Variable extends TracedText {
  readonly name: string;
  /** Oldest first. */
  readonly overridden: readonly TracedText[];
}

/** So many of the values that a variable had before are kept, the last ones. */
const MOST_OVERRIDDEN = 100;

/** What a variable had before, for one that is set again: without what each of these had before it. */
export const overriddenBy = (
  before: (TracedText & { readonly overridden: readonly TracedText[] }) | undefined,
): readonly TracedText[] => {
  if (before === undefined) return [];
  const { value, origin, unknown, overridden } = before;
  return [...overridden.slice(1 - MOST_OVERRIDDEN), { value, origin, unknown }];
};

/** An environment under construction: by name, in the order of first setting. */
export class Environment {
  readonly #variables = new Map<string, Variable>();

  /** Sets a variable; what it was before is kept with it. */
  set(name: string, { value, origin, unknown }: TracedText): void {
    const before = this.#variables.get(name);
    this.#variables.set(name, { name, value, origin, unknown, overridden: overriddenBy(before) });
  }

  /** Takes a variable away. */
  unset(name: string): void {
    this.#variables.delete(name);
  }

  get(name: string): Variable | undefined {
    return this.#variables.get(name);
  }

  [Symbol.iterator](): Iterator<Variable> {
    return this.#variables.values();
  }

  /** A copy, to be changed apart. */
  copy(): Environment {
    const copy = new Environment();
    for (const [name, variable] of this.#variables) copy.#variables.set(name, variable);
    return copy;
  }
}
