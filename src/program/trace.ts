/** What a line of the trace says: names of files, sizes, codes and counts. Never what is in a file, nor the value of a variable. */
export type Facts = Readonly<Record<string, string | number | boolean | undefined | readonly string[]>>;

/** Is told what is read and decided. */
export type TraceListener = (what: string, facts: Facts) => void;

let listener: TraceListener | undefined;

/** Tells what is read and decided from now on, to one listener for the whole process; to nobody where it is left out. */
export const traceTo = (to?: TraceListener): void => {
  listener = to;
};

/** Whether anybody listens: the trace of one thread is all there is, so that nothing is read in others. */
export const isTraced = (): boolean => listener !== undefined;

/** Tells what was just read or decided; the facts are formed where somebody listens. */
export const trace = (what: string, facts: () => Facts): void => {
  if (listener !== undefined) listener(what, facts());
};
