import { addCounts } from '../../inspect/walk.ts';
import { type ExecutorsText, NO_COUNTS } from '../../report/inspect/executors-text.ts';
import { GOOD_TEXT, type Span } from './work.ts';

/** The text of a span's executors, up to one that could not be read. */
export interface SpanText {
  readonly text: ExecutorsText;
  /** How many characters it has. */
  readonly length: number;
  readonly failure: { readonly error: unknown } | undefined;
}

/** Reads the executors of a span. */
export const spanText = ({ from, to }: Span, textOf: (number: number) => ExecutorsText): SpanText => {
  const pieces = new Pieces();
  let [shown, total] = [NO_COUNTS, NO_COUNTS];
  let failure: SpanText['failure'];
  try {
    for (let number = from; number < to; number++) {
      const { texts, ...counts } = textOf(number);
      shown = addCounts(shown, counts.shown);
      total = addCounts(total, counts.total);
      if (texts !== undefined) pieces.add(texts);
    }
  } catch (error) {
    failure = { error };
  }
  const texts = pieces.all();
  const length = texts.reduce((sum, piece) => sum + piece.length, 0);
  return { text: { texts: length === 0 ? undefined : texts, shown, total }, length, failure };
};

/** Collects texts, a comma between them, in pieces that are worth a message. */
class Pieces {
  readonly #pieces: string[] = [];
  #waiting = '';

  add(texts: Iterable<string | Uint8Array>): void {
    if (this.#pieces.length > 0 || this.#waiting !== '') this.#waiting += ',';
    for (const text of texts) {
      this.#waiting += text;
      if (this.#waiting.length >= GOOD_TEXT) this.#flush();
    }
  }

  all(): readonly string[] {
    if (this.#waiting !== '') this.#flush();
    return this.#pieces;
  }

  #flush(): void {
    this.#pieces.push(this.#waiting);
    this.#waiting = '';
  }
}
