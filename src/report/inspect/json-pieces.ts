import { type ExecutorsFolder, type GradualInspection, NOTHING } from '../../inspect/inspect.ts';
import type { InspectedFramework } from '../../inspect/inspected.ts';
import { type Selector, selectorOf } from '../../inspect/select.ts';
import { addCounts, type Counts, countsOf } from '../../inspect/walk.ts';
import { advance } from '../../program/progress.ts';
import { type Entry, join } from '../../source/source.ts';
import { type ExecutorsText, ExecutorsTexts, NO_COUNTS, oneByOne, type ReadPieces } from './executors-text.ts';
import { beforeAgent, behindFramework, type InspectionAbout, Writer, withoutEnd } from './json.ts';
import type { PlainTexts } from './plain-text.ts';

/**
 * What `inspectJson` comes to, as text or its bytes, in pieces: executors are read when theirs is asked for. Where reading one
 * fails, the document ends there, with `error`, and is still one; `onFailure` is told.
 */
export function* inspectJsonPieces(
  all: GradualInspection,
  about: InspectionAbout,
  onFailure: (error: unknown) => string,
  readPieces: ReadPieces = oneByOne,
  plain?: PlainTexts,
): Generator<string | Uint8Array, void, undefined> {
  const writer = new Writer(about);
  const gradual = new GradualWriter(all, writer, selectorOf(about.selection), onFailure, readPieces, plain);
  yield* opened(writer, () => beforeAgent(writer, all, about), '}');
  yield ',"agent":';
  yield* gradual.agent();
  yield ',"framework":';
  yield* gradual.root();
  const { shown, total, error } = gradual;
  let before = ',';
  const rest = () => ({ ...behindFramework(writer, all, shown, total), ...(error === undefined ? {} : { error }) });
  for (const text of writer.textsOf(rest)) {
    // What it begins with stands already.
    yield before === '' ? text : `${before}${text.slice(1)}`;
    before = '';
  }
  yield '\n';
}

/** The text of something whose last parts are still to come: without what closes it. */
const opened = (writer: Writer, make: () => object, closing: string): Iterable<string> =>
  withoutEnd(writer.textsOf(make), closing.length);

/** Writes an agent or a framework while its executors are read, and counts what is there and what is shown. */
class GradualWriter {
  readonly #all: GradualInspection;
  readonly #writer: Writer;
  readonly #selector: Selector;
  readonly #onFailure: (error: unknown) => string;
  readonly #readPieces: ReadPieces;
  readonly #texts: ExecutorsTexts;
  readonly #plain: PlainTexts | undefined;
  shown: Counts = NO_COUNTS;
  total: Counts = NO_COUNTS;
  /** Why no more was read. */
  error: string | undefined;

  constructor(
    all: GradualInspection,
    writer: Writer,
    selector: Selector,
    onFailure: (error: unknown) => string,
    readPieces: ReadPieces,
    plain: PlainTexts | undefined,
  ) {
    this.#all = all;
    this.#writer = writer;
    this.#selector = selector;
    this.#onFailure = onFailure;
    this.#readPieces = readPieces;
    this.#texts = new ExecutorsTexts(writer, selector);
    this.#plain = plain;
    // All but the frameworks of an agent, and the executors of a framework.
    const { agent, framework } = all;
    const own = { ...all, agent: agent && { ...agent, frameworks: [] }, framework: undefined };
    this.#count(countsOf({ ...NOTHING, ...own }), true);
    if (framework !== undefined) this.#count(countsOf({ ...NOTHING, framework }), true);
  }

  *agent(): Generator<string | Uint8Array> {
    const { agent } = this.#all;
    if (agent === undefined) return yield 'null';
    yield* opened(this.#writer, () => this.#writer.agent({ ...agent, frameworks: [] }), ']}');
    let isFirst = true;
    for (const framework of agent.frameworks) {
      if (this.error !== undefined) break;
      for (const text of this.#ofAgent(framework)) {
        // The first text of a framework is what comes before its executors.
        yield isFirst ? (text as string).slice(1) : text;
        isFirst = false;
      }
    }
    yield ']}';
  }

  *root(): Generator<string | Uint8Array> {
    const { framework } = this.#all;
    if (framework === undefined) return yield 'null';
    yield* opened(this.#writer, () => this.#writer.framework(framework), ']}');
    yield* this.#executors(framework, []);
    yield ']}';
  }

  /** A framework with a comma before it, or nothing where it is not asked for. */
  *#ofAgent(framework: InspectedFramework): Generator<string | Uint8Array> {
    advance();
    const counts = countsOf({ ...NOTHING, framework });
    this.#count(counts, false);
    if (!this.#selector.asksFor(framework)) {
      for (const { total } of this.#read(framework)) this.total = addCounts(this.total, total);
      return;
    }
    const head = [',', ...opened(this.#writer, () => this.#writer.framework(framework), ']}')];
    let isOpen = this.#selector.isShownAlone(framework);
    if (isOpen) yield* head;
    for (const text of this.#executors(framework, isOpen ? [] : head)) {
      yield text;
      isOpen = true;
    }
    if (!isOpen) return;
    this.shown = addCounts(this.shown, counts);
    yield ']}';
  }

  /** The executors that are asked for; `head` goes before the first one. */
  *#executors(framework: InspectedFramework, head: readonly string[]): Generator<string | Uint8Array> {
    let before = head;
    for (const { texts, shown, total } of this.#read(framework)) {
      this.total = addCounts(this.total, total);
      this.shown = addCounts(this.shown, shown);
      if (texts === undefined) continue;
      yield* before;
      yield* texts;
      before = [','];
    }
  }

  *#read(framework: InspectedFramework): Generator<ExecutorsText> {
    const folder = this.#all.folderOf(framework);
    if (folder === undefined) return;
    try {
      yield* this.#readPieces(
        folder,
        (number) => this.#plainText(folder, number) ?? this.#texts.of(folder.read(number)),
      );
    } catch (error) {
      this.error = this.#onFailure(error);
    }
  }

  #plainText({ ids, path, entries, isLinked }: ExecutorsFolder, number: number): ExecutorsText | undefined {
    const { name, kind } = entries[number] as Entry;
    if (isLinked || kind !== 'folder') return undefined;
    const { reader, hasSandboxes } = this.#all;
    const text = this.#plain?.of(reader, { ...ids, executor: name }, join(path, name), hasSandboxes);
    if (text !== undefined) advance();
    return text;
  }

  #count(counts: Counts, isShown: boolean): void {
    this.total = addCounts(this.total, counts);
    if (isShown) this.shown = addCounts(this.shown, counts);
  }
}
