import { Failure, type FailureCode } from '../program/failure.ts';
import { errnoText } from '../source/errno.ts';
import { shellWord } from '../text/shell.ts';

/** A change that was not carried out, because it may not or cannot be: one line that says why, and what to do. */
export class Refusal extends Failure {
  override readonly name: string = 'Refusal';
  constructor(message: string, options?: ErrorOptions, code: FailureCode = 'refused') {
    super(code, message, options);
  }
}

/** The tree is not as a plan or a journal expects it: `changes` names each place, and what is there instead. */
export class TreeChanged extends Refusal {
  override readonly name = 'TreeChanged';
  readonly changes: readonly string[];
  constructor(what: string, changes: readonly string[]) {
    super(`${what}: ${changes.join('; ')}`, {}, 'tree-changed');
    this.changes = changes;
  }
}

/** Something went wrong, and the steps that were done could not be taken back: the message says how to go on. */
export class Unfinished extends Failure {
  override readonly name = 'Unfinished';
  /** How many steps are done. */
  readonly done: number;
  readonly of: number;
  /** The real path of the journal, which knows how to go on. */
  readonly journal: string;
  constructor(why: string, { done, of, journal }: Pick<Unfinished, 'done' | 'of' | 'journal'>) {
    super(
      'unfinished',
      `${why}. ${done} of ${of} steps are done, and could not be taken back: when the cause is ` +
        `repaired, run \`mesos-ckpt undo ${shellWord(journal)}\`, or \`prune --apply\` again to go on`,
    );
    this.done = done;
    this.of = of;
    this.journal = journal;
  }
}

/** The errno's name of a failed system call; undefined where an error is of another kind. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'syscall' in error ? ((error as NodeJS.ErrnoException).code ?? 'EIO') : undefined;

/** What an operator can do about an errno, where that is not plain. */
const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'run as the user that the agent runs as (root)',
  EPERM: 'run as root; where that is so already, see whether it is immutable (lsattr)',
  EROFS: 'the file system is read-only: mount it for writing',
  ENOSPC: 'make room on the file system',
  EDQUOT: 'make room: the quota is used up',
  EXDEV:
    'files are moved to the journal by renaming, so it has to be on the same mount: leave --journal out, or choose a folder there',
};

/** A failed system call in words: `no space left on device: make room on the file system`. */
export const problemText = (error: unknown): string => {
  const code = codeOf(error);
  if (code === undefined) return error instanceof Error ? error.message : String(error);
  const remedy = REMEDIES[code];
  const text = errnoText(code);
  // An errno without a text is shown by its name.
  const lower = text === code ? text : `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
  return `${lower}${remedy === undefined ? '' : ` (${remedy})`}`;
};
