/** The world outside a command: commands are handed it, so that tests can be its eyes. */
export interface Io {
  /** Writes to standard output; the text ends with a newline. */
  readonly out: (text: string) => void;
  /** Writes bytes to standard output, as they are; left out where there is a place for texts only. */
  readonly bytes?: (bytes: Uint8Array) => void;
  /** Writes to standard error. */
  readonly err: (text: string) => void;
  /** The width that output is laid out for, in columns. */
  readonly columns: number;
  /** Whether colours may be used. */
  readonly colour: boolean;
  /** Whether somebody looks at standard error: only then is progress shown. */
  readonly terminal?: boolean | undefined;
  /** Where the processes of the host are looked at; `/proc` unless it is said. */
  readonly processes?: string | undefined;
}

/** A mistake in how a command was called: one line, and exit code 3. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** What was to be printed could not be written: the disk is full, or the like. */
export class OutputError extends Error {
  constructor(reason: string) {
    super(`the output cannot be written: ${reason}`);
    this.name = 'OutputError';
  }
}
