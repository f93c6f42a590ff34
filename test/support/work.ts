import { Session } from 'node:inspector';

/** What V8 tells of a script: how often each block of each function ran. */
interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
  }[];
}

const post = (session: Session, method: string, parameters: object = {}): unknown => {
  let answer: unknown;
  let failure: Error | null = null;
  session.post(method, parameters, (error: Error | null, result?: unknown) => {
    failure = error;
    answer = result;
  });
  if (failure !== null) throw failure;
  return answer;
};

const session = new Session();
session.connect();
post(session, 'Profiler.enable');
post(session, 'Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/**
 * How often the blocks of the program's own code have run since this was asked for the last time, in the files whose path
 * has `within`. It is the same in each run, whatever else the machine does, where Node runs with `--no-opt`. What Node's own
 * functions do inside is not counted. V8 counts in what is compiled after this file is loaded.
 */
export const workSince = (within: string): number => {
  const { result } = post(session, 'Profiler.takePreciseCoverage') as Coverage;
  let total = 0;
  for (const { url, functions } of result) {
    if (!url.includes(within)) continue;
    for (const { ranges } of functions) for (const { count } of ranges) total += count;
  }
  return total;
};
