import type { Phase } from '../../program/progress.ts';
import type { Layout } from '../io.ts';
import type { One, Told } from './one.ts';

/** What a thread is told when it is started: all that its PATHs have in common. */
export interface Work {
  readonly command: string;
  readonly options: unknown;
  readonly told: Told;
  readonly layout: Layout;
  /** Whether anybody is told how far a PATH is. */
  readonly isWatched: boolean;
}

/** A PATH by its number. */
export interface Item {
  readonly number: number;
  readonly path: string;
}

/** A piece that a judge wrote. */
export interface Written {
  readonly to: 'out' | 'err';
  readonly text: string;
}

/** What came of a PATH. */
export interface Done {
  readonly number: number;
  readonly written: readonly Written[];
  readonly one: One;
}

/** How far a PATH is that is not done. */
export interface Underway {
  readonly number: number;
  readonly phases: readonly Phase[];
}

/** A wrong option, or the like, which ends all. */
export interface Ended {
  readonly number: number;
  readonly failure: { readonly name: string; readonly message: string };
}
