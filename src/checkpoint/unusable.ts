import { Failure } from '../program/failure.ts';

/** A PATH that cannot be used: one line that names it, and says what was expected there. */
export class UnusablePath extends Failure {
  override readonly name = 'UnusablePath';
  readonly path: string;
  /** Whether whoever runs this may not read it. */
  readonly isDenied: boolean;
  constructor(given: string, problem: string, isDenied = false) {
    super('unusable-path', `${given}: ${problem}`);
    this.path = given;
    this.isDenied = isDenied;
  }
}

/** What a path says that only the agent's user may look at. */
export const NO_PERMISSION = 'no permission to read it: run as the user that the agent runs as (root)';
