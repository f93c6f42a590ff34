import type { Way, WayName } from '../../repair/ways/way.ts';
import { shellWord } from '../../text/shell.ts';

/** What is added to `prune PATH` for a way; undefined for one that is no plan. */
const OPTIONS: Readonly<Record<WayName, readonly string[] | undefined>> = {
  'as-is': undefined,
  'as-non-strict': ['--as-non-strict'],
  salvage: ['--salvage'],
  'salvage-suspect': ['--salvage', '--allow-suspect'],
  adopt: ['--adopt', '--allow-suspect'],
  'remove-latest': undefined,
};

/** What else is asked for where `slave.info` is changed; what is exact, and keeps most, is done anyway. */
const OVER: Readonly<Record<NonNullable<Way['over']>, readonly string[]>> = {
  'as-non-strict': ['--as-non-strict'],
  salvage: [],
  'salvage-suspect': ['--salvage'],
};

/** The options of `prune` that ask for a way; none where it is not asked for there. */
export const optionsOf = ({ way, over }: Pick<Way, 'way' | 'over'>): readonly string[] => [
  ...(over === undefined ? [] : OVER[over]),
  ...(OPTIONS[way] ?? []),
];

/**
 * The command that takes a way, as its words; undefined where nothing is to be done but to start the agent.
 * `behind` is what has to stand behind, such as a copy that the plan takes from.
 */
export const commandOf = (
  { way, after, over }: Pick<Way, 'way' | 'after' | 'over'>,
  path: string,
  behind: readonly string[] = [],
): readonly string[] | undefined => {
  if (way === 'as-is') return undefined;
  if (way === 'remove-latest') return ['rm', '-f', `${after.home}/meta/slaves/latest`];
  // A path that begins with a dash would be taken for an option, but for the one that is standard input.
  return [
    'mesos-ckpt',
    'prune',
    path.startsWith('-') && path !== '-' ? `./${path}` : path,
    ...optionsOf({ way, over }),
    '--apply',
    ...behind,
  ];
};

/** The command that writes a way's plan as a script for a host without Node. */
export const scriptCommandOf = (
  way: Pick<Way, 'way' | 'after'>,
  path: string,
  behind: readonly string[] = [],
): readonly string[] | undefined =>
  commandOf(way, path, behind)?.flatMap((word) => (word === '--apply' ? ['--emit-sh', 'plan.sh'] : [word]));

/** A command on a line, as it is typed. */
export const typed = (argv: readonly string[]): string =>
  argv.map((word) => (/^--?[a-z_-]*(=[\w./:,@-]+)?$/.test(word) ? word : shellWord(word))).join(' ');
