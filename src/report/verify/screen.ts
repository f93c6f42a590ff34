import { versionText } from '../../agent/version.ts';
import type { Mode } from '../../findings/finding.ts';
import type { Start } from '../../recovery/simulate.ts';
import type { CollectedAbout } from '../../source/collected/tree.ts';
import { shown } from '../../text/escape.ts';
import { excerpt } from '../../text/excerpt.ts';
import { type ScreenOptions, type Styles, styles } from '../../text/style.ts';
import { count, listed } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';
import type { Verification } from '../../verify/verification.ts';
import { collectedSentence } from '../collected.ts';
import { costsText } from './costs.ts';
import { findingsText } from './findings.ts';
import { modeName, verdictStyle, verdictText } from './verdict.ts';

/** How the screen is laid out. */
export interface VerifyScreenOptions extends ScreenOptions {
  /** The mode that decides, and by which findings are sorted. */
  readonly mode: Mode;
  /** The given path, where there are several. */
  readonly title?: string | undefined;
  /** Lists all that there is of a kind, where usually the first few are shown, and the rest counted. */
  readonly all?: boolean | undefined;
}

/** Findings that are of the reading, not of the checkpoint. */
const ASSUMPTIONS: ReadonlySet<string> = new Set(['boot-id-assumed', 'sandboxes-not-seen', 'place-assumed']);

const MODES: readonly Mode[] = ['strict', 'nonStrict'];

/** What is predicted of a checkpoint, for a terminal: two lines where all is well. */
export const verifyScreen = (verification: Verification, options: VerifyScreenOptions): string => {
  const style = styles(options.colour);
  const { findings } = verification;
  const sections = [
    MODES.map((mode) => verdictLine(verification, mode, options, style)).join('\n'),
    ...logSections(verification, options, style),
  ];
  const isQuiet =
    findings.every(({ code }) => ASSUMPTIONS.has(code)) &&
    verification.strict.exitCode === 0 &&
    verification.nonStrict.exitCode === 0;
  // What was assumed is one sentence, and none where nothing was.
  if (isQuiet && findings.length > 0) sections.push(wrap(assumptions(verification), options.width));
  if (!isQuiet) {
    sections.push(metricLine(verification));
    if (findings.length > 0) {
      sections.push(style.bold(wrap(summaryLine(verification, options.mode), options.width)));
      sections.push(findingsText(findings, options, style));
    }
    sections.push(
      `${style.bold('What it costs')}\n${costsOfModes(verification, options)}`,
      wrap(assumptions(verification), options.width),
    );
  }
  const title = options.title === undefined ? '' : `${style.bold(shown(options.title))}\n`;
  return `${title}${sections.join('\n\n')}\n`;
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
const logSections = (verification: Verification, { all }: VerifyScreenOptions, style: Styles): readonly string[] => {
  const most = all === true ? Number.POSITIVE_INFINITY : MOST_MESSAGES;
  const [strict, nonStrict] = MODES.map((mode) => logLines(verification[mode].starts, most));
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

const logLines = (starts: readonly Start[], most: number): string => {
  const ending = starts.flatMap(logOf);
  const different = ending.filter((start, i) => ending.findIndex((other) => sameMessages(start, other)) === i);
  return different
    .flatMap((start, i) => {
      const lines = start.messages.slice(0, most).map((message, at) => {
        const before = start.verdict === 'aborts' ? '' : 'Failed to perform recovery: ';
        // One line, as in the log, so that it can be searched for there.
        return `  ${at > 0 ? 'or: ' : ''}${before}${shown(excerpt(message, MOST_OF_A_MESSAGE))}`;
      });
      const more = start.messages.length - lines.length;
      if (more > 0) lines.push(`  or one of ${more} more like them; --all shows all`);
      return i === 0 ? lines : ['  and at the next start', ...lines];
    })
    .join('\n');
};

/** What a start logs as it ends; nothing where it does not, or hangs. */
const logOf = (start: Start): readonly Pick<Start, 'verdict' | 'messages'>[] => {
  if (start.afterwards !== undefined) return [{ verdict: 'aborts', messages: [start.afterwards] }];
  return start.messages.length > 0 ? [start] : [];
};

const sameMessages = (a: Pick<Start, 'messages'>, b: Pick<Start, 'messages'>): boolean =>
  a.messages.join('\0') === b.messages.join('\0');

const metricLine = (verification: Verification): string => {
  const [strict, nonStrict] = MODES.map((mode) => verification[mode].metric);
  const text = (metric: number | undefined): string => (metric === undefined ? 'does not start' : String(metric));
  return `slave/recovery_errors: ${strict === nonStrict ? text(strict) : `strict ${text(strict)}, non-strict ${text(nonStrict)}`}`;
};

const summaryLine = ({ findings }: Verification, mode: Mode): string => {
  const by = (severity: string): number => findings.filter((finding) => finding.severity[mode] === severity).length;
  const parts = [
    ...(by('fatal') > 0 ? [`${by('fatal')} fatal`] : []),
    ...(by('counted') > 0 ? [`${by('counted')} counted`] : []),
    ...(by('loss') > 0 ? [`${by('loss')} lost silently`] : []),
    ...(by('note') > 0 ? [count(by('note'), 'note')] : []),
  ];
  return `${count(findings.length, 'finding')} (${modeName(mode)}: ${listed(parts)})`;
};

const AS_LINKS_SAY = ', as its links say';

const collectedText = (about: CollectedAbout | undefined): string =>
  about === undefined ? '' : ` ${collectedSentence(about)}`;

/** What was assumed of the start that is predicted, in a sentence or two. */
export const assumptions = (verification: Verification): string => {
  const { boot, findings, home, inPlace, manifest, collected, version } = verification;
  const bootText = boot.rebooted
    ? 'after a reboot'
    : boot.assumed
      ? 'not rebooted, which is assumed: --boot-id or --rebooted say otherwise'
      : 'not rebooted';
  const sandboxText = verification.findings.some(({ code }) => code === 'sandboxes-not-seen')
    ? ' Sandboxes were not checked, as only meta is here: a missing one makes the agent abort.'
    : '';
  const placeText =
    inPlace || manifest !== undefined || collected !== undefined
      ? ''
      : findings.some(({ code }) => code === 'place-assumed')
        ? AS_LINKS_SAY
        : ' (this is a copy)';
  const movedText =
    placeText === AS_LINKS_SAY
      ? ' If the work_dir was moved here, the agent refuses to start instead: its links lead nowhere; verify it with --work-dir and its new place.'
      : '';
  const snapshotText =
    manifest === undefined
      ? collectedText(collected)
      : ` This is a snapshot of ${shown(manifest.host.name)}, taken at ${shown(manifest.taken)}${manifest.redacted === null ? '' : ' with --redact'}.`;
  return `Predicted for Mesos ${versionText(version)}, with its work_dir at ${shown(home)}${placeText}, ${bootText}.${movedText}${sandboxText}${snapshotText}`;
};
