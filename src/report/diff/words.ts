import type { Difference } from '../../compare/compare.ts';
import type { LogSide, Side } from '../../compare/sides.ts';
import type { Holds } from '../../compare/trees.ts';
import { type KINDS, rowOf } from '../../layout/kinds.ts';
import type { Place } from '../../layout/place.ts';
import { damageText } from '../../recovery/damage.ts';
import { tasksText } from '../../recovery/living.ts';
import { errnoText } from '../../source/errno.ts';
import { shown } from '../../text/escape.ts';
import { quoted } from '../../text/excerpt.ts';
import { count, listed, sizeText } from '../../text/words.ts';
import type { LivingBelow } from './living-below.ts';

/** What a difference is about, in the field's terms: `task web.1`. */
export const entityText = (place: Place): string => {
  switch (place.folder) {
    case 'work_dir':
    case 'meta':
      return 'checkpoint';
    case 'provider registry':
      return 'registry of resource providers';
    case 'provider':
      return `resource provider ${shown(place.provider)}`;
    case 'resources':
      return 'resources';
    case 'run':
      return `run ${shown(place.run)} of executor ${shown(place.executor)}`;
    default:
      return `${place.folder} ${shown(idOf(place))}`;
  }
};

/** The innermost id of a place; '' of those that have none. */
const idOf = (place: Place): string => {
  switch (place.folder) {
    case 'agent':
      return place.agent;
    case 'operation':
      return place.operation;
    case 'framework':
      return place.framework;
    case 'executor':
      return place.executor;
    case 'run':
      return place.run;
    case 'task':
      return place.task;
    default:
      return '';
  }
};

/** What is in a folder that came or went: `1 run, 1 running and 2 finished tasks`, where those of ended runs have finished; '' where there is nothing but itself. */
const holdsText = (holds: Holds, own: string, living: number): string =>
  (['framework', 'executor', 'run', 'task', 'operation'] as const)
    .filter((kind) => kind !== own && (holds[kind] ?? 0) > 0)
    .map((kind) => {
      const number = holds[kind] ?? 0;
      return kind === 'task'
        ? tasksText({ tasks: living, finished: Math.max(0, number - living) })
        : count(number, kind);
    })
    .join(', ');

/** What became of what is in one of the two alone. */
export const WORDS = { came: 'added', went: 'removed', changed: 'changed' } as const;

/** A difference in one clause, but for what it is about. */
export const changeText = (difference: Difference, living: LivingBelow): string => {
  const { what, path } = difference;
  if (difference.kind === 'folder') {
    const { place, holds } = difference;
    if (place.below !== '') return `folder ${shown(place.below)} ${WORDS[what]}`;
    const inside = holdsText(holds, place.folder, living(difference));
    return inside === '' ? WORDS[what] : `${WORDS[what]}: ${inside}`;
  }
  const { file, a, b } = difference;
  const name = shown(file === undefined ? path.slice(path.lastIndexOf('/') + 1) : file);
  if (what !== 'changed') {
    const side = what === 'came' ? b : a;
    const detail = sideText(side);
    return `${name} ${WORDS[what]}${detail === '' ? markerText(difference) : `: ${detail}`}`;
  }
  if (a.kind === 'log' && b.kind === 'log') return logText(name, a, b);
  if (a.kind === 'records' && b.kind === 'records' && !difference.isRead) {
    return `${name} differs only in bytes that no agent reads`;
  }
  const [before, after] = [sideText(a), sideText(b)];
  return before === after ? `${name} changed` : `${name}: ${before} to ${after}`;
};

/** What it means that a marker is there, or no more. */
const markerText = ({ path, what }: Difference): string => {
  if (path.endsWith('/executor.sentinel'))
    return what === 'came' ? ': the run is completed' : ': the run is not completed';
  return '';
};

/** What a file holds, as far as a few words tell; '' of a message that is whole. */
const sideText = (side: Side): string => {
  switch (side.kind) {
    case 'absent':
      return 'nothing';
    case 'unreadable':
      return `it cannot be read (${errnoText(side.code)})`;
    case 'text':
      return side.text === '' ? 'empty' : shown(quoted(side.text));
    case 'link':
      return shown(side.target.slice(side.target.lastIndexOf('/') + 1));
    case 'log':
      return logStateText(side);
    case 'records':
      if (side.ending.kind !== 'clean') return damageText.atEnd(side.ending);
      return side.messages.length === 1 ? '' : count(side.messages.length, 'record');
    case 'bytes':
      return sizeText(side.size);
    case 'marker':
      return '';
    default:
      return side.kind === 'folder' ? 'a folder' : 'no file';
  }
};

const logStateText = ({ updates, acknowledgements, state, ending }: LogSide): string =>
  [
    ...(state === undefined ? [] : [state]),
    `${count(updates, 'update')}, ${count(acknowledgements, 'acknowledgement')}`,
    ...(ending.kind === 'clean' ? [] : [damageText.atEnd(ending)]),
  ].join(', ');

/** `TASK_RUNNING to TASK_FAILED, 1 update and 2 acknowledgements added`. */
const logText = (name: string, a: LogSide, b: LogSide): string => {
  const states =
    a.state === b.state ? (b.state ?? 'no update') : `${a.state ?? 'no update'} to ${b.state ?? 'no update'}`;
  const moved = [
    { by: b.updates - a.updates, one: 'update' },
    { by: b.acknowledgements - a.acknowledgements, one: 'acknowledgement' },
  ];
  const textOf = (word: string, sign: 1 | -1): readonly string[] => {
    const counts = moved.filter(({ by }) => by * sign > 0).map(({ by, one }) => count(by * sign, one));
    return counts.length === 0 ? [] : [`${listed(counts)} ${word}`];
  };
  const numbers = [...textOf(WORDS.came, 1), ...textOf(WORDS.went, -1)];
  const end = b.ending.kind === 'clean' ? 'the log ends with a whole record again' : damageText.atEnd(b.ending);
  const endings = a.ending.kind === b.ending.kind ? [] : [end];
  const details = [...numbers, ...endings];
  return details.length === 0 ? `${name} changed` : [states, ...details].join(', ');
};

/** Whether a kind of file holds what is reserved, and volumes. */
export const holdsResources = (file: keyof typeof KINDS | undefined): boolean =>
  file !== undefined && rowOf(file).of === 'resources';
