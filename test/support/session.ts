import type { Io } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';

/** What a command printed, and how it ended. */
export interface Ran {
  readonly out: string;
  readonly err: string;
  readonly exitCode: number;
}

/** Runs a command line; without colour and 80 columns wide where nothing else is said. */
export const run = async (argv: readonly string[], io: Partial<Io> = {}): Promise<Ran> => {
  let out = '';
  let err = '';
  const exitCode = await main(argv, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    columns: 80,
    colour: false,
    ...io,
  });
  return { out, err, exitCode };
};

/** Does something in a folder, so that what is printed of paths is the same on every machine. */
export const within = async <T>(folder: string, action: () => Promise<T>): Promise<T> => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await action();
  } finally {
    process.chdir(before);
  }
};

/** What an operator sees: the command, what it prints, and the exit code. */
export const session = ({ out, err, exitCode }: Ran, argv: readonly string[]): string =>
  `$ mesos-ckpt ${argv.map((word) => (/^[\w./*=-]+$/.test(word) ? word : `'${word}'`)).join(' ')}\n${out}${err}exit code ${exitCode}\n`;
