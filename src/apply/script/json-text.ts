import { shellAssignment } from '../../text/shell.ts';

const hex = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

/** A text of JSON with escapes for all that is no ASCII: it reads the same. */
export const jsonInAscii = (json: string): string => json.replace(/[^ -~]/g, (unit) => hex(unit.charCodeAt(0)));

/** Characters in one argument: hosts limit it to 128 KiB, where `printf` is no command of the shell's own. */
const ARGUMENT = 4000;

/** Commands that print a text of ASCII, and what it is followed by, a newline or nothing. */
export const printed = (text: string): readonly string[] => {
  const isLine = text.endsWith('\n');
  const body = isLine ? text.slice(0, -1) : text;
  const commands: string[] = [];
  for (let at = 0; at < body.length; at += ARGUMENT) {
    const isLast = at + ARGUMENT >= body.length;
    const format = isLast && isLine ? '%s\\n' : '%s';
    const value = shellAssignment('', body.slice(at, at + ARGUMENT)).slice(1);
    commands.push(`printf '${format}' ${value}`);
  }
  return commands.length > 0 ? commands : [isLine ? 'echo' : ':'];
};
