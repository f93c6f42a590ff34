import { versionText } from '../../agent/version.ts';
import type { Preflight } from '../../preflight/preflight.ts';
import { shown } from '../../text/escape.ts';
import { type ScreenOptions, styles } from '../../text/style.ts';
import { wrap } from '../../text/wrap.ts';
import { collectedSentence } from '../collected.ts';
import { agentLine } from '../verify/screen.ts';
import { type Leads, nextText, resultText } from './answer.ts';
import { livesText } from './lives.ts';
import { checksTable } from './table.ts';

/** How the screen is laid out; with `all`, what was found is told of checks too that are ok. */
interface PreflightScreenOptions extends ScreenOptions, Leads {
  readonly all?: boolean | undefined;
}

/**
 * What is predicted of a host, for a terminal: the agent and what is about to happen to it, the checks, the worst first, who is
 * lost; and at its end, where one looks, the result and what to do first. Four lines where all is well.
 */
export const preflightScreen = (preflight: Preflight, options: PreflightScreenOptions): string => {
  const { width, all } = options;
  const style = styles(options.colour);
  const { results } = preflight;
  const head = [agentText(preflight, options), wrap(headText(preflight), width), ...readText(preflight, options)];
  const judgesLives = results.some(({ code }) => code === 'lives');
  if (all !== true && results.every(({ verdict }) => verdict === 'ok')) {
    return `${[...head, resultText(preflight, options)].join('\n')}\n`;
  }
  const next = nextText(preflight, width, options);
  return `${[
    head.join('\n'),
    checksTable(results, all === true, width, style),
    ...(judgesLives ? [whoLives(preflight, options)] : []),
    `${resultText(preflight, options)}${next === '' ? '' : `\n${next}`}`,
  ].join('\n\n')}\n`;
};

const agentText = ({ facts }: Preflight, options: ScreenOptions): string =>
  facts.checkpoint.known
    ? agentLine(facts.checkpoint.value.verification, options)
    : styles(options.colour).bold(wrap(`Agent not known: ${shown(facts.checkpoint.why)}`, options.width, '', '  '));

/** From where the host was read, unless that is the one that this runs on. */
const readText = ({ facts }: Preflight, { width, zone }: ScreenOptions): readonly string[] => {
  if (facts.about !== undefined) return [wrap(collectedSentence(facts.about, zone), width)];
  return facts.isOwn ? [] : [wrap(`Everything was read below ${shown(facts.root)}.`, width)];
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
