/** Which failure it is; a code is never renamed. */
export type FailureCode =
  /** A command was called wrongly. */
  | 'usage'
  /** What was to be printed could not be written. */
  | 'output'
  /** There is no checkpoint at a path, or it cannot be read. */
  | 'unusable-path'
  /** A file cannot be decoded: it is none, or nothing says what is in it. */
  | 'unusable-file'
  /** A file may not be read by whoever runs this. */
  | 'access-denied'
  /** A record is larger than what may be brought into memory. */
  | 'too-large'
  /** A plan cannot be read. */
  | 'bad-plan'
  /** A tree may not or cannot be changed. */
  | 'refused'
  /** A tree is not as a plan or a journal expects it. */
  | 'tree-changed'
  /** A change ended between two steps, and could not be taken back. */
  | 'unfinished'
  /** A file cannot be written. */
  | 'unwritable-file'
  /** A signal, or who called, stopped it. */
  | 'stopped';

/**
 * A failure of ours, which is neither damage in what was read nor what the agent makes of that: its message is one line for
 * whoever called. Anything else that is thrown is a mistake in this program.
 */
export class Failure extends Error {
  readonly code: FailureCode;
  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
