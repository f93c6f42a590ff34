import type { Severities } from './severity.ts';

/** What is known of a kind of finding, whichever file it is found in. */
export interface CatalogueEntry {
  readonly severity: Severities;
  /** Where it is fatal, and yet ends no start: the agent comes up as a new one, and forgets what it held. */
  readonly newAgent?: 'in either mode' | 'non-strict';
  /** The finding in a few words, for a table. */
  readonly title: string;
  /** What it is, and how it happens. */
  readonly explanation: string;
  /** What the agent does with it, and what is lost, in either mode. */
  readonly consequence: { readonly strict: string; readonly nonStrict: string };
  /** What to do. */
  readonly remedy: string;
}

/** Some entries, by code. */
export type Entries = Readonly<Record<string, CatalogueEntry>>;

/** Entries that are about one subject, and what it is called. */
export interface Group {
  readonly title: string;
  /** Where in the agent's source its files are read and judged: a file and a function each. */
  readonly source: readonly string[];
  readonly entries: Entries;
}

/** The same in either mode. */
export const alike = <const T extends string>(value: T): { readonly strict: T; readonly nonStrict: T } => ({
  strict: value,
  nonStrict: value,
});

/** What the agent does with much that it cannot go on with. */
export const REFUSES = 'The agent refuses to start, and again at every start. Nothing is lost yet.';
/** What the agent does where it waits for what does not come. */
export const HANGS =
  'The agent hangs when it reads it, and again at every start: its process is there, its log is silent, and it never registers. Nothing is lost yet.';
/** What the agent does with what its code takes for impossible. */
export const ABORTS = 'The agent aborts, and again at every start. Nothing is lost yet.';
