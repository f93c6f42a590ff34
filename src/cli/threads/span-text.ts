import { type ExecutorsText, joined, NO_COUNTS } from '../../report/inspect/executors-text.ts';
import type { Span } from './work.ts';

type Joined = ExecutorsText & { readonly text: string };

/** The text of a span's executors, up to one that could not be read. */
export interface SpanText {
  readonly text: Joined;
  readonly failure: { readonly error: unknown } | undefined;
}

/** Reads the executors of a span. */
export const spanText = ({ from, to }: Span, textOf: (number: number) => ExecutorsText): SpanText => {
  let text: Joined = { text: '', shown: NO_COUNTS, total: NO_COUNTS };
  try {
    for (let number = from; number < to; number++) text = joined(text, textOf(number));
    return { text, failure: undefined };
  } catch (error) {
    return { text, failure: { error } };
  }
};
