import { versionText } from '../../agent/version.ts';
import type { Finding, Mode } from '../../findings/finding.ts';
import { isLong } from '../../recovery/failures.ts';
import { livingOn, tasksText } from '../../recovery/living.ts';
import { comesUp, type Start } from '../../recovery/simulate.ts';
import { shown } from '../../text/escape.ts';
import { excerpt } from '../../text/excerpt.ts';
import { type ScreenOptions, type Styles, styles } from '../../text/style.ts';
import { isoText } from '../../text/time.ts';
import { count } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';
import { agentHostOf, ownHostOf } from '../../verify/agent-host.ts';
import type { Verification } from '../../verify/verification.ts';
import { collectedSentence } from '../collected.ts';
import { costsText } from './costs.ts';
import { findingsText } from './findings.ts';
import { modeName, outcomeWord, verdictStyle, verdictText } from './verdict.ts';

/** How the screen is laid out. */
export interface VerifyScreenOptions extends ScreenOptions {
  /** The mode that decides, and by which findings are sorted. */
  readonly mode: Mode;
  /** The given path, where there are several. */
  readonly title?: string | undefined;
  /** Lists all that there is of a kind, where usually the first few are shown, and the rest counted. */
  readonly all?: boolean | undefined;
  /** Shows the agent's messages whole, as they will stand in its log. */
  readonly log?: boolean | undefined;
}

/** Findings that are of the reading, not of the checkpoint. */
const ASSUMPTIONS: ReadonlySet<string> = new Set(['boot-id-assumed', 'sandboxes-not-seen', 'place-assumed']);

/** Whether a finding is told of in the line of what was assumed, and not counted with the others. */
export const isAssumption = ({ code }: Pick<Finding, 'code'>): boolean => ASSUMPTIONS.has(code);

const MODES: readonly Mode[] = ['strict', 'nonStrict'];

/**
 * What is predicted of a checkpoint, for a terminal: the agent and what runs on it, either mode, what was found, what the
 * agent's log will say, what it costs, what was assumed; and at its end, where one looks, the result. Five lines where all is
 * well.
 */
export const verifyScreen = (verification: Verification, options: VerifyScreenOptions): string => {
  const style = styles(options.colour);
  const findings = verification.findings.filter((finding) => !isAssumption(finding));
  const head = [
    agentLine(verification, options),
    ...MODES.map((mode) => verdictLine(verification, mode, options, style)),
  ];
  const sections = [head.join('\n')];
  const isQuiet = findings.length === 0 && verification.strict.exitCode === 0 && verification.nonStrict.exitCode === 0;
  if (!isQuiet) {
    if (findings.length > 0) {
      sections.push(style.bold(wrap(summaryLine(findings, options.mode), options.width)));
      sections.push(findingsText(findings, options, style));
    }
    sections.push(
      ...logSections(verification, options, style),
      `${style.bold('What it costs')}\n${costsOfModes(verification, options)}`,
      metricLine(verification),
    );
  }
  const assumed = wrap(assumptions(verification, options.zone), options.width);
  // Of a tree that is well, all of it stands together.
  const text = isQuiet ? `${sections.join('\n')}\n${assumed}` : [...sections, assumed].join('\n\n');
  const title = options.title === undefined ? '' : `${style.bold(shown(options.title))}\n`;
  return `${title}${text}${isQuiet ? '\n' : '\n\n'}${resultLine(verification, findings, options, style)}\n`;
};

const isUp = (start: Start | undefined): boolean => start !== undefined && comesUp(start);

/** The agent, its host, and what runs on it: the first line of a screen. */
export const agentLine = (verification: Verification, { width, colour }: ScreenOptions): string =>
  styles(colour).bold(wrap(shown(agentText(verification)), width, '', '  '));

/** The same in one line, not yet safe for a screen. */
export const agentText = ({ checkpoint }: Pick<Verification, 'checkpoint'>): string => {
  const { agent } = checkpoint;
  if (agent === undefined) return 'No agent';
  const hostname = ownHostOf(checkpoint);
  return `Agent ${agent.id}${hostname === undefined ? '' : ` on ${hostname}`}: ${runsText({ checkpoint })}`;
};

/** What runs there, in words: `4 executors, 3 running and 1 finished task`. */
export const runsText = ({ checkpoint }: Pick<Verification, 'checkpoint'>): string => {
  const { executors, tasks, finished } = livingOn(checkpoint);
  return executors === 0 ? 'nothing runs' : `${count(executors, 'executor')}, ${tasksText({ tasks, finished })}`;
};

/** The outcome of the mode that decides, in a word, and how much was found: the last line but for what to do next. */
const resultLine = (
  verification: Verification,
  findings: readonly Finding[],
  { mode, width }: VerifyScreenOptions,
  style: Styles,
): string => {
  const paint = style[verdictStyle(verification[mode].exitCode)];
  const text = `RESULT  ${resultText(verification, findings, mode)}`;
  return wrap(text, width, '', '        ').split('\n').map(paint).join('\n');
};

/** The outcome of a mode in a word, and how much was found. */
export const resultText = (
  verification: Verification,
  findings: readonly Finding[] = verification.findings.filter((finding) => !isAssumption(finding)),
  mode: Mode = 'strict',
): string => {
  const { starts } = verification[mode];
  const tries =
    starts.length < 2
      ? ''
      : isUp(starts.at(-1))
        ? `, starts at try ${starts.length}${isLong(starts) ? ' or later' : ''}`
        : ', every start';
  const counts = countsText(
    findings.filter((finding) => finding.severity[mode] !== 'note'),
    mode,
  );
  return `${outcomeWord(verification, mode)} (${modeName(mode)}${tries})${counts === '' ? '' : `: ${counts}`}`;
};

const verdictLine = (verification: Verification, mode: Mode, options: VerifyScreenOptions, style: Styles): string => {
  const { exitCode } = verification[mode];
  const paint = style[verdictStyle(exitCode)];
  const name = `${modeName(mode)}: `;
  const text = wrap(shown(verdictText(verification, mode)), options.width, name, '  ');
  return `${name}${paint(text.slice(name.length))}`;
};

/** What the modes cost; once where they cost the same. */
const costsOfModes = (verification: Verification, options: VerifyScreenOptions): string => {
  const alike = MODES.map((mode) => costsText(verification[mode], 'either mode', options));
  if (alike[0] === alike[1]) return alike[0] ?? '';
  return MODES.map((mode) => costsText(verification[mode], modeName(mode), options)).join('\n');
};

/** What the agent's log will show of the starts that end; once where both modes end alike. */
const logSections = (verification: Verification, options: VerifyScreenOptions, style: Styles): readonly string[] => {
  const most = options.all === true ? Number.POSITIVE_INFINITY : MOST_MESSAGES;
  const [strict, nonStrict] = MODES.map((mode) => logLines(verification[mode].starts, most, options));
  const title = (modes: string): string => style.bold(`The agent's log will say (${modes})`);
  if (strict === nonStrict) return strict === undefined || strict === '' ? [] : [`${title('either mode')}\n${strict}`];
  return MODES.flatMap((mode, i) => {
    const lines = [strict, nonStrict][i] ?? '';
    return lines === '' ? [] : [`${title(modeName(mode))}\n${lines}`];
  });
};

/** Several messages where the file system's order decides which it will be. */
const MOST_MESSAGES = 5;

/** In UTF-16 units: of a message that repeats a long file or many resources, what a search in the log needs. */
const MOST_OF_A_MESSAGE = 1000;
/** The same of the end of a message, which is not searched for. */
const MOST_OF_AN_END = 300;

const logLines = (
  starts: readonly Start[],
  most: number,
  { log: whole = false, width }: Pick<VerifyScreenOptions, 'log' | 'width'>,
): string => {
  const ending = starts.flatMap(logOf);
  const seen = new Set<string>();
  const different = ending.filter(({ messages }) => {
    const text = messages.join('\0');
    return !seen.has(text) && seen.add(text).size > 0;
  });
  return different
    .flatMap((start, i) => {
      const lines = start.messages.slice(0, most).map((message, at) => {
        const or = at > 0 ? 'or: ' : '';
        if (!whole) return wrap(shown(excerpt(endOf(message), MOST_OF_AN_END)), width, `  ${or}`, '    ');
        const before = start.verdict === 'aborts' ? '' : 'Failed to perform recovery: ';
        // One line, as in the log, so that it can be searched for there.
        return `  ${or}${before}${shown(excerpt(message, MOST_OF_A_MESSAGE))}`;
      });
      const more = start.messages.length - lines.length;
      if (more > 0) lines.push(`  or one of ${more} more like them; --all shows all`);
      return i === 0 ? lines : ['  and at the next start', ...lines];
    })
    .join('\n');
};

/** The end of a message, from the file that it is about: what comes before tells the folders that lead there. */
const endOf = (message: string): string => {
  const at = message.search(/\/[^/']*'(?=: )(?!.*\/[^/']*': )/s);
  if (at >= 0) return `…${message.slice(at)}`;
  const last = /^(?:Failed to recover [^:]*: )+/.exec(message)?.[0] ?? '';
  return `${last === '' ? '' : '…'}${message.slice(last.length)}`;
};

/** What a start logs as it ends; nothing where it does not, or hangs. */
const logOf = (start: Start): readonly Pick<Start, 'verdict' | 'messages'>[] => {
  if (start.afterwards !== undefined) return [{ verdict: 'aborts', messages: [start.afterwards] }];
  return start.messages.length > 0 ? [start] : [];
};

const metricLine = (verification: Verification): string => {
  const [strict, nonStrict] = MODES.map((mode) => verification[mode].metric);
  const text = (metric: number | undefined): string => (metric === undefined ? 'does not start' : String(metric));
  return `slave/recovery_errors: ${strict === nonStrict ? text(strict) : `strict ${text(strict)}, non-strict ${text(nonStrict)}`}`;
};

const summaryLine = (findings: readonly Finding[], mode: Mode): string =>
  `${count(findings.length, 'finding')} (${modeName(mode)}: ${countsText(findings, mode)})`;

/** `2 fatal, 1 loss`: from the worst on. */
const countsText = (findings: readonly Finding[], mode: Mode): string => {
  const by = (severity: string): number => findings.filter((finding) => finding.severity[mode] === severity).length;
  return [
    ...(by('fatal') > 0 ? [`${by('fatal')} fatal`] : []),
    ...(by('counted') > 0 ? [`${by('counted')} counted`] : []),
    ...(by('loss') > 0 ? [count(by('loss'), 'loss', 'losses')] : []),
    ...(by('note') > 0 ? [count(by('note'), 'note')] : []),
  ].join(', ');
};

/** Whose a snapshot is, and on which machine it was taken, where that is another: `node7.example, taken on backup1`. */
const snapshotOf = (verification: Verification): string => {
  const agentHost = agentHostOf(verification);
  const takenOn = verification.manifest?.host.name;
  const where = takenOn === undefined || takenOn === agentHost ? '' : ` on ${shown(takenOn)}`;
  return `${agentHost === undefined ? 'a copy' : shown(agentHost)}, taken${where}`;
};

/** What the prediction is for, and what was assumed for it: one line, mostly. */
export const assumptions = (verification: Verification, zone?: string): string => {
  const { boot, findings, home, inPlace, manifest, collected, version } = verification;
  const has = (code: string): boolean => findings.some((finding) => finding.code === code);
  const isCopy = !inPlace && manifest === undefined && collected === undefined && !has('place-assumed');
  const known = [
    `For Mesos ${versionText(version)}`,
    isCopy ? `a copy of ${shown(home)}` : `work_dir ${shown(home)}${has('place-assumed') ? ' as its links say' : ''}`,
    ...(boot.rebooted ? ['after a reboot'] : boot.assumed ? [] : ['not rebooted']),
  ];
  const assumed = [
    ...(!boot.rebooted && boot.assumed ? ['no reboot'] : []),
    ...(has('sandboxes-not-seen') ? ['sandboxes exist'] : []),
  ];
  const movedText = has('place-assumed')
    ? '. If the work_dir was moved here, the agent refuses to start instead: its links lead nowhere; verify it with --work-dir and its new place.'
    : '';
  const snapshotText =
    manifest === undefined
      ? collected === undefined
        ? ''
        : `. ${collectedSentence(collected, zone)}`
      : `. A snapshot of ${snapshotOf(verification)} at ${isoText(shown(manifest.taken), zone)}${manifest.redacted === null ? '' : ' with --redact'}.`;
  return `${known.join(', ')}${assumed.length === 0 ? '' : `; assumed: ${assumed.join(', ')}`}${movedText}${snapshotText}`;
};
