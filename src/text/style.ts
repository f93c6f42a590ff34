/** What a style says; a colour never says it alone, there is always a word beside it. */
export type StyleName = 'bad' | 'warn' | 'good' | 'dim' | 'bold';

/** How a screen is laid out. */
export interface ScreenOptions {
  /** In columns. */
  readonly width: number;
  /** Whether colours may be used. */
  readonly colour: boolean;
  /** Shorten nothing, leave nothing out, and let the lines of tables be as long as they are: nobody sees the width. */
  readonly wide?: boolean | undefined;
  /** The time zone in which times are told beside UTC: a name such as `Europe/Berlin`, or `local`; without it, UTC alone. */
  readonly zone?: string | undefined;
}

/** What puts a style on a text. */
export type Styles = Readonly<Record<StyleName, (text: string) => string>>;

/** SGR codes that switch a style on, and off again: the eight colours that every terminal has, in its own shades. */
const CODES: Readonly<Record<StyleName, readonly [on: string, off: string]>> = {
  bad: ['1;31', '22;39'],
  warn: ['33', '39'],
  good: ['32', '39'],
  dim: ['2', '22'],
  bold: ['1', '22'],
};

const plain = (text: string): string => text;

const coloured =
  (name: StyleName) =>
  (text: string): string =>
    text === '' ? text : `\u{1b}[${CODES[name][0]}m${text}\u{1b}[${CODES[name][1]}m`;

const PLAIN: Styles = { bad: plain, warn: plain, good: plain, dim: plain, bold: plain };
const COLOURED: Styles = {
  bad: coloured('bad'),
  warn: coloured('warn'),
  good: coloured('good'),
  dim: coloured('dim'),
  bold: coloured('bold'),
};

/** The styles of a screen; without colour they leave a text as it is. They do not nest. */
export const styles = (colour: boolean): Styles => (colour ? COLOURED : PLAIN);
