/** A pattern of the shell's, as a regular expression for one name: `*` and `?` stand for no slash. */
const patternOf = (pattern: string): RegExp => {
  let text = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const letter = pattern[at] ?? '';
    const set = letter === '[' ? /^\[([!^]?)([^\]/]+)\]/.exec(pattern.slice(at)) : null;
    if (letter === '*') text += '[^/]*';
    else if (letter === '?') text += '[^/]';
    else if (set !== null) {
      text += `[${set[1] === '' ? '' : '^'}${(set[2] ?? '').replace(/[\\\]^]/g, '\\$&')}]`;
      at += set[0].length - 1;
    } else text += letter.replace(/[.+^${}()|\\[\]]/g, '\\$&');
  }
  try {
    return new RegExp(`^${text}$`, 's');
  } catch {
    // A set whose ends are the wrong way round stands for nothing.
    return /(?!)/;
  }
};

/** Whether a word has a pattern of `case`. */
export const matchesPattern = (word: string, pattern: string): boolean => patternOf(pattern).test(word);
