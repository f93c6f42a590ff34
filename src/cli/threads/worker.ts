import { type MessagePort, workerData } from 'node:worker_threads';
import { Loader } from '../../checkpoint/load.ts';
import { inspectExecutor } from '../../inspect/entries.ts';
import { selectorOf } from '../../inspect/select.ts';
import { rulesOf } from '../../recovery/versions.ts';
import { type ExecutorsText, ExecutorsTexts } from '../../report/inspect/executors-text.ts';
import { Writer } from '../../report/inspect/json.ts';
import { plainTextsFor } from '../../report/inspect/plain-text.ts';
import { FolderSource } from '../../source/folder.ts';
import { join } from '../../source/source.ts';
import { inlineLittle } from '../../verify/threads/inline-little.ts';
import { lookNear } from '../../verify/threads/near.ts';
import { nameAt } from '../../verify/threads/work.ts';
import { spanText } from './span-text.ts';
import { DONE, type JsonDone, type JsonWork, learnSize, placeOf, type Span, takeSpan, WRITTEN } from './work.ts';

/** A thread that makes JSON of executors beside the main one: see `pieces.ts`. */

inlineLittle();

const { port } = workerData as { port: MessagePort };

/** What tells the main thread to read an executor: it has no name here. */
class Unreadable extends Error {}

const textsOf = (
  source: FolderSource,
  { tree, ids, path, names, about, uuids }: JsonWork,
): ((number: number) => ExecutorsText) => {
  const { home, maxRecord, version } = tree;
  const loader = new Loader({ source, home, maxRecord }, 'whole');
  const rules = rulesOf(version);
  const texts = new ExecutorsTexts(new Writer(about), selectorOf(about.selection));
  const plain = plainTextsFor(about, rules, uuids);
  return (number) => {
    const name = nameAt(names, number);
    if (name === '') throw new Unreadable();
    const own = { ...ids, executor: name };
    const folder = join(path, name);
    return (
      plain?.of(loader.reader, own, folder, loader.hasSandboxes) ??
      texts.of(inspectExecutor(loader.executor(own, folder, 'folder'), rules, uuids))
    );
  };
};

const encoder = new TextEncoder();

/** Sends what was made of a span: bytes that are given away, not copied. */
const send = (work: JsonWork, span: Span, textOf: (number: number) => ExecutorsText): void => {
  const { text, length, failure } = spanText(span, textOf);
  const done: JsonDone = { work: work.number, ...span, text: undefined };
  if (failure === undefined) {
    learnSize(work.counters, span, length);
    const texts = text.texts && Array.from(text.texts, (each) => encoder.encode(each as string));
    const buffers = texts?.map(({ buffer }) => buffer as ArrayBuffer) ?? [];
    port.postMessage({ ...done, text: { ...text, texts } } satisfies JsonDone, buffers);
  } else port.postMessage(done);
  Atomics.add(work.counters, DONE, 1);
  Atomics.notify(work.counters, DONE);
};

port.on('message', (work: JsonWork) => {
  const { counters, tree } = work;
  const source = new FolderSource(tree.folder, tree.mount);
  const textOf = textsOf(source, work);
  for (;;) {
    const written = Atomics.load(counters, WRITTEN);
    const span = takeSpan(counters, work.names.ends.length);
    if (span === undefined) return;
    if (span === 'ahead') Atomics.wait(counters, WRITTEN, written);
    else {
      lookNear(source, placeOf(work));
      send(work, span, textOf);
    }
  }
});
