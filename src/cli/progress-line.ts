import { createLogUpdate } from 'log-update';
import { type Phase, progressTo } from '../program/progress.ts';
import { shorten } from '../text/shorten.ts';
import { durationText, sizeText } from '../text/words.ts';

/** Who waits for less than this, in ms, is told nothing: the line would be gone before it was read. */
const PATIENCE = 2000;
/** The least time between two lines, in ms. */
const PACE = 100;
/** So often it is looked whether anything is to be shown where nothing goes on, as where a pipe is slow, in ms. */
const PULSE = 500;
/** Of how much of the work, and in how many ms, the rest can be told. */
const TOLD_FROM = { share: 0.02, milliseconds: 1000 };

const number = new Intl.NumberFormat('en');

/** What goes on, in one line: `reading processes: 3,210 of 10,000, about 4 seconds left`. */
export const progressText = (phases: readonly Phase[], now: number): string => {
  const text = phases.map(phaseText).join(', ');
  const [only, ...within] = phases;
  const left = only === undefined || within.length > 0 ? undefined : leftOf(only, now);
  return left === undefined ? text : `${text}, about ${durationText(left)} left`;
};

const phaseText = ({ doing, done, of, isBytes }: Phase): string => {
  const amount = isBytes === true ? sizeText : number.format;
  if (of !== undefined) return `${doing}: ${amount(Math.min(done, of))} of ${amount(of)}`;
  return done === 0 ? doing : `${doing}: ${amount(done)}`;
};

/** How long the rest takes, in ms, where it takes as long as what is done; undefined where that cannot be known yet. */
const leftOf = ({ done, of, since }: Phase, now: number): number | undefined => {
  const spent = now - since;
  if (of === undefined || done >= of || done < of * TOLD_FROM.share || spent < TOLD_FROM.milliseconds) return undefined;
  return (spent / done) * (of - done);
};

/** The line on a terminal that says how far a run is. */
export interface ProgressLine {
  /** Takes the line away: before anything else is written, and at the end. */
  readonly clear: () => void;
}

/** Shows on a terminal how far the work is, from two seconds on, until `clear` is called for the last time. */
export const showProgress = (
  write: (text: string) => void,
  { columns }: { readonly columns: number },
  now: () => number = Date.now,
): ProgressLine => {
  const stream = { write, columns, isTTY: true } as unknown as NodeJS.WriteStream;
  // Hiding the cursor would need signals to be heard: Ctrl-C is to end a run at once.
  const draw = createLogUpdate(stream, { showCursor: true });
  const begun = now();
  let last = begun;
  let isShown = false;
  const clear = (): void => {
    if (!isShown) return;
    isShown = false;
    draw.clear();
  };
  let phases: readonly Phase[] = [];
  const show = (): void => {
    const time = now();
    if (phases.length === 0) {
      clear();
      return;
    }
    if (time - begun < PATIENCE || time - last < PACE) return;
    last = time;
    isShown = true;
    // One column is kept free: a line that fills the last one is wrapped by some terminals.
    draw(shorten(progressText(phases, time), Math.max(1, columns - 1)));
  };
  progressTo((told) => {
    phases = told;
    show();
  });
  setInterval(show, PULSE).unref();
  return { clear };
};
