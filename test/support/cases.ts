import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Verdict } from '../../src/recovery/simulate.ts';
import type { MessageTypes } from '../../src/schema/index.ts';

/** A change to a tree; paths are from the work_dir. */
export type Edit =
  | { readonly op: 'write' | 'append'; readonly path: string; readonly hex: string }
  | { readonly op: 'truncate'; readonly path: string; readonly size: number }
  | { readonly op: 'flip'; readonly path: string; readonly offset: number; readonly mask: number }
  | { readonly op: 'remove' | 'mkdir'; readonly path: string }
  | { readonly op: 'symlink'; readonly path: string; readonly target: string }
  | { readonly op: 'rename'; readonly path: string; readonly to: string };

/** What one start does. An absent key is not compared. */
export interface ExpectedStart {
  readonly verdict: Verdict;
  readonly stage?: 'state' | 'agent' | null;
  readonly message?: string;
  readonly recoveryErrors?: number;
  readonly effects?: readonly object[];
}

/** What the first start does and leaves, and the next one. */
export interface Expected extends ExpectedStart {
  readonly state?: object;
  readonly agent?: object;
  readonly secondStart?: ExpectedStart;
}

/** How a start was made. */
export type Mode = 'strict' | 'nonStrict';

/** A damaged tree, and what the agent does with it. */
export interface Case {
  readonly name: string;
  readonly tree: string;
  readonly edits: readonly Edit[];
  readonly rebooted: boolean;
  readonly strict: Expected;
  readonly nonStrict: Expected;
}

/** A damaged tree, and what the state recovery of ten versions does with it. */
export interface VersionCase {
  readonly name: string;
  readonly tree: string;
  readonly edits: readonly Edit[];
  readonly rebooted: boolean;
  /** `"=VERSION"` is the same as that one. */
  readonly versions: Readonly<Record<string, Readonly<Record<Mode, Expected>> | string>>;
}

/** Bytes, and whether they are a message of a type. */
export interface WireCase {
  readonly type: keyof MessageTypes;
  readonly hex: string;
  readonly parses: boolean;
}

/** Two `slave.info` files, and whether the second may start on the first. */
export interface CompatCase {
  readonly old: string;
  readonly new: string;
  readonly equal: { readonly ok: boolean; readonly message?: string };
  readonly additive: { readonly ok: boolean; readonly message?: string };
}

const known = new Map<string, readonly unknown[]>();

/** What is read is shared by all tests of a process. */
const read = <T>(name: string): readonly T[] => {
  const cases = known.get(name) ?? parsed(name);
  known.set(name, cases);
  return cases as readonly T[];
};

const parsed = (name: string): readonly unknown[] =>
  gunzipSync(readFileSync(new URL(`../../fixtures/conformance/${name}.jsonl.gz`, import.meta.url)))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

export const readCases = (): readonly Case[] => read('cases');
export const readVersionCases = (): readonly VersionCase[] => read('versions');
export const readWireCases = (): readonly WireCase[] => read('wire');
export const readCompatCases = (): readonly CompatCase[] => read('compat');

/** What is expected of a version. */
export const expectationOf = (versions: VersionCase['versions'], version: string): Readonly<Record<Mode, Expected>> => {
  const expected = versions[version];
  if (expected === undefined) throw new Error(`no expectation for ${version}`);
  return typeof expected === 'string' ? expectationOf(versions, expected.slice(1)) : expected;
};
