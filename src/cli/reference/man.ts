import type { CommandDoc } from './describe.ts';

/** What the page says besides the commands. */
export interface ManAbout {
  readonly version: string;
  readonly description: string;
}

/** A text in roff: the backslash and hyphens escaped, and nothing taken for a request. */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .split('\n')
    .map((line) => (/^[.']/.test(line) ? `\\&${line}` : line))
    .join('\n');

/** Lines as they are. */
const verbatim = (text: string): readonly string[] => ['.nf', ...roff(text).split('\n'), '.fi'];

/** The manual page of the program in section 1, from the same place as its help. */
export const manPage = (commands: readonly CommandDoc[], { version, description }: ManAbout): string =>
  [
    `.TH MESOS\\-CKPT 1 "" "mesos\\-ckpt ${roff(version)}" "User Commands"`,
    '.SH NAME',
    `mesos\\-ckpt \\- ${roff(description.replace(/\.$/, ''))}`,
    '.SH SYNOPSIS',
    ...commands.flatMap(({ usage }) => ['.br', `.B mesos\\-ckpt`, roff(usage)]).slice(1),
    '.SH COMMANDS',
    ...commands.flatMap(section),
    '.SH SEE ALSO',
    roff('mesos-ckpt explain prints the whole page of a finding or a check.'),
    '',
  ].join('\n');

const section = (command: CommandDoc): readonly string[] => [
  `.SS ${roff([command.name, ...command.aliases].join(', '))}`,
  roff(command.description),
  ...command.arguments.flatMap(({ name, description }) => ['.TP', `.I ${roff(name)}`, roff(description)]),
  ...command.options.flatMap(({ flags, inFull }) => ['.TP', `.B ${roff(flags)}`, roff(inFull)]),
  ...(command.after === '' ? [] : ['.PP', ...verbatim(command.after)]),
];
