import type { TracedText } from '../../agent/flags/origin.ts';
import { baseName } from '../../source/source.ts';

/** How a program is called that starts another one. */
interface Starter {
  /** Letters of its options that take a value, which stands behind a blank. */
  readonly values?: string;
  /** Long options of which the same holds. */
  readonly longValues?: readonly string[];
  /** How many words come before the program, options left out. */
  readonly skips?: number;
  /** Whether variables may stand before the program, as with `env`. */
  readonly takesVariables?: boolean;
}

/** Programs that start what stands behind them. */
const STARTERS: Readonly<Record<string, Starter>> = {
  sudo: { values: 'ugpCrthDRT', takesVariables: true },
  env: { values: 'uC', takesVariables: true },
  nice: { values: 'n' },
  ionice: { values: 'cnp' },
  nohup: {},
  setsid: {},
  exec: { values: 'a' },
  command: {},
  builtin: {},
  time: { values: 'fo' },
  timeout: { values: 'ks', skips: 1 },
  flock: { values: 'wE', skips: 1 },
  chrt: { values: 'TPD', skips: 1 },
  taskset: { skips: 1 },
  numactl: { values: 'NmCpi' },
  prlimit: {},
  cgexec: { values: 'g' },
  unshare: {},
  stdbuf: { values: 'ioe' },
  busybox: {},
  runuser: { values: 'ugGsw' },
  setpriv: { longValues: ['--reuid', '--regid', '--groups', '--inh-caps', '--bounding-set'] },
  gosu: { skips: 1 },
  'su-exec': { skips: 1 },
  setuidgid: { skips: 1 },
  's6-setuidgid': { skips: 1 },
  envuidgid: { skips: 1 },
  envdir: { skips: 1 },
  softlimit: { values: 'acdfmlopqrst' },
  chpst: { values: 'uUbencmdofpr/' },
  tini: { values: 'pe' },
  'dumb-init': {},
  catchsegv: {},
  'systemd-inhibit': { longValues: ['--what', '--who', '--why', '--mode'] },
  'systemd-cat': { values: 'tp' },
};

/**
 * The command that stands behind a program that starts others, its options and assignments left out; undefined where it is
 * no such program, or starts nothing.
 */
export const startedBehind = ([program, ...args]: readonly TracedText[]): readonly TracedText[] | undefined => {
  const name = baseName(program?.value ?? '');
  const starter = Object.hasOwn(STARTERS, name) ? STARTERS[name] : undefined;
  if (starter === undefined) return undefined;
  const { values = '', longValues = [], skips = 0, takesVariables = false } = starter;
  let at = 0;
  for (; at < args.length; at += 1) {
    const value = args[at]?.value ?? '';
    const isAssignment = takesVariables && /^\w+=/.test(value);
    if (!value.startsWith('-') && !isAssignment) break;
    if (value === '--') {
      at += 1;
      break;
    }
    if ((/^-[A-Za-z/]$/.test(value) && values.includes(value.slice(1))) || longValues.includes(value)) at += 1;
  }
  return args.slice(at + skips);
};

/** Options that name the user whom a starter becomes, and starters before whose program the user stands. */
const USER_OPTIONS: Readonly<Record<string, RegExp>> = {
  sudo: /^(?:-[A-Za-z]*u|--user=?)(.*)$/,
  runuser: /^(?:-u|--user=?)(.*)$/,
  chpst: /^-u(.*)$/,
  setpriv: /^--reuid=?(.*)$/,
  'start-stop-daemon': /^(?:-c|--chuid=?)(.*)$/,
  daemon: /^(?:-u|--user=?)(.*)$/,
};
const USER_FIRST = new Set(['gosu', 'su-exec', 'setuidgid', 's6-setuidgid']);

/** The user whom a command becomes before it starts another one; undefined where it stays who it is. */
export const userOfStarter = ([program, ...args]: readonly TracedText[]): TracedText | undefined => {
  const name = baseName(program?.value ?? '');
  const bare = (text: TracedText): TracedText | undefined => {
    const value = text.value.replace(/^:?([^:]+)(?::.*)?$/, '$1');
    return value === '' ? undefined : { ...text, value };
  };
  if (USER_FIRST.has(name)) return args.filter(({ value }) => !value.startsWith('-')).map(bare)[0];
  if (name === 'su') {
    const at = args.findIndex(({ value }) => /^-[a-z]*c$|^--command$/.test(value));
    const words = args.filter(
      ({ value }, i) => !value.startsWith('-') && i !== at + 1 && !/^-[sgGw]$/.test(args[i - 1]?.value ?? ''),
    );
    const [user] = at < 0 ? args.filter(({ value }) => !value.startsWith('-')) : words;
    return user === undefined ? undefined : bare(user);
  }
  const option = USER_OPTIONS[name];
  if (option === undefined) return undefined;
  for (const [i, argument] of args.entries()) {
    const joined = option.exec(argument.value)?.[1];
    if (joined === undefined) continue;
    const user = joined === '' ? args[i + 1] : { ...argument, value: joined };
    return user && bare(user);
  }
  return undefined;
};

/** Whether a command gives what it starts an environment of its own, which other files tell: sudoers, or those of a login. */
export const hasOwnEnvironment = ([program, ...args]: readonly TracedText[]): boolean => {
  const name = baseName(program?.value ?? '');
  const has = (option: RegExp): boolean => args.some(({ value }) => option.test(value));
  if (name === 'sudo') return !has(/^(?:-[A-Za-z]*E[A-Za-z]*|--preserve-env.*)$/);
  return (name === 'su' || name === 'runuser') && has(/^(?:-|-l|--login)$/);
};

/** A shell, by the last name of its path. */
export const isShell = (program: string): boolean => /^(?:ba|da|k|z|a)?sh$/.test(baseName(program));

/** What a command has a shell run: a text, or a file, each with the arguments behind it. */
export type GivenToShell =
  | { readonly text: TracedText; readonly args: readonly TracedText[] }
  | { readonly file: TracedText; readonly args: readonly TracedText[] };

/**
 * What a command has a shell run: `sh -c TEXT`, `sh FILE`, `su -c TEXT USER`. Undefined where it is nothing of that kind, or
 * a shell that is given its commands while it runs.
 */
export const givenToShell = ([program, ...args]: readonly TracedText[]): GivenToShell | undefined => {
  const name = baseName(program?.value ?? '');
  const isOfUser = name === 'su' || name === 'runuser';
  if (!isOfUser && !isShell(name)) return undefined;
  const joined = args.find(({ value }) => isOfUser && value.startsWith('--command='));
  if (joined !== undefined) return { text: { ...joined, value: joined.value.slice('--command='.length) }, args: [] };
  const at = args.findIndex(({ value }) => /^-[a-z]*c$/.test(value) || (isOfUser && value === '--command'));
  const text = at < 0 ? undefined : args[at + 1];
  // Behind the text come `$0` and then `"$@"`; behind that of su comes a user.
  if (text !== undefined) return { text, args: isOfUser ? [] : args.slice(at + 3) };
  if (isOfUser) return undefined;
  for (let i = 0; i < args.length; i += 1) {
    const value = args[i]?.value ?? '';
    if (value === '-o' || value === '+o' || value === '--rcfile' || value === '--init-file') i += 1;
    else if (!/^[-+]/.test(value)) return { file: args[i] as TracedText, args: args.slice(i + 1) };
  }
  return undefined;
};
