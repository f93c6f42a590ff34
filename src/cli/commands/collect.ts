import type { Command } from '@commander-js/extra-typings';
import { shellAssignment } from '../../text/shell.ts';
import type { Define, OptionsOf } from '../command.ts';
import { EXIT, exitCodesHelp, UNKNOWN } from '../exit.ts';
import { COLLECT_SCRIPT } from '../generated/collect-script.ts';
import { workDir } from '../options.ts';

const declare = (command: Command) =>
  command
    .description(
      'Prints a POSIX shell script that reads a host, which needs neither Node nor this command, and writes what ' +
        'verify, prune and preflight read of it to standard output, a tar. The script writes nothing on the host.',
    )
    .option('--redact', 'make a script that blanks secrets in texts and leaves out keys and credentials')
    .addOption(workDir('the work_dir on the host, if its agent and its flags do not name it'))
    .addHelpText(
      'after',
      `
Run the script as root on the host, and read what it writes here:
  mesos-ckpt collect > collect.sh
  ssh HOST sudo sh -s < collect.sh > HOST.tar
  mesos-ckpt preflight HOST.tar`,
    )
    .addHelpText('after', exitCodesHelp([EXIT.recovers, 'the script was printed'], UNKNOWN));

type Options = OptionsOf<typeof declare>;

export const define: Define = (command, { io, exit }) =>
  declare(command).action((options) => {
    io.out(scriptFor(options));
    exit(EXIT.recovers);
  });

/** The script, `contrib/collect.sh`, with what was asked for in the lines that set that. */
const scriptFor = ({ redact, workDir: folder }: Options): string =>
  [
    ...(redact === true ? [['redact=no', 'redact=yes'] as const] : []),
    ...(folder === undefined ? [] : [['work_dir=', shellAssignment('work_dir', folder)] as const]),
  ].reduce((text, [from, to]) => text.replace(`\n${from}\n`, () => `\n${to}\n`), COLLECT_SCRIPT);
