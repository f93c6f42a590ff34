import type { InspectedExecutor } from '../../inspect/inspected.ts';
import { plainJsonLine } from '../../text/escape.ts';
import type { Writer } from '../inspect/json.ts';
import type { Blocks } from './blocks.ts';
import type { TimeLine } from './document.ts';
import type { BlockPlace } from './index-builder.ts';

/** So many characters of JSON are in a block: few enough that it is unpacked at once, and enough that they are packed well. */
const BLOCK = 192 * 1024;
/** Of a task with more updates, the last so many are in the page: its time line has those of the beginning, too. */
const MOST_UPDATES = 2000;

/** Packs executors with the time lines of their tasks, some of them together. */
export class DetailsPacker {
  readonly #blocks: Blocks;
  readonly #writer: Writer;
  #executors: string[] = [];
  #timeLines: string[] = [];
  #size = 0;
  #places: { block: number; place: number }[] = [];

  constructor(blocks: Blocks, writer: Writer) {
    this.#blocks = blocks;
    this.#writer = writer;
  }

  /** Adds an executor. Where it is, is known once its block is full. */
  add(executor: InspectedExecutor, timeLines: ReadonlyMap<string, TimeLine>): BlockPlace {
    const text = plainJsonLine(this.#writer.executor(shortened(executor)));
    this.#executors.push(text);
    for (const [path, line] of timeLines) {
      const pair = `${plainJsonLine(path)}:${plainJsonLine(line)}`;
      this.#timeLines.push(pair);
      this.#size += pair.length;
    }
    const at = { block: -1, place: this.#executors.length - 1 };
    this.#places.push(at);
    this.#size += text.length;
    if (this.#size > BLOCK) this.end();
    return at;
  }

  /** Packs what is left. */
  end(): void {
    if (this.#executors.length === 0) return;
    const json = `{"executors":[${this.#executors.join(',')}],"timeLines":{${this.#timeLines.join(',')}}}`;
    const block = this.#blocks.addText(json);
    for (const at of this.#places) at.block = block;
    this.#executors = [];
    this.#timeLines = [];
    this.#places = [];
    this.#size = 0;
  }
}

const shortened = (executor: InspectedExecutor): InspectedExecutor => {
  const isLong = executor.runs.some(({ tasks }) => tasks.some(({ updates }) => updates.length > MOST_UPDATES));
  if (!isLong) return executor;
  return {
    ...executor,
    runs: executor.runs.map((run) => ({
      ...run,
      tasks: run.tasks.map((task) => ({ ...task, updates: task.updates.slice(-MOST_UPDATES) })),
    })),
  };
};
