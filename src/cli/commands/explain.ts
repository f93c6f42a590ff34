import type { Command } from '@commander-js/extra-typings';
import { explainJson } from '../../report/explain/json.ts';
import { explainList, explainPage } from '../../report/explain/page.ts';
import { nearest, type Topic, topics } from '../../report/explain/topics.ts';
import { jsonLine, shown } from '../../text/escape.ts';
import { listed } from '../../text/words.ts';
import type { Define, OptionsOf, Session } from '../command.ts';
import { EXIT, type ExitCode, exitCodesHelp } from '../exit.ts';
import { UsageError } from '../failure.ts';
import { screenOf } from '../io.ts';
import { json } from '../options.ts';

const declare = (command: Command) =>
  command
    .description(
      'Explains findings of verify and checks of preflight: what each means, how it happens, what the agent does, in which ' +
        'version, with an example and what to do. Without a code, all of them are listed, the worst first.',
    )
    .argument('[code...]', 'the code of a finding or a check, as verify and preflight print it')
    .addOption(json('print one line of JSON per code; without a code, for all'))
    .addHelpText(
      'after',
      exitCodesHelp([EXIT.recovers, 'it was explained'], [EXIT.unknown, 'there is no such code (or usage)']),
    );

type Options = OptionsOf<typeof declare>;

export const define: Define = (command, session) =>
  declare(command).action((codes, options) => session.exit(explain(codes, options, session)));

/**
 * `explain [CODE...]`: prints the page of each code, or the list of all.
 * @throws UsageError where there is no such code, with those that are near
 */
const explain = (codes: readonly string[], options: Options, { io }: Session): ExitCode => {
  const all = topics();
  // A code of a finding may be one of a check too: both are told.
  const asked = codes.map((code) => topicsOf(code, all));
  const screen = screenOf(io);
  if (options.json === true) {
    for (const topic of codes.length === 0 ? all : asked.flat()) io.out(`${jsonLine(explainJson(topic))}\n`);
  } else if (codes.length === 0) io.out(explainList(all, screen));
  else
    io.out(
      asked
        .flat()
        .map((topic) => explainPage(topic, screen))
        .join(`\n${'-'.repeat(Math.min(io.columns, 80))}\n\n`),
    );
  return EXIT.recovers;
};

const topicsOf = (code: string, all: readonly Topic[]): readonly Topic[] => {
  const found = all.filter((topic) => topic.code === code);
  if (found.length > 0) return found;
  const near = nearest(code, all);
  const hint =
    near.length === 0 || near.length > 5
      ? 'mesos-ckpt explain lists all codes'
      : `did you mean ${listed(near).replace(/ and (?=\S+$)/, ' or ')}?`;
  throw new UsageError(`there is no finding and no check '${shown(code)}': ${hint}`);
};
