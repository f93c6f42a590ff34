import * as fs from 'node:fs';
import type { FoundIn } from '../../checkpoint/several.ts';
import { errnoText } from '../../source/errno.ts';
import { readInput } from '../../source/input.ts';
import { shown } from '../../text/escape.ts';
import { textOf } from '../../text/lossless.ts';
import { some } from '../../text/words.ts';
import { UsageError } from '../failure.ts';
import type { Io } from '../io.ts';
import { STANDARD_INPUT } from '../standard.ts';

/** What is to be judged. */
export interface Paths {
  readonly paths: readonly string[];
  /** Whether they are several, or were asked for as several: then they are summed up. */
  readonly areSeveral: boolean;
}

/**
 * The PATHs of a command line and of a list, each folder of archives or checkpoints taken for those in it.
 * @throws UsageError where there are none, or the list cannot be read
 */
export const pathsOf = (
  given: readonly string[],
  fromList: string | undefined,
  agentsIn: (path: string) => FoundIn | undefined,
  io: Io,
): Paths => {
  if (given.filter((path) => path === STANDARD_INPUT).length + (fromList === STANDARD_INPUT ? 1 : 0) > 1) {
    throw new UsageError('standard input (-) is asked for more than once');
  }
  const all = [...given, ...(fromList === undefined ? [] : namesIn(fromList))];
  if (all.includes('')) throw new UsageError('a PATH is empty: is a variable not set?');
  if (all.length === 0) {
    throw new UsageError(
      fromList === undefined
        ? 'no PATH is given: name one, or a list of them with --from-list'
        : `--from-list: ${shown(fromList)}: it names no PATH`,
    );
  }
  let areSeveral = all.length > 1 || fromList !== undefined;
  const paths = all.flatMap((path) => {
    const found = agentsIn(path);
    if (found === undefined) return [path];
    areSeveral = true;
    if (found.passedOver.length > 0) {
      io.err(
        `mesos-ckpt: ${shown(path)}: not read, because not called .tar or .tar.gz: ${some(found.passedOver.map(shown))}\n`,
      );
    }
    return found.paths;
  });
  return { paths, areSeveral };
};

/** The names in a list, apart by NUL where it has any, else by newlines: as `find -print0` and `ls` write them. */
const namesIn = (list: string): readonly string[] => {
  const bytes = read(list);
  const end = bytes.includes(0) ? '\0' : '\n';
  return textOf(bytes)
    .split(end)
    .map((name) => (end === '\n' ? name.replace(/\r$/, '') : name))
    .filter((name) => name !== '');
};

const read = (list: string): Buffer => {
  try {
    if (list !== STANDARD_INPUT) return fs.readFileSync(list);
    const chunks: Buffer[] = [];
    readInput(undefined, (chunk) => chunks.push(chunk));
    return Buffer.concat(chunks);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`--from-list: ${shown(list)}: ${errnoText(code)}; expected a file with a PATH a line`);
  }
};
