/** Work that may have parts of it done beside it, in other threads: it yields what it waits for then, and nothing where it does all by itself. */
export type Waiting<T> = Generator<Promise<void> | undefined, T, void>;

/**
 * Does work that waits for nothing.
 * @throws TypeError where it waits for something all the same
 */
export const atOnce = <T>(work: Waiting<T>): T => {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (step.value !== undefined) throw new TypeError('it waits for something');
  }
};

/** Does work, and waits for what it waits for; what fails meanwhile is thrown in it. */
export const inTurns = async <T>(work: Waiting<T>): Promise<T> => {
  let step = work.next();
  while (step.done !== true) {
    try {
      await step.value;
    } catch (error) {
      step = work.throw(error);
      continue;
    }
    step = work.next();
  }
  return step.value;
};
