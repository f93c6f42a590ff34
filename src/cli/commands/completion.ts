import { Argument, type Command } from '@commander-js/extra-typings';
import { allCodes } from '../../findings/catalogue.ts';
import { checkCodes } from '../../preflight/checks/index.ts';
import { VERSION } from '../../program/version.ts';
import type { Define } from '../command.ts';
import { EXIT, exitCodesHelp, UNKNOWN } from '../exit.ts';
import { bashCompletion } from '../reference/bash.ts';
import { describeCommands } from '../reference/describe.ts';
import { fishCompletion } from '../reference/fish.ts';
import { manPage } from '../reference/man.ts';
import { zshCompletion } from '../reference/zsh.ts';

const declare = (command: Command) =>
  command
    .description(
      'Prints a script that completes command lines of mesos-ckpt in a shell: commands, options and their values, codes of ' +
        'findings and checks, and paths. Or, with man, the manual page.',
    )
    .addArgument(new Argument('<shell>', 'the shell, or man').choices(['bash', 'zsh', 'fish', 'man'] as const))
    .addHelpText('after', exitCodesHelp([EXIT.recovers, 'it was printed'], UNKNOWN));

export const define: Define = (command, { io, whole, exit }) =>
  declare(command).action(async (shell) => {
    if (whole === undefined) throw new TypeError('there is no program to complete');
    const program = await whole();
    const commands = describeCommands(program, {
      codes: [...new Set<string>([...allCodes, ...checkCodes])],
      checks: checkCodes,
    });
    const made = {
      bash: bashCompletion,
      zsh: zshCompletion,
      fish: fishCompletion,
      man: (all: typeof commands, version: string) => manPage(all, { version, description: program.description() }),
    }[shell];
    io.out(made(commands, VERSION));
    exit(EXIT.recovers);
  });
