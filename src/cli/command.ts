import type { Command } from '@commander-js/extra-typings';
import type { Host } from '../host/host.ts';
import type { Io } from './io.ts';

/** What a command needs to know of the world besides its output; tests put made-up hosts in its place. */
export interface World {
  readonly open: (root: string, maxSize?: number) => Host;
  /** In milliseconds since 1970. */
  readonly now: () => number;
  /** Whether this runs as root; it does not, where it is not said. */
  readonly isRoot?: () => boolean;
}

/** What a command is run in. */
export interface Session {
  readonly io: Io;
  /** The hosts that are looked at, where they are not those of this machine. */
  readonly world: World | undefined;
  /** The program with all of its commands, each of them whole; left out where commands are called by themselves. */
  readonly whole?: () => Promise<Command>;
  /** Notes the exit code of the command. */
  readonly exit: (code: number) => void;
}

/** Gives a command, which has its name, its description, arguments, options and action. */
export type Define = (command: Command, session: Session) => void;

/** The options of a command, from the function that declares them. */
export type OptionsOf<Declare extends (command: Command) => { readonly opts: () => unknown }> = Readonly<
  ReturnType<ReturnType<Declare>['opts']>
>;
