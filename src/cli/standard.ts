/** What is typed in place of a file that is read. */
export const STANDARD_INPUT = '-';

/** What is typed in place of a file that is written: what is said of it then goes to standard error. */
export const STANDARD_OUTPUT = '-';
