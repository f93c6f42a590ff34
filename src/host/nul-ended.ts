/** The kernel lets no program have more words in its command line or its environment: 6 MiB hold them and a pointer to each. */
const MOST_WORDS = 1_000_000;

/** The texts of which each is ended by a NUL, as the kernel shows a command line or an environment; the last may lack it. */
export const nulEnded = (text: string): readonly string[] =>
  text === '' ? [] : (text.endsWith('\0') ? text.slice(0, -1) : text).split('\0', MOST_WORDS);
