import { type GradualInspection, NOTHING } from '../../inspect/inspect.ts';
import type { InspectedExecutor, InspectedFramework } from '../../inspect/inspected.ts';
import { type Selector, selectorOf } from '../../inspect/select.ts';
import { addCounts, type Counts, countsOf } from '../../inspect/walk.ts';
import { jsonLine } from '../../text/escape.ts';
import { beforeAgent, behindFramework, type InspectionAbout, Writer } from './json.ts';

/**
 * What `inspectJson` comes to, as text, in pieces: executors are read when theirs is asked for. Where reading one fails, the
 * document ends there, with `error`, and is still one; `onFailure` is told.
 */
export function* inspectJsonPieces(
  all: GradualInspection,
  about: InspectionAbout,
  onFailure: (error: unknown) => string,
): Generator<string, void, undefined> {
  const writer = new Writer(about);
  const gradual = new GradualWriter(all, writer, selectorOf(about.selection), onFailure);
  yield `${opened(beforeAgent(writer, all, about), '}')},"agent":`;
  yield* gradual.agent();
  yield ',"framework":';
  yield* gradual.root();
  const { shown, total, error } = gradual;
  const rest = { ...behindFramework(writer, all, shown, total), ...(error === undefined ? {} : { error }) };
  yield `,${jsonLine(rest).slice(1)}\n`;
}

/** The text of something whose last parts are still to come: without what closes it. */
const opened = (value: object, closing: string): string => jsonLine(value).slice(0, -closing.length);

const NONE: Counts = { frameworks: 0, executors: 0, runs: 0, tasks: 0, damaged: 0 };

/** Writes an agent or a framework while its executors are read, and counts what is there and what is shown. */
class GradualWriter {
  readonly #all: GradualInspection;
  readonly #writer: Writer;
  readonly #selector: Selector;
  readonly #onFailure: (error: unknown) => string;
  shown: Counts = NONE;
  total: Counts = NONE;
  /** Why no more was read. */
  error: string | undefined;

  constructor(all: GradualInspection, writer: Writer, selector: Selector, onFailure: (error: unknown) => string) {
    this.#all = all;
    this.#writer = writer;
    this.#selector = selector;
    this.#onFailure = onFailure;
    // All but the frameworks of an agent, and the executors of a framework.
    const { agent, framework } = all;
    const own = { ...all, agent: agent && { ...agent, frameworks: [] }, framework: undefined };
    this.#count(countsOf({ ...NOTHING, ...own }), true);
    if (framework !== undefined) this.#count(countsOf({ ...NOTHING, framework }), true);
  }

  *agent(): Generator<string> {
    const { agent } = this.#all;
    if (agent === undefined) return yield 'null';
    yield opened(this.#writer.agent({ ...agent, frameworks: [] }), ']}');
    let isFirst = true;
    for (const framework of agent.frameworks) {
      if (this.error !== undefined) break;
      for (const text of this.#ofAgent(framework)) {
        yield isFirst ? text.slice(1) : text;
        isFirst = false;
      }
    }
    yield ']}';
  }

  *root(): Generator<string> {
    const { framework } = this.#all;
    if (framework === undefined) return yield 'null';
    yield opened(this.#writer.framework(framework), ']}');
    yield* this.#executors(framework, '');
    yield ']}';
  }

  /** A framework with a comma before it, or nothing where it is not asked for. */
  *#ofAgent(framework: InspectedFramework): Generator<string> {
    const counts = countsOf({ ...NOTHING, framework });
    this.#count(counts, false);
    if (!this.#selector.asksFor(framework)) {
      for (const executor of this.#read(framework)) this.#count(countsOf({ ...NOTHING, executor }), false);
      return;
    }
    const head = `,${opened(this.#writer.framework(framework), ']}')}`;
    let isOpen = this.#selector.isShownAlone(framework);
    if (isOpen) yield head;
    for (const text of this.#executors(framework, isOpen ? '' : head)) {
      yield text;
      isOpen = true;
    }
    if (!isOpen) return;
    this.shown = addCounts(this.shown, counts);
    yield ']}';
  }

  /** The executors that are asked for; `head` goes before the first one. */
  *#executors(framework: InspectedFramework, head: string): Generator<string> {
    let before = head;
    for (const executor of this.#read(framework)) {
      this.#count(countsOf({ ...NOTHING, executor }), false);
      const shown = this.#selector.ofFramework(executor);
      if (shown === undefined) continue;
      this.shown = addCounts(this.shown, countsOf({ ...NOTHING, executor: shown }));
      yield before + jsonLine(this.#writer.executor(shown));
      before = ',';
    }
  }

  *#read(framework: InspectedFramework): Generator<InspectedExecutor> {
    try {
      yield* this.#all.executorsOf(framework);
    } catch (error) {
      this.error = this.#onFailure(error);
    }
  }

  #count(counts: Counts, isShown: boolean): void {
    this.total = addCounts(this.total, counts);
    if (isShown) this.shown = addCounts(this.shown, counts);
  }
}
