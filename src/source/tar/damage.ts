/** What a tar stream says that cannot be so: it is cut off, or damaged. Offsets are in the stream that tar sees. */
export class TarDamage extends Error {
  /** What is wrong, in one clause. */
  readonly problem: string;
  /** Offset of the byte that it is about. */
  readonly offset: number;
  constructor(problem: string, offset: number) {
    super(`${problem}, at byte ${offset}`);
    this.name = 'TarDamage';
    this.problem = problem;
    this.offset = offset;
  }
}
