import { Failure } from '../program/failure.ts';
import { type Facts, trace, traceTo } from '../program/trace.ts';
import { VERSION } from '../program/version.ts';
import { shown } from '../text/escape.ts';
import type { Io } from './io.ts';

/** What a bug report needs besides the trace. */
export const HOW_TO_TRACE = 'please report it, with what the same command prints with --debug';

/** Whether a command line asks for the trace; what stands behind `--` are flags of an agent. */
const asksForDebug = (argv: readonly string[]): boolean =>
  (argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv).includes('--debug');

/**
 * Prints what is read and decided to standard error, each line with the milliseconds since the start, where that is asked
 * for.
 */
export const startTrace = (argv: readonly string[], io: Io): void => {
  if (io.debug !== true && !asksForDebug(argv)) return;
  const started = performance.now();
  const print = (what: string, facts: Facts): void => {
    const time = (performance.now() - started).toFixed(1).padStart(8);
    const words = Object.entries(facts).flatMap(([name, value]) =>
      value === undefined ? [] : `${name}=${text(value)}`,
    );
    io.err(`debug: ${time} ms  ${[what, ...words].join(' ')}\n`);
  };
  traceTo(print);
  trace('start', () => ({
    version: VERSION,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    user: process.getuid?.(),
    arguments: withoutFlags(argv),
  }));
};

/** What is in a name may be anything, but is one word of the line. */
const text = (value: NonNullable<Facts[string]>): string => {
  const plain = typeof value === 'object' ? value.join(',') : String(value);
  return /^[\w./:@,+=-]+$/.test(plain) ? plain : `"${shown(plain).replaceAll('"', '\\"')}"`;
};

/** The flags of an agent may hold secrets: their names are told. */
const withoutFlags = (argv: readonly string[]): readonly string[] => {
  const from = argv.includes('--') ? argv.indexOf('--') : argv.length;
  return argv.map((word, i) => (i > from ? word.replace(/=.*/s, '=...') : word));
};

/** Where an error comes from, and what caused it. The message of what is no failure of ours may quote what was read. */
export const stackOf = (error: unknown): readonly string[] => {
  if (!(error instanceof Error)) return [typeof error];
  const { name, message, stack = '', cause } = error;
  const frames = stack.split('\n').filter((line) => /^ {4}at /.test(line));
  const first = error instanceof Failure ? `${error.code}: ${message}` : name;
  return [
    first,
    ...frames.map((line) => line.trim()),
    ...(cause === undefined ? [] : ['caused by', ...stackOf(cause)]),
  ];
};
