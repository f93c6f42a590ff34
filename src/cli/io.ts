import type { ScreenOptions } from '../text/style.ts';

/** The world outside a command: commands are handed it, so that tests can be its eyes. */
export interface Io {
  /** Writes to standard output; the text ends with a newline. */
  readonly out: (text: string) => void;
  /** Writes bytes to standard output, as they are; left out where there is a place for texts only. */
  readonly bytes?: (bytes: Uint8Array) => void;
  /** Writes to standard error. */
  readonly err: (text: string) => void;
  /**
   * What is done from here on is done whether or not anyone reads of it, and the exit code tells of it: a reader that goes away no
   * longer ends the program. Left out where none can.
   */
  readonly goOnUnread?: () => void;
  /** The width that output is laid out for, in columns. */
  readonly columns: number;
  /** Whether colours may be used. */
  readonly colour: boolean;
  /** Whether nothing is shortened: standard output is no terminal, and programs read names whole. */
  readonly wide?: boolean | undefined;
  /** The time zone of who reads, told beside UTC: a name, or `local`; UTC alone where it is left out. */
  readonly zone?: string | undefined;
  /** The terminal that standard error is, if it is one: only then is progress shown. */
  readonly terminal?: { readonly columns: number } | undefined;
  /** Whether what is read and decided is told on standard error, though the command line does not ask for it. */
  readonly debug?: boolean | undefined;
  /** Where the processes of the host are looked at; `/proc` unless it is said. */
  readonly processes?: string | undefined;
}

/** How output is laid out: what a renderer, or a thread that renders, is told of the world. */
export type Layout = Pick<Io, 'columns' | 'colour' | 'wide' | 'zone'>;

/** The layout alone. */
export const layoutOf = ({ columns, colour, wide, zone }: Io): Layout => ({ columns, colour, wide, zone });

/** The same as renderers take it. */
export const screenOf = ({ columns: width, colour, wide, zone }: Layout): ScreenOptions => ({
  width,
  colour,
  wide,
  zone,
});
