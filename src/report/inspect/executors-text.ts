import type { ExecutorsFolder } from '../../inspect/inspect.ts';
import type { InspectedExecutor } from '../../inspect/inspected.ts';
import type { Selector } from '../../inspect/select.ts';
import { type Counts, countsOfExecutor } from '../../inspect/walk.ts';
import type { Writer } from './json.ts';

/** Executors of a framework, as a piece of the document. */
export interface ExecutorsText {
  /** Those that are shown, with a comma between them, in pieces that are made when they are taken, once; undefined where none is. */
  readonly texts: Iterable<string | Uint8Array> | undefined;
  readonly shown: Counts;
  readonly total: Counts;
}

export const NO_COUNTS: Counts = { frameworks: 0, executors: 0, runs: 0, tasks: 0, damaged: 0 };

/** Forms the text of executors, of those that are asked for. */
export class ExecutorsTexts {
  readonly #writer: Writer;
  readonly #selector: Selector;

  constructor(writer: Writer, selector: Selector) {
    this.#writer = writer;
    this.#selector = selector;
  }

  of(executor: InspectedExecutor): ExecutorsText {
    const total = countsOfExecutor(executor);
    const shown = this.#selector.ofFramework(executor);
    if (shown === undefined) return { texts: undefined, shown: NO_COUNTS, total };
    const texts = this.#writer.executorTexts(shown);
    return { texts, shown: shown === executor ? total : countsOfExecutor(shown), total };
  }
}

/** Reads the executors of a framework piece by piece, several at once where that is faster: in the order of the folder. */
export type ReadPieces = (
  folder: ExecutorsFolder,
  textOf: (number: number) => ExecutorsText,
) => Iterable<ExecutorsText>;

/** Reads one after the other. */
export const oneByOne: ReadPieces = function* ({ entries }, textOf) {
  for (let number = 0; number < entries.length; number++) yield textOf(number);
};
