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
  /** The terminal that standard error is, if it is one: only then is progress shown. */
  readonly terminal?: { readonly columns: number } | undefined;
  /** Whether what is read and decided is told on standard error, though the command line does not ask for it. */
  readonly debug?: boolean | undefined;
  /** Where the processes of the host are looked at; `/proc` unless it is said. */
  readonly processes?: string | undefined;
}
