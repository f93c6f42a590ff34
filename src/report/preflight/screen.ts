import { versionText } from '../../agent/version.ts';
import { WORST_FIRST } from '../../preflight/checks/check.ts';
import type { Preflight } from '../../preflight/preflight.ts';
import { shown } from '../../text/escape.ts';
import { type ScreenOptions, styles } from '../../text/style.ts';
import { count, listed } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';
import { collectedSentence } from '../collected.ts';
import { answerText } from './answer.ts';
import { livesText } from './lives.ts';
import { checksTable } from './table.ts';

/** How the screen is laid out; with `all`, what was found is told of checks too that are ok. */
interface PreflightScreenOptions extends ScreenOptions {
  readonly all?: boolean | undefined;
}

/** What is predicted of a host, for a terminal. */
export const preflightScreen = (preflight: Preflight, options: PreflightScreenOptions): string => {
  const { width, colour, zone, all } = options;
  const style = styles(colour);
  const { results, facts } = preflight;
  const worst = WORST_FIRST.find((verdict) => results.some((result) => result.verdict === verdict)) ?? 'ok';
  const paint = worst === 'fail' ? style.bad : worst === 'ok' ? style.good : style.warn;
  return `${[
    ...(results.some(({ code }) => code === 'lives') ? [answerText(preflight, width, style)] : []),
    wrap(headText(preflight), width),
    checksTable(results, all === true, width, style),
    ...(results.some(({ code }) => code === 'lives') ? [whoLives(preflight, options)] : []),
    paint(wrap(summary(preflight), width)),
    ...(facts.about !== undefined
      ? [wrap(collectedSentence(facts.about, zone), width)]
      : facts.isOwn
        ? []
        : [wrap(`Everything was read below ${shown(facts.root)}.`, width)]),
  ].join('\n\n')}\n`;
};

const whoLives = ({ facts, lives }: Preflight, options: ScreenOptions): string =>
  facts.checkpoint.known || lives.executors.length > 0
    ? livesText(lives, options)
    : wrap(`What survives is not known: ${shown(facts.checkpoint.why)}.`, options.width);

const headText = ({ facts }: Preflight): string => {
  const { from, to, scenario, workDir } = facts;
  const isSame = from === undefined || versionText(from.version) === versionText(to.version);
  const span = isSame ? versionText(to.version) : `${versionText(from.version)} to ${versionText(to.version)}`;
  const what = {
    restart: 'Restart of',
    upgrade: 'Upgrade of',
    reboot: 'Reboot of the host of',
    cleanup: 'Cleanup of',
    downgrade: 'Downgrade of',
  }[scenario];
  const assumed = to.origin === undefined ? ' (assumed)' : '';
  return `${what} the agent${workDir === undefined ? '' : ` with its work_dir at ${shown(workDir.path)}`}: Mesos ${span}${assumed}.`;
};

const summary = ({ results, exitCode }: Preflight): string => {
  const parts = WORST_FIRST.flatMap((verdict) => {
    const number = results.filter((result) => result.verdict === verdict).length;
    return number === 0 ? [] : [`${number} ${verdict}`];
  });
  return `${count(results.length, 'check')}: ${listed(parts)} (exit code ${exitCode})`;
};
