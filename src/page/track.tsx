import type { Entries } from './entries.ts';
import { LEGEND, outlineOf, shapeOf, specifierOf, type TimeScale } from './time-scale.ts';

/** In pixels. */
export const TRACK_WIDTH = 320;
export const TRACK_MARGIN = 8;
const HEIGHT = 26;

/** The updates of one task beside those of others: a mark each, and a ring around those that are pending. */
export const Track = ({
  entries,
  entry,
  scale,
}: {
  readonly entries: Entries;
  readonly entry: number;
  readonly scale: TimeScale;
}) => {
  const updates = entries.index.updates[String(entry)];
  if (updates === undefined) return null;
  const marks = marksOf(updates, entries.index.texts, scale);
  const [first, last] = [marks[0], marks.at(-1)];
  return (
    <svg
      class="track"
      viewBox={`0 0 ${TRACK_WIDTH} ${HEIGHT}`}
      width={TRACK_WIDTH}
      height={HEIGHT}
      aria-hidden="true"
      focusable="false"
    >
      {first !== undefined && last !== undefined && (
        <line class="life" x1={first.x} x2={last.x} y1={HEIGHT / 2} y2={HEIGHT / 2} />
      )}
      {marks.map((mark, i) => (
        <UpdateMark key={i} {...mark} y={HEIGHT / 2} size={46} />
      ))}
    </svg>
  );
};

interface MarkPlace {
  readonly x: number;
  readonly state: string;
  readonly isPending: boolean;
}

const marksOf = (
  flat: readonly (number | null)[],
  texts: readonly string[],
  scale: TimeScale,
): readonly MarkPlace[] => {
  const marks: MarkPlace[] = [];
  let before = scale.range()[0] ?? 0;
  for (let i = 0; i + 2 < flat.length; i += 3) {
    const seconds = flat[i] ?? null;
    // What has no time is drawn where the one before it is.
    const x = seconds === null ? before : scale(new Date(seconds * 1000));
    before = x;
    marks.push({ x, state: texts[flat[i + 1] ?? -1] ?? '', isPending: flat[i + 2] === 1 });
  }
  return marks;
};

/** The mark of an update: full where it is acknowledged, in a ring where it is pending. */
export const UpdateMark = ({
  x,
  y,
  state,
  isPending,
  size,
}: MarkPlace & { readonly y: number; readonly size: number }) => (
  <g
    transform={`translate(${x.toFixed(1)},${y})`}
    class={`update ${shapeOf(state).tone} ${isPending ? 'pending' : ''}`}
  >
    {isPending && <circle class="ring" r={Math.sqrt(size) + 2} />}
    <path d={outlineOf(state, size)} />
  </g>
);

/** The time above the tracks; where times do not fit beside each other, some ticks have none. */
export const Axis = ({
  scale,
  width,
  ticks,
  room,
}: {
  readonly scale: TimeScale;
  readonly width: number;
  readonly ticks: number;
  /** What a time takes. */
  readonly room: number;
}) => {
  const all = scale.ticks(ticks);
  const [first, second] = all.map((tick) => scale(tick));
  const every = first === undefined || second === undefined ? 1 : Math.max(1, Math.ceil(room / (second - first)));
  const told = all.filter((_, i) => i % every === 0);
  const format = scale.tickFormat(ticks, specifierOf(scale, told));
  return (
    <svg class="axis" viewBox={`0 0 ${width} 20`} width={width} height={20} aria-hidden="true" focusable="false">
      {all.map((tick, i) => (
        <g key={tick.getTime()} transform={`translate(${scale(tick).toFixed(1)},0)`}>
          <line y1={14} y2={20} />
          {i % every === 0 && (
            <text y={11} text-anchor={anchorOf(scale(tick), width)}>
              {format(tick)}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
};

const anchorOf = (x: number, width: number): 'start' | 'middle' | 'end' =>
  x < 40 ? 'start' : x > width - 40 ? 'end' : 'middle';

/** What the marks mean. */
export const Legend = () => (
  <ul class="legend">
    {LEGEND.map(([state, text]) => (
      <li key={state}>
        <Sample state={state} isPending={false} /> {text}
      </li>
    ))}
    <li>
      <Sample state="TASK_RUNNING" isPending={true} /> pending: the agent sends it again
    </li>
  </ul>
);

const Sample = ({ state, isPending }: { readonly state: string; readonly isPending: boolean }) => (
  <svg class="track" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
    <UpdateMark x={12} y={12} state={state} isPending={isPending} size={60} />
  </svg>
);
