/** A PATH that cannot be used: one line that names it, and says what was expected there. */
export class UnusablePath extends Error {
  readonly path: string;
  constructor(given: string, problem: string) {
    super(`${given}: ${problem}`);
    this.name = 'UnusablePath';
    this.path = given;
  }
}
