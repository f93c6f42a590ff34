import { scaleUtc } from 'd3-scale';
import {
  type SymbolType,
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolTriangle,
} from 'd3-shape';

/** Seconds since 1970 to a place in a drawing. */
export type TimeScale = ReturnType<typeof scaleUtc<number>>;

/** A scale of all updates, with a little room on either side. */
export const timeScale = (span: readonly [number, number] | null, width: number, margin: number): TimeScale => {
  const [first, last] = span ?? [0, 1];
  const room = last - first < 1 ? 1 : 0;
  return scaleUtc<number>([new Date((first - room) * 1000), new Date((last + room) * 1000)], [margin, width - margin]);
};

/** In seconds. */
const [HOUR, DAY] = [3600, 86_400];

/** How some times of a scale are told: as much of each as tells it from its neighbours, and the day where that changes. */
export const specifierOf = (scale: TimeScale, told: readonly Date[]): string => {
  const [first, last] = scale.domain();
  const span = ((last?.getTime() ?? 0) - (first?.getTime() ?? 0)) / 1000;
  const areWhole = told.every((time) => time.getTime() % 1000 === 0);
  if (span < 10 && !areWhole) return '%H:%M:%S.%L';
  if (span < HOUR) return '%H:%M:%S';
  return span < 4 * DAY ? '%m-%d %H:%M' : '%Y-%m-%d';
};

/** How a state is drawn: by its shape, and by a class that gives its colour. */
interface Shape {
  readonly type: SymbolType;
  readonly tone: 'begins' | 'runs' | 'ends' | 'fails';
}

const SHAPES: Readonly<Record<string, Shape>> = {
  TASK_STAGING: { type: symbolCircle, tone: 'begins' },
  TASK_STARTING: { type: symbolCircle, tone: 'begins' },
  TASK_RUNNING: { type: symbolTriangle, tone: 'runs' },
  TASK_KILLING: { type: symbolDiamond, tone: 'begins' },
  TASK_FINISHED: { type: symbolSquare, tone: 'ends' },
};
const OTHER: Shape = { type: symbolCross, tone: 'fails' };

export const shapeOf = (state: string): Shape => SHAPES[state] ?? OTHER;

/** The outline of a state's mark around the origin. */
export const outlineOf = (state: string, size: number): string => symbol(shapeOf(state).type, size)() ?? '';

/** The shapes, as a legend tells them. */
export const LEGEND: readonly (readonly [state: string, text: string])[] = [
  ['TASK_STARTING', 'staging, starting'],
  ['TASK_RUNNING', 'running'],
  ['TASK_KILLING', 'killing'],
  ['TASK_FINISHED', 'finished'],
  ['TASK_FAILED', 'failed, killed, lost and other ends'],
];
