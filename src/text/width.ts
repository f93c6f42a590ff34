import stringWidth from 'string-width';

/** All of it is one column a character: what nearly every id is. */
const PRINTABLE_ASCII = /^[\u{20}-\u{7e}]*$/u;

let segmenter: Intl.Segmenter | undefined;

/** How many columns of a terminal a text takes: wide characters take two, marks and colours none. */
export const displayWidth = (text: string): number => (PRINTABLE_ASCII.test(text) ? text.length : stringWidth(text));

/** What a reader takes for the characters of a text: marks stay with their letters, the parts of an emoji together. */
export const graphemes = (text: string): readonly string[] =>
  PRINTABLE_ASCII.test(text) ? text.split('') : Array.from(segmentsOf(text), ({ segment }) => segment);

/** Made when the first such text is met: it takes its time. */
const segmentsOf = (text: string): Intl.Segments => {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
};

/** Fills a text with blanks up to a width in columns; a wider one stays as it is. */
export const pad = (text: string, width: number, align: 'left' | 'right' = 'left'): string => {
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + blanks : blanks + text;
};
