/** What is typed in place of a file that is read. */
export { STANDARD_INPUT } from '../checkpoint/opened.ts';

/** What is typed in place of a file that is written: what is said of it then goes to standard error. */
export const STANDARD_OUTPUT = '-';
