/** What a style says; a colour never says it alone, there is always a word beside it. */
export type StyleName = 'bad' | 'warn' | 'good' | 'dim' | 'bold';

/** How a screen is laid out: its width in columns, and whether colours may be used. */
export interface ScreenOptions {
  readonly width: number;
  readonly colour: boolean;
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
