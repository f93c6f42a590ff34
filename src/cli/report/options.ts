import { type Command, Option } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';
import { EXIT_CODE_TABLE, exitCodesHelp } from '../exit.ts';
import { UsageError } from '../failure.ts';
import {
  ARCHIVES,
  bootId,
  fromList,
  json,
  launcher,
  maxRecord,
  maxSize,
  mesosVersion,
  rebooted,
  sandboxes,
  versionIn,
  workDir,
} from '../options.ts';

export const declareReport = (command: Command) =>
  command
    .description(
      'Writes one page of HTML that shows everything about each PATH: the verdict, the ways out, what runs, the time line ' +
        'of every task, findings with their bytes. It needs no network, and loads nothing. Secrets are redacted. Only the ' +
        'page is written.',
    )
    .argument(
      '[path...]',
      `the agent's work_dir, or its meta; ${ARCHIVES}; what collect wrote of a host; or a folder of several of these`,
    )
    .addOption(fromList)
    .option('-o, --output <file>', 'the file to write, such as report.html; - for standard output')
    .option('--force', 'replace the file if it exists')
    .option(
      '--root <dir>',
      "the root of the agent's host, for the table of preflight; without PATH, its work_dir is read",
    )
    .option('--to <version>', 'the version that will start on the host, for preflight', versionIn('--to'))
    .addOption(
      new Option('--scenario <what>', 'what is about to happen to the host, for preflight').choices([
        ...(['restart', 'upgrade', 'reboot', 'cleanup', 'downgrade'] as const),
      ]),
    )
    .option('--plan <file>', 'show before and after the plan in a file of prune --plan')
    .option('--journal <dir>', 'show before and after the journal of prune --apply; without PATH, its tree is read')
    .addOption(mesosVersion('that will start'))
    .addOption(bootId)
    .addOption(rebooted)
    .addOption(workDir())
    .addOption(launcher)
    .addOption(sandboxes)
    .addOption(maxSize)
    .addOption(maxRecord)
    .addOption(json("print the page's data as one line of JSON, instead of the page"))
    .addHelpText('after', exitCodesHelp(...EXIT_CODE_TABLE));

/** The options of `report`, as the command line gives them. */
export type ReportOptions = OptionsOf<typeof declareReport>;

/** @throws UsageError where the options of `report` make no sense */
export const checkReportUsage = (given: readonly string[], options: ReportOptions): void => {
  const { output, json, force, root, plan, journal, fromList, to, scenario } = options;
  if (output === undefined && json !== true) {
    throw new UsageError('no file for the page: name one with -o, such as -o report.html');
  }
  if (output !== undefined && json === true) throw new UsageError('--json prints the data alone: leave out --output');
  if (output === '') throw new UsageError('--output: it is empty: is a variable not set?');
  if (force === true && output === undefined) throw new UsageError('--force needs --output');
  if (plan !== undefined && journal !== undefined) throw new UsageError('--plan and --journal cannot be used together');
  for (const [name, value] of Object.entries({ root, plan, journal })) {
    if (value === '') throw new UsageError(`--${name}: it is empty: is a variable not set?`);
    if (value !== undefined && (given.length > 1 || fromList !== undefined)) {
      throw new UsageError(`--${name} takes only one PATH: run the command for each PATH that needs it`);
    }
  }
  if (root !== undefined && given.length === 0 && journal !== undefined) {
    throw new UsageError('--root and --journal each tell of a work_dir: name the one that is meant as PATH');
  }
  if (root === undefined && given.length === 0 && (to !== undefined || scenario !== undefined)) {
    throw new UsageError('--to and --scenario are for the host: name its root with --root');
  }
};
