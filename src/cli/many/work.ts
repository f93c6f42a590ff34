import type { Layout } from '../io.ts';
import type { One, Told } from './one.ts';

/** What a thread is told when it is started: all that its PATHs have in common. */
export interface Work {
  readonly command: string;
  readonly options: unknown;
  readonly told: Told;
  readonly layout: Layout;
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

/** A wrong option, or the like, which ends all. */
export interface Ended {
  readonly number: number;
  readonly failure: { readonly name: string; readonly message: string };
}
