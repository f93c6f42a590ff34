import * as fs from 'node:fs';
import * as nodePath from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { lookWhetherUndone } from '../../apply/actions.ts';
import { changeable } from '../../apply/changing.ts';
import { isTakenBack, readJournalAt, undoJournal, whyNotUndone } from '../../apply/journal-actions.ts';
import { findJournal, isJournal, type Target } from '../../apply/journals.ts';
import { Refusal } from '../../apply/refusal.ts';
import { type JournalState, stateInTree, statesOf } from '../../apply/standing.ts';
import { JOURNALS, JOURNALS_IN_META } from '../../layout/names.ts';
import { Failure } from '../../program/failure.ts';
import { type Listed, listJson, listScreen } from '../../report/undo/list.ts';
import { type Undone, undoJson, undoScreen } from '../../report/undo/undo.ts';
import { undoCommand } from '../../report/undo/words.ts';
import { jsonLine } from '../../text/escape.ts';
import { count } from '../../text/words.ts';
import { changeOptions } from '../changing.ts';
import type { Define, OptionsOf } from '../command.ts';
import { EXIT, exitCodesHelp } from '../exit.ts';
import { sayFailure, UsageError } from '../failure.ts';
import { type Io, screenOf } from '../io.ts';
import { openCopy } from '../open.ts';
import { json } from '../options.ts';
import { watching } from '../watching.ts';

const declare = (command: Command) =>
  command
    .description(
      'Takes an applied plan back, to the byte. JOURNAL is the folder that prune --apply named. Refuses if the tree ' +
        'has changed since, in a way that would be overwritten.',
    )
    .argument(
      '<journal>',
      'the folder of a journal; of a work_dir, the newest is named; with --list, a work_dir or its meta',
    )
    .option('--list', 'show the journals of a work_dir, what each did, and whether it can be undone')
    .option('--dry-run', 'only look whether it can be undone')
    .option('--force', 'go on even if an agent seems to run on the tree, because the tree is a copy')
    .addOption(json())
    .addHelpText(
      'after',
      exitCodesHelp(
        [EXIT.recovers, 'the plan was taken back, or there was nothing to take back'],
        [EXIT.unknown, 'it was not (the tree has changed since, an agent runs, usage)'],
        ['130, 143', 'a signal stopped it between two steps: run it again to go on'],
      ),
    );

type Options = OptionsOf<typeof declare>;

export const define: Define = (command, session) =>
  declare(command).action(async (journal, options) => session.exit(await undo(journal, options, session.io)));

/** `undo JOURNAL`: takes an applied plan back; with `--list`, shows the journals of a work_dir. Gives the exit code. */
const undo = async (path: string, options: Options, io: Io): Promise<number> => {
  if (path === '') throw new UsageError('the path is empty: is a variable not set?');
  if (options.list === true && (options.dryRun === true || options.force === true)) {
    throw new UsageError('--list changes nothing: it cannot be used with --dry-run or --force');
  }
  try {
    return options.list === true ? list(path, options, io) : await undoOne(path, options, io);
  } catch (error) {
    return sayFailure(path, error, options.json === true, io);
  }
};

const undoOne = async (path: string, options: Options, io: Io): Promise<number> => {
  offerNewest(path, io);
  const journal = readJournalAt(path);
  const undone = options.dryRun === true ? predicted(journal) : await takenBack(journal, options, io);
  io.out(options.json === true ? `${jsonLine(undoJson(path, undone))}\n` : undoScreen(undone, screenOf(io)));
  return undone.exitCode;
};

const predicted = (journal: JournalState): Undone => {
  const problem = whyNotUndone(journal);
  const { done } = isTakenBack(journal) ? { done: 0 } : lookWhetherUndone(journal.place);
  const base = { journal, done, problem, notes: [] };
  if (problem !== undefined) return { ...base, outcome: 'cannot-be-undone', exitCode: EXIT.unknown };
  return { ...base, outcome: isTakenBack(journal) ? 'already-undone' : 'can-be-undone', exitCode: EXIT.recovers };
};

const takenBack = async (journal: JournalState, { force }: Options, io: Io): Promise<Undone> => {
  const base = { journal, done: 0, problem: undefined, notes: [], exitCode: EXIT.recovers };
  if (isTakenBack(journal)) return { ...base, outcome: 'already-undone' };
  io.goOnUnread?.();
  return watching(async ({ signal, exitCode }) => {
    const { ending, done, notes } = await undoJournal(journal.place.path, {
      ...changeOptions(io),
      signal,
      force,
    });
    return ending === 'stopped'
      ? { ...base, outcome: 'stopped', done, exitCode: exitCode() }
      : { ...base, outcome: 'undone', notes };
  });
};

const list = (path: string, options: Options, io: Io): number => {
  const target = treeAt(path, io);
  const journals = statesOf(target)
    .map(stateInTree)
    .map((state): Listed => ({ state, problem: whyNotUndone(state) }));
  io.out(
    options.json === true
      ? `${jsonLine(listJson(path, target.workDir, journals))}\n`
      : listScreen(target.workDir, journals, screenOf(io)),
  );
  return EXIT.recovers;
};

/**
 * Names the journal that can be taken back, where a work_dir was given in its place: which one is meant is said in words.
 * @throws Refusal with the command that takes the newest back, or with the folder in which there is none
 */
const offerNewest = (path: string, io: Io): void => {
  if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true || isJournal(path)) return;
  let target: Target;
  try {
    target = treeAt(path, io);
  } catch (error) {
    // What is no work_dir either is told as no journal.
    if (error instanceof Failure) return;
    throw error;
  }
  const journals = statesOf(target).map(stateInTree);
  const newest = journals.findLast((state) => !isTakenBack(state) && whyNotUndone(state) === undefined);
  if (newest !== undefined) {
    throw new Refusal(
      `${path}: this is a work_dir; its newest journal is taken back with: ${undoCommand(newest.place.path, newest.place.listed)}`,
    );
  }
  const looked = `${target.workDir}/${JOURNALS} or ${target.workDir}/${target.meta}/${JOURNALS_IN_META}`;
  throw new Refusal(
    journals.length === 0
      ? `${path}: nothing to undo: there is no journal in ${looked}`
      : journals.length === 1
        ? `${path}: nothing to undo: the one journal in ${looked} cannot be taken back; --list shows it`
        : `${path}: nothing to undo: none of the ${count(journals.length, 'journal')} in ${looked} can be taken back; --list shows them`,
  );
};

/** The tree at a path that is a work_dir, its meta, or one of its journals. */
const treeAt = (path: string, io: Io): Target => {
  const isThere = fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  const isBase = [JOURNALS, JOURNALS_IN_META].includes(nodePath.basename(path));
  if (isThere && isBase) return treeAt(nodePath.dirname(path), io);
  if (isThere && isJournal(path)) return findJournal(path).target;
  return changeable(openCopy(path, { whole: true }, io));
};
