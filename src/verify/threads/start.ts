import { availableParallelism } from 'node:os';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';

/** Fewer executors are read before a thread has started. */
export const WORTH_IT = 400;

/** More threads wait for the same disk. */
const MOST_WORKERS = 3;

/** A thread that was started before anybody asked for it. */
let ahead: { readonly file: string; readonly port: MessagePort } | undefined;

/** Starts a thread that `startWorkers` will be asked for, most likely: one that nobody asks for waits, and ends with the process. */
export const startAhead = (workerFile: string): void => {
  if (ahead !== undefined || countOf(MOST_WORKERS) === 0) return;
  const port = startWorker(workerFile);
  ahead = port && { file: workerFile, port };
};

/**
 * Starts the threads that there are cores for, at most so many, and returns the ports on which each hears what to do: none
 * where this process may not have more threads.
 */
export const startWorkers = (workerFile: string, most = MOST_WORKERS): readonly MessagePort[] => {
  const ports: MessagePort[] = [];
  if (ahead?.file === workerFile) {
    ports.push(ahead.port);
    ahead = undefined;
  }
  const count = countOf(most);
  while (ports.length < count) {
    const port = startWorker(workerFile);
    if (port === undefined) break;
    ports.push(port);
  }
  return ports;
};

const countOf = (most: number): number => Math.min(most, availableParallelism() - 1);

const startWorker = (workerFile: string): MessagePort | undefined => {
  const { port1, port2 } = new MessageChannel();
  try {
    const worker = new Worker(workerFile, {
      workerData: { port: port2 },
      transferList: [port2],
      // Not those of this process, some of which no worker takes.
      execArgv: [],
      // A worker writes nothing: streams that wait for it need not be made. What it opens it closes, which need not be kept account of.
      stdout: true,
      stderr: true,
      trackUnmanagedFds: false,
    });
    // What a worker does not do is done here, so that its end is no failure.
    worker.on('error', () => undefined);
    worker.unref();
  } catch {
    // The system gives no more threads (a limit on processes, or on memory): that is no failure either.
    port1.close();
    return undefined;
  }
  port1.unref();
  return port1;
};
