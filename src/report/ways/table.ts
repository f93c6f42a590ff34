import { failuresText } from '../../recovery/failures.ts';
import { livingOn } from '../../recovery/living.ts';
import { comesUp } from '../../recovery/simulate.ts';
import type { Share, Way, Ways } from '../../repair/ways/way.ts';
import type { Cell } from '../../text/cells.ts';
import type { ScreenOptions } from '../../text/style.ts';
import { renderTable } from '../../text/table.ts';
import { count, verb } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';
import type { Verification } from '../../verify/verification.ts';
import { optionsOf } from './command.ts';

/** The ways out compared, a line each. */
export const waysTable = (all: Ways, layout: ScreenOptions): string => {
  const table = tableOf(all, layout);
  return `${table}\n${wrap(countedText(all.before), layout.width)}`;
};

/** What is counted: other screens tell of finished tasks, too. */
export const countedText = ({ boot, checkpoint }: Verification): string => {
  const { finished } = livingOn(checkpoint);
  const others = finished === 0 ? '' : `; ${count(finished, 'finished task')} ${verb(finished, 'is', 'are')} left out`;
  return `${boot.rebooted ? `${AFTER_REBOOT} ` : ''}Each way shows the executors and the unfinished tasks that it keeps${others}.`;
};

const AFTER_REBOOT = 'The reboot has ended all containers: counted are those whose end the agent will report.';

const tableOf = ({ ways, recommended }: Ways, layout: ScreenOptions): string =>
  renderTable(
    [
      { title: 'WAY OUT' },
      { title: 'EXECUTORS', align: 'right' },
      { title: 'TASKS', align: 'right' },
      { title: 'UPDATES', align: 'right', priority: 1 },
      { title: 'RESERVATIONS', priority: 2 },
      { title: 'SURE' },
    ],
    ways.map((way) => [
      wayText(way),
      shareText(way.executors),
      shareText(way.tasks),
      way.updatesLost === undefined ? '-' : `${way.updatesLost} lost`,
      reservationsText(way.reservations),
      sureText(way, way === recommended),
    ]),
    layout,
  ).trimEnd();

/** What a way is called where it is told beside others. */
export const wayText = ({ way, over }: Pick<Way, 'way' | 'over'>): string => {
  if (way === 'as-is') return 'start it as it is';
  if (way === 'remove-latest') return 'rm slaves/latest';
  return optionsOf({ way, over }).join(' ');
};

const shareText = ({ kept, of }: Share): string => `${kept} of ${of}`;

const reservationsText = ({ kept, of }: Share): string => {
  if (of === 0) return '-';
  if (kept === of) return 'kept';
  return kept === 0 ? 'lost' : `${shareText({ kept, of })} kept`;
};

/** How a start ends that does not come up; where a later one does, how often it has to be tried. */
const endText = ({ starts }: Verification['strict']): string => {
  const [first] = starts;
  const last = starts.at(-1);
  const verdict = first?.verdict === 'refuses' || first?.verdict === 'hangs' ? first.verdict : 'aborts';
  if (starts.length < 2 || last === undefined || !comesUp(last)) return verdict;
  return `${verdict} ${failuresText(starts)}`;
};

/** How sure a way is, or how the start ends with which it does not come up. */
export const sureText = ({ way, comesUp: isUp, sure, after }: Way, isRecommended: boolean): Cell | string => {
  if (!isUp) return { text: endText(after.strict), style: 'bad' };
  if (way === 'remove-latest') return "the log's advice";
  if (way === 'as-is' && after.strict.exitCode === 2) return { text: 'new agent', style: 'bad' };
  const text = sure === 'suspect' ? 'best guess' : 'exact';
  if (isRecommended) return { text: `${text}, recommended`, style: sure === 'exact' ? 'good' : 'warn' };
  return sure === 'exact' ? text : { text, style: 'warn' };
};

/** What a way keeps, in short. */
export const keepsText = ({ executors, tasks, updatesLost = 0, after }: Way): string => {
  const lost = updatesLost === 0 ? '' : `, and loses ${count(updatesLost, 'update')}`;
  const keeps = after.boot.rebooted ? 'tells the end of' : 'keeps';
  return `${keeps} ${shareText(executors)} executors and ${shareText(tasks)} tasks${lost}`;
};
