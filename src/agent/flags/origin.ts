/** Where the texts come from that an agent is started with, and what is to be said of them. */

/** Where a text was set: the last of several such places wins. */
export interface Origin {
  /** A file of the host, or `command line of pid 812`, `environment of pid 812`, `arguments`. */
  readonly place: string;
  /** From 1; undefined where a place has no lines, such as a file that holds one value. */
  readonly line: number | undefined;
}

/** The place of flags that the operator gives. */
export const SUPPOSED = 'arguments';

/** A place and its line, as editors take it: `/etc/default/mesos-slave:3`. */
export const originText = ({ place, line }: Origin): string => (line === undefined ? place : `${place}:${line}`);

/** A text that a program is given, with where it was set. */
export interface TracedText {
  /** As the program gets it; as it is written, where `unknown`. */
  readonly value: string;
  readonly origin: Origin;
  /** Why it cannot be known without running something, where it cannot: `$(hostname -f)` in a shell file. */
  readonly unknown: string | undefined;
}

/** A text that another one took the place of. */
export type Overridden = Pick<TracedText, 'value' | 'origin'>;

/** Something that keeps the agent from starting, in its own words or systemd's. */
export interface Refusal {
  readonly message: string;
  readonly origin: Origin | undefined;
  /** What to do, where it is not to correct a flag. */
  readonly todo?: string | undefined;
}

/** Something that keeps agents of some builds alone from starting. */
export interface BuildRefusal extends Refusal {
  /** The flag that it is about. */
  readonly flag: string;
  /** What the build has or lacks, as in `SSL`. */
  readonly option: string;
  /** Whether those refuse that were built with it; those without, otherwise. */
  readonly isWith: boolean;
}

/** Something that could not be known, or is worth knowing, and where. */
export interface Remark {
  readonly text: string;
  readonly origin: Origin | undefined;
}
