import type { JournalState } from '../../apply/standing.ts';
import { cell } from '../../text/cells.ts';
import { shown } from '../../text/escape.ts';
import type { ScreenOptions } from '../../text/style.ts';
import { type Column, renderTable } from '../../text/table.ts';
import { zoneText } from '../../text/time.ts';
import { count } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';
import { changesText, standingText, stepsIn, takeBackText } from './words.ts';

/** A journal, and why it cannot be undone; undefined where it can, or where there is nothing to undo. */
export interface Listed {
  readonly state: JournalState;
  readonly problem: string | undefined;
}

/** Whether there is anything to undo. */
const hasSteps = ({ standing }: JournalState): boolean => standing.kind === 'applied' || standing.kind === 'unfinished';

const canBeUndone = ({ state, problem }: Listed): boolean => hasSteps(state) && problem === undefined;

/** The journals of a tree, as the object that `undo --list --json` prints on a line. */
export const listJson = (path: string, workDir: string, journals: readonly Listed[]): object => ({
  schemaVersion: 1,
  command: 'undo',
  action: 'list',
  path,
  workDir,
  journals: journals.map((listed) => {
    const { place, record, standing } = listed.state;
    return {
      id: place.id,
      path: place.path,
      made: record?.header.made ?? null,
      by: record?.header.by ?? null,
      host: record?.header.host ?? null,
      standing: standing.kind,
      direction: standing.kind === 'unfinished' ? standing.direction : null,
      done: doneOf(listed.state),
      undoable: canBeUndone(listed),
      problem: listed.problem ?? null,
      steps: (record?.steps ?? []).map(({ change, why }) => ({
        kind: change.kind,
        path: change.path,
        why: why ?? null,
      })),
    };
  }),
});

const doneOf = ({ standing, record }: JournalState): number =>
  standing.kind === 'applied' ? (record?.steps.length ?? 0) : standing.kind === 'unfinished' ? standing.done : 0;

const COLUMNS: readonly Column[] = [
  { title: 'JOURNAL' },
  // A journal's name is the time in UTC at which it was made.
  { title: 'LOCAL TIME', spare: true },
  { title: 'STEPS', align: 'right' },
  { title: 'CHANGES', min: 8, priority: 1 },
  { title: 'STATE', min: 8 },
  { title: 'UNDO' },
];

/** Where the column of local times stands, which is left out where UTC is the reader's own time. */
const LOCAL_TIME = 1;

const localText = (record: JournalState['record'], zone: string | undefined): string =>
  zoneText(Date.parse(record?.header.made ?? '') / 1000, zone);

/** The same for a terminal: a table, and below it what stands in the way of an undo. */
export const listScreen = (workDir: string, journals: readonly Listed[], options: ScreenOptions): string => {
  if (journals.length === 0)
    return `${wrap(`No journals of ${shown(workDir)}: nothing was applied to it.`, options.width)}\n`;
  const rows = journals.map((listed) => {
    const { place, record, standing } = listed.state;
    const undo = canBeUndone(listed)
      ? cell('yes', 'good')
      : hasSteps(listed.state)
        ? cell('no', 'bad')
        : cell('-', 'dim');
    const isWrong = standing.kind === 'unfinished' || standing.kind === 'unreadable';
    const stands = cell(standingText(standing, record?.steps ?? []), isWrong ? 'warn' : undefined);
    return [
      cell(place.id),
      cell(localText(record, options.zone)),
      String(stepsIn(record?.steps ?? [])),
      cell(changesText(record?.steps ?? [])),
      stands,
      undo,
    ];
  });
  const problems = journals.flatMap(({ state, problem }) =>
    problem === undefined ? [] : [wrap(`${state.place.id}: ${shown(problem)}`, options.width, '', '  ')],
  );
  const elsewhere = journals.flatMap(({ state: { place } }) =>
    place.path === place.listed ? [] : [wrap(`${place.id} is in ${shown(place.path)}`, options.width, '', '  ')],
  );
  const hasLocal = rows.some(([, local]) => typeof local === 'object' && local.text !== '');
  const without = <T>(all: readonly T[]): readonly T[] => (hasLocal ? all : all.filter((_, i) => i !== LOCAL_TIME));
  const table = renderTable(without(COLUMNS), rows.map(without), options);
  const title = `${count(journals.length, 'journal')} of ${shown(workDir)}`;
  const newest = journals.findLast(canBeUndone)?.state.place;
  const how = newest === undefined ? [] : [takeBackText(newest.path, newest.listed)];
  const more = [...elsewhere, ...problems, ...how];
  return `${wrap(title, options.width)}\n\n${table}${more.length === 0 ? '' : `\n${more.join('\n')}\n`}`;
};
