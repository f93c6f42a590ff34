import { type Command, Option } from '@commander-js/extra-typings';
import type { Io } from './io.ts';

/** The options that every command has, declared here and nowhere else, and what they do to the world of a command. */

/** What a command prints: a screen with times, one without, or a text that is for programs. */
export type Prints = 'times' | 'screen' | 'text';

/** What the command line said. */
export interface GlobalOptions {
  readonly color?: 'auto' | 'always' | 'never' | undefined;
  readonly utc?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

/** Says, in the program's own help, which comes first: the option, and then what the environment says. */
export const COLOR_HELP = `Colors: --color decides; else NO_COLOR, then FORCE_COLOR; else a terminal has
them, unless it is TERM=dumb. Nothing is shortened where there is no terminal.
`;

/** Declares them, behind a command's own. */
export const addGlobalOptions = (command: Command, prints: Prints): void => {
  if (prints !== 'text') {
    command.addOption(
      new Option('--color <when>', 'whether the screen has colors')
        .choices(['auto', 'always', 'never'] as const)
        .default('auto' as const),
    );
  }
  if (prints === 'times') command.option('--utc', 'show times only in UTC, not also in the local time zone (TZ)');
  command.option('-q, --quiet', 'show no progress on standard error (a terminal shows it after two seconds)');
  command.option('--debug', 'log to standard error what is read and decided, for a bug report');
};

/** What others call what an option does, and what is said of it. */
const FOREIGN_OPTIONS: Readonly<Record<string, string>> = {
  '--no-colour': 'Did you mean --color never?',
  '--colour': 'Did you mean --color?',
  '-q': 'It goes behind the command, as in mesos-ckpt verify PATH -q.',
  '--quiet': 'It goes behind the command, as in mesos-ckpt verify PATH --quiet.',
  '--color': 'Commands that show colors take it behind their name: mesos-ckpt verify PATH --color never.',
  '--debug': 'It goes behind the command, as in mesos-ckpt verify PATH --debug.',
  '--silent': 'Did you mean --quiet?',
  '--verbose': 'Did you mean --debug?',
  '-v': 'Did you mean --debug, or --version before a command?',
  '--dry-run': 'Nothing is changed without --apply.',
  '-n': 'Nothing is changed without --apply.',
  '--redact': 'Secrets are redacted already; snapshot --redact makes a copy without them.',
  '--fix': 'Did you mean the command prune?',
  '--repair': 'Did you mean the command prune?',
};

/**
 * A complaint about a command line in our words, and with what to do: about an option that there is not, where nothing near is
 * suggested; about an argument that is missing, or is none of its choices.
 */
export const withHint = (complaint: string): string => {
  const choice = /command-argument value ('.*') is invalid for argument '([^']*)'\. Allowed choices are (.*)\.\n$/s;
  if (choice.test(complaint)) return complaint.replace(choice, '$1 is not a $2 that is known: there are $3\n');
  if (/missing required argument '[^']*'\n$/.test(complaint)) return `${complaint}(--help shows what it takes.)\n`;
  const [, option = ''] = /unknown option '([^']*)'\n$/.exec(complaint) ?? [];
  if (option === '') return complaint;
  const [name = ''] = option.split('=');
  const hint = Object.hasOwn(FOREIGN_OPTIONS, name) ? FOREIGN_OPTIONS[name] : '--help lists the options.';
  return `${complaint}(${hint})\n`;
};

/** The world of a command as its command line wants it. */
export const asAsked = (io: Io, { color = 'auto', utc }: GlobalOptions): Io => ({
  ...io,
  colour: color === 'auto' ? io.colour : color === 'always',
  zone: utc === true ? undefined : io.zone,
});
