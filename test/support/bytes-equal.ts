import { expect } from 'vitest';

/**
 * Bytes are compared as bytes: element by element, as other lists are, a megabyte takes seconds. What is no pair of the same
 * kind is left to the others, and so is a pair that differs, whose difference they show.
 */
const areBytesEqual = (a: unknown, b: unknown): true | undefined =>
  a instanceof Uint8Array &&
  b instanceof Uint8Array &&
  Object.getPrototypeOf(a) === Object.getPrototypeOf(b) &&
  Buffer.compare(a, b) === 0
    ? true
    : undefined;

expect.addEqualityTesters([areBytesEqual]);
