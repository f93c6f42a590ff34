import { type Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { treeBefore } from '../../apply/before.ts';
import { readJournalAt } from '../../apply/journal-actions.ts';
import { isJournal } from '../../apply/journals.ts';
import type { ReadExecutors } from '../../checkpoint/load.ts';
import { type Opened, openPath, openSource } from '../../checkpoint/open.ts';
import { UnusablePath } from '../../checkpoint/unusable.ts';
import { compareTrees } from '../../compare/compare.ts';
import { during } from '../../program/progress.ts';
import type { Compared } from '../../report/diff/compared.ts';
import { differenceJson, diffJsonBegin, diffJsonEnd } from '../../report/diff/json.ts';
import { livingBelow } from '../../report/diff/living-below.ts';
import { DifferenceLines, headText } from '../../report/diff/screen.ts';
import { Counting, ENTITIES, type EntityKind, entityKindOf, statText } from '../../report/diff/stat.ts';
import { verifyCheckpoint } from '../../verify/verify.ts';
import type { Define, OptionsOf, Session } from '../command.ts';
import { EXIT, type ExitCode, exitCodesHelp } from '../exit.ts';
import { sayFailure, UsageError } from '../failure.ts';
import { screenOf } from '../io.ts';
import { openSaying } from '../open.ts';
import {
  ARCHIVES,
  type Assumed,
  assumedBy,
  bootId,
  json,
  launcher,
  maxRecord,
  maxSize,
  mesosVersion,
  rebooted,
  repeatableList,
  sandboxes,
  showSecrets,
} from '../options.ts';
import { pairedReadersFor } from '../pairs/readers.ts';
import { readersFor } from '../readers.ts';
import { STANDARD_INPUT } from '../standard.ts';

const entity = (value: string, previous: readonly EntityKind[] | undefined): readonly EntityKind[] => {
  const kinds = repeatableList(value, previous);
  const other = kinds.find((kind) => !(ENTITIES as readonly string[]).includes(kind));
  if (other !== undefined) throw new InvalidArgumentError(`It is one of ${ENTITIES.join(', ')}.`);
  return kinds as readonly EntityKind[];
};

const declare = (command: Command) =>
  command
    .description(
      'Compares two checkpoints: what was added, removed and changed, and what that means for the recovery of each. With one JOURNAL, ' +
        'a tree before its plan was applied with what it is now. Nothing is written.',
    )
    .argument('<a>', `the earlier work_dir, or its meta; ${ARCHIVES}; or the folder of a journal, alone`)
    .argument('[b]', 'the later one')
    .option('--stat', 'only count what was added, removed and changed')
    .option('--only <kinds>', `only what is about ${ENTITIES.join(', ')} (repeatable)`, entity)
    .addOption(showSecrets('show the values of environment variables, and what else is secret'))
    .addOption(mesosVersion('whose recovery of each is predicted'))
    .addOption(bootId)
    .addOption(rebooted)
    .addOption(launcher)
    .addOption(sandboxes)
    .addOption(maxSize)
    .addOption(maxRecord)
    .addOption(json())
    .addHelpText(
      'after',
      exitCodesHelp(
        [EXIT.recovers, 'they are the same, except for what no agent reads'],
        [EXIT.losses, 'they differ'],
        [EXIT.unknown, 'they were not compared (usage, unreadable, no checkpoint there)'],
      ),
    );

type Options = OptionsOf<typeof declare>;

export const define: Define = (command, session) =>
  declare(command).action(async (a, b, options) => session.exit(await diff(a, b, options, session)));

/** `diff A B`, or `diff JOURNAL`: says what differs, and what each comes to. Gives the exit code. */
const diff = async (a: string, b: string | undefined, options: Options, session: Session): Promise<number> => {
  if (a === '' || b === '') throw new UsageError('a PATH is empty: is a variable not set?');
  if (a === STANDARD_INPUT && b === STANDARD_INPUT)
    throw new UsageError('standard input is one archive: A and B are not both -');
  if (options.stat === true && options.json === true)
    throw new UsageError('--stat cannot be used with --json, which has the counts');
  let at = a;
  try {
    if (b === undefined) return compare(journalSides(a, options), options, session);
    // What lies in a checkpoint stands for all of it, which is not what is meant here.
    for (const each of [a, b]) if (isJournal(each)) throw new UsageError(`${each}: a journal, which is compared alone`);
    const first = await openSaying(a, { ...options, whole: true, strays: true }, session);
    at = b;
    const second = await openSaying(b, { ...options, whole: true, strays: true }, session);
    return compare(
      [
        { name: a, opened: first },
        { name: b, opened: second },
      ],
      options,
      session,
    );
  } catch (error) {
    const path = error instanceof UnusablePath ? error.path : at;
    return sayFailure(path, error, options.json === true, session.io);
  }
};

/** A tree that is compared, and what it is called. */
export interface Given {
  readonly name: string;
  readonly opened: Opened;
}

/** The tree of a journal as it was, and as it is. */
export const journalSides = (
  given: string,
  options: Pick<Options, 'maxSize' | 'maxRecord'>,
): readonly [Given, Given] => {
  const state = readJournalAt(given);
  const before = treeBefore(state);
  const now = openPath(`${state.place.target.workDir}/${state.place.target.meta}`, { ...options, whole: true });
  const opened = openSource(before, { workDir: now.tree.home, maxRecord: options.maxRecord });
  return [
    { name: `${given} (before)`, opened: { ...opened, inPlace: now.inPlace } },
    { name: `${given} (now)`, opened: now },
  ];
};

/** At most so many characters of JSON wait to be written. */
const PIECE = 256 * 1024;

/** @throws UnusablePath where there is no checkpoint: two folders that have none are not the same to anybody */
const checkThere = ({ name, verification }: Compared): void => {
  if (!verification.checkpoint.hasMeta) {
    throw new UnusablePath(name, "no checkpoint there: expected a folder 'meta' in the agent's work_dir");
  }
};

const compare = ([a, b]: readonly [Given, Given], options: Options, { io }: Session): ExitCode => {
  const assumed = assumedBy(options);
  const paired = pairedReadersFor(a.opened, b.opened, assumed.version);
  const first = predicted(a, assumed, paired?.a);
  const second = predicted(b, assumed, paired?.b);
  checkThere(first);
  checkThere(second);
  const living = livingBelow(first, second);
  const screen = { ...screenOf(io), living, showSecrets: options.showSecrets === true };
  const counting = new Counting();
  const lines = new DifferenceLines(screen);
  let waiting = options.json === true ? diffJsonBegin(first, second) : headText(first, second, screen);
  let isFirst = true;
  during('comparing folders', undefined, () => {
    for (const difference of compareTrees(a.opened.tree, b.opened.tree, paired?.known)) {
      if (options.only !== undefined && !options.only.includes(entityKindOf(difference))) continue;
      counting.add(difference);
      if (options.json === true)
        waiting += `${isFirst ? '' : ','}${differenceJson(difference, living, screen.showSecrets)}`;
      else if (options.stat !== true) waiting += lines.of(difference);
      isFirst = false;
      if (waiting.length < PIECE) continue;
      io.out(waiting);
      waiting = '';
    }
  });
  if (options.json === true) waiting += diffJsonEnd(counting);
  else {
    if (options.stat === true) waiting += counting.isSame ? '' : `\n${statText(counting, screen)}`;
    else waiting += lines.end();
    if (counting.isSame) waiting += '\nThe two are the same to every agent.\n';
  }
  io.out(waiting);
  return counting.isSame ? EXIT.recovers : EXIT.losses;
};

const predicted = ({ name, opened }: Given, assumed: Assumed, paired: ReadExecutors | undefined): Compared => {
  const options = { ...assumed, brief: true };
  return {
    name,
    verification: verifyCheckpoint(opened, { ...options, readExecutors: paired ?? readersFor(opened, options) }),
  };
};
