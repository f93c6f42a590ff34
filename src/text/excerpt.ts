/**
 * Texts from files can be as long as the file. What quotes one in a sentence quotes its beginning, and says how much more
 * there is, so that one file of zeros does not fill a screen, a log or a mailbox.
 */

/** Enough of a text in a file of one value to see what it is. */
const QUOTED = 80;

/** The beginning of a text, at most `most` UTF-16 units, and how much is left; all of it where it is no longer. */
export const excerpt = (text: string, most: number): string => {
  if (text.length <= most) return text;
  // No pair of surrogates is cut in two: half of one would be taken for a byte.
  const last = text.charCodeAt(most - 1);
  const end = last >= 0xd800 && last <= 0xdbff ? most - 1 : most;
  return `${text.slice(0, end)}… (${text.length - end} more characters)`;
};

/** A text in quotes; of a long one its beginning. */
export const quoted = (text: string): string => {
  if (text.length <= QUOTED) return `'${text}'`;
  const [begin = '', rest = ''] = excerpt(text, QUOTED).split(/(?=\u2026 \(\d+ more characters\)$)/);
  return `'${begin}'${rest}`;
};
