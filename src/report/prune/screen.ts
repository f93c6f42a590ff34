import { versionText } from '../../agent/version.ts';
import { tasksText } from '../../recovery/living.ts';
import { comesUp } from '../../recovery/simulate.ts';
import type { Step } from '../../repair/plan/plan.ts';
import type { Planning } from '../../repair/plan-repair.ts';
import { compareKept } from '../../repair/ways/compare.ts';
import type { Way, Ways } from '../../repair/ways/way.ts';
import { shown } from '../../text/escape.ts';
import { shellWord } from '../../text/shell.ts';
import { type ScreenOptions, type Styles, styles } from '../../text/style.ts';
import { count, listed, verb } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';
import type { Verification } from '../../verify/verification.ts';
import { costsText } from '../verify/costs.ts';
import { assumptions } from '../verify/screen.ts';
import { verdictStyle, verdictText } from '../verify/verdict.ts';
import { commandOf, scriptCommandOf, typed } from '../ways/command.ts';
import { keepsText, waysTable } from '../ways/table.ts';
import { followsText, keepText, type StartingFlags, startWith } from './agent-info.ts';
import { type Asked, noWayText } from './no-way.ts';

/** How the screen is laid out. */
export interface PruneScreenOptions extends ScreenOptions {
  /** Where the plan was written to. */
  readonly planFile?: string | undefined;
  /** Where the plan was written to as a script; `-` for standard output. */
  readonly scriptFile?: string | undefined;
  /** The plan is carried out next, and more will be said of that. */
  readonly isApplied?: boolean | undefined;
  /** The ways out, where they were compared, the PATH to be changed, and the options that have to stand behind it. */
  readonly ways?: Ways | undefined;
  readonly path?: string | undefined;
  readonly behind?: readonly string[] | undefined;
  /** The agent that starts, where its info is known. */
  readonly starting?: StartingFlags | undefined;
}

/** Steps, and findings that nothing helps against, beyond which they are only counted. */
const MOST_LISTED = 50;

/** What is planned, for a terminal: two lines where nothing is to be done. */
export const pruneScreen = (planning: Planning, options: PruneScreenOptions): string => {
  const style = styles(options.colour);
  const { plan } = planning;
  const sections =
    plan === undefined
      ? blockedSections(planning, options, style)
      : plan.steps.length === 0
        ? idleSections(planning, options, style)
        : planSections(planning, plan.steps, options, style);
  return `${sections.join('\n\n')}\n`;
};

const idleSections = (planning: Planning, options: PruneScreenOptions, style: Styles): readonly string[] => {
  const { before } = planning;
  const { width, ways } = options;
  if (isOtherInfo(before)) return flagSections(planning, options, style);
  const more = ways === undefined ? [] : waysBeyond(ways, ways.ways[0]);
  // A start as a new agent that forgets what runs here is nothing that one would let happen.
  const isDone = more.length === 0 && (ways === undefined || ways.recommended !== undefined);
  const lead = isDone ? 'Nothing to do. strict: ' : 'strict: ';
  const text = wrap(shown(verdictText(before, 'strict')), width, lead, '  ');
  const paint = style[verdictStyle(before.strict.exitCode)];
  return [
    ...(more.length === 0 ? [] : compared(options)),
    `${lead}${paint(text.slice(lead.length))}\n${wrap(`${inShort(before)}.`, width)}`,
    ...more.map((way) => nextText('Another way', way, options)),
    ...(isDone && more.length === 0 && before.strict.exitCode === 1 ? [fromBeforeText(options)] : []),
    ...(isDone || more.length > 0 ? [] : [noWayText(planning, asked(options))]),
  ];
};

/** What alone may keep more, where something is lost and no change helps. */
const fromBeforeText = ({ path = 'PATH', behind = [], width }: PruneScreenOptions): string => {
  const lead = behind.includes('--from')
    ? 'No change keeps more. Another copy from before might: --from takes from several.'
    : 'No change keeps more of what is here. A snapshot, or another copy, from before might:';
  const command = behind.includes('--from')
    ? ''
    : `\n  ${typed(['mesos-ckpt', 'prune', path, '--from', 'SNAPSHOT', ...behind])}`;
  return `${wrap(lead, width)}${command}`;
};

/** Whether the agent that starts has another info than the checkpointed one. */
const isOtherInfo = ({ findings }: Verification): boolean => findings.some(({ code }) => code === 'agent-info-changed');

/** Where flags are all that is needed. */
const flagSections = (planning: Planning, options: PruneScreenOptions, style: Styles): readonly string[] => {
  const { before, after } = planning;
  const { width, starting } = options;
  const flags = startWith(planning, starting?.pinned);
  return [
    ...compared(options),
    [
      labelled('now', verdictText(before, 'strict'), width, style.bad),
      labelled(`with ${typed(flags)}`, verdictText(after, 'strict'), width, style.good),
    ].join('\n'),
    wrap(
      'slave.info needs no change. The agent needs these flags now and at every later start: it does not write slave.info again while it keeps its id.',
      width,
    ),
    ...kept(options),
  ];
};

/** The flags that keep the old values, where the info is another. */
const kept = ({ starting, ways, width }: PruneScreenOptions): readonly string[] => {
  const text =
    starting === undefined || ways === undefined || !isOtherInfo(ways.before) ? '' : keepText(starting, width);
  return text === '' ? [] : [text];
};

/** Those that change something, and keep more than another one. */
const waysBeyond = ({ ways }: Ways, other: Way): readonly Way[] =>
  ways.filter((way) => way.planning !== undefined && way.comesUp && compareKept(way, other) > 0);

/** A command on a line of its own, so that it can be copied. */
const nextText = (what: string, way: Way, { path, behind, width }: PruneScreenOptions): string => {
  const command = typed(commandOf(way, path ?? 'PATH', behind) ?? []);
  const guess = way.sure === 'suspect' ? 'A best guess, to be looked at without --apply first' : what;
  return `${wrap(`${guess}, ${keepsText(way)}:`, width)}\n  ${command}`;
};

/** What is assumed, in as few words as fit beside a verdict. */
const inShort = ({ boot, findings, home, version }: Verification): string => {
  const isUnseen = findings.some(({ code }) => code === 'sandboxes-not-seen');
  const bootText = boot.rebooted ? 'after a reboot' : boot.assumed ? 'not rebooted (assumed)' : 'not rebooted';
  return `Mesos ${versionText(version)} at ${shown(home)}, ${bootText}${isUnseen ? '; sandboxes not checked' : ''}`;
};

const planSections = (
  planning: Planning,
  steps: readonly Step[],
  options: PruneScreenOptions,
  style: Styles,
): readonly string[] => {
  const { before, after } = planning;
  const { width, ways, starting } = options;
  const follows = followsText(steps, width);
  const flags = startWith(planning, starting?.pinned);
  return [
    ...compared(options),
    ...kept(options),
    [
      labelled('now', verdictText(before, 'strict'), width, style.bad),
      labelled(
        'with the plan',
        verdictText(after, 'strict'),
        width,
        after.strict.exitCode === 0 ? style.good : style.warn,
      ),
    ].join('\n'),
    `${style.bold(`The plan: ${count(steps.length, 'step')}`)}\n${stepsText(steps, width, style)}`,
    ...remarks(steps, width),
    `${style.bold('What it costs')}\n${costsText(after.strict, 'with the plan', { ...options, all: false, more: '' })}${lostUpdatesText(planning, options)}${ways === undefined ? `\n${insteadText(planning, width)}` : ''}`,
    ...(follows === '' ? [] : [`${style.bold('What follows')}\n${follows}`]),
    ...(flags.length === 0 ? [] : [`Start the agent with\n  ${typed(flags)}`]),
    wrap(assumptions(before, options.zone), width),
    ...(options.isApplied === true ? [] : closings(planning, options)),
  ];
};

/** The ways out, where there is more than one. */
const compared = ({ ways, ...screen }: PruneScreenOptions): readonly string[] =>
  ways === undefined || ways.ways.length < 2 ? [] : [waysTable(ways, screen)];

/** Where links within the tree lead to what would be changed, it changes in more than its own place. */
const differing = ({ differences }: Planning, width: number): readonly string[] => {
  if (differences.length === 0) return [];
  const lines = differences.slice(0, MOST_LISTED).map((line) => wrap(shown(line), width, '  ', '    '));
  if (differences.length > MOST_LISTED) lines.push(`  and ${differences.length - MOST_LISTED} more`);
  return [`What would differ from a non-strict start\n${lines.join('\n')}`];
};

/** How the plan is carried out, and what would keep more than it. */
const closings = (planning: Planning, options: PruneScreenOptions): readonly string[] => {
  const { planFile, scriptFile, ways, path = 'PATH', behind, width } = options;
  if (scriptFile !== undefined) return [scriptText(scriptFile, width)];
  if (planFile !== undefined) {
    const command = typed(['mesos-ckpt', 'prune', path, '--apply', planFile, ...assumedIn(behind)]);
    const lead = `The plan was written to ${shown(planFile)}; nothing else was. To carry it out:`;
    return [`${wrap(lead, width)}\n  ${command}`];
  }
  const taken = ways?.ways.find((way) => way.planning === planning);
  if (ways === undefined || taken === undefined) return ['Nothing was written.'];
  const lead = isFolder(planning)
    ? 'Nothing was written. --plan FILE writes the plan down, --apply carries it out:'
    : 'Nothing was written. An archive is not changed; on the host itself:';
  return [
    `${wrap(lead, width)}\n  ${typed(commandOf(taken, path, behind) ?? [])}`,
    ...(isFolder(planning) ? [] : [withoutNode(planning, taken, options)]),
    ...waysBeyond(ways, taken).map((way) => nextText('Another way', way, options)),
  ];
};

/** What of the options is assumed of the tree and its host, which a plan in a file is held to again. */
const assumedIn = (behind: readonly string[] = []): readonly string[] => {
  const flags = behind.indexOf('--');
  return behind.slice(0, flags < 0 ? behind.length : flags).filter((word, i, all) => {
    const option = word.startsWith('--') ? word : all[i - 1];
    return option === '--rebooted' ? word === option : option === '--work-dir' || option === '--boot-id';
  });
};

/** What is planned from an archive is for a host that may have no Node. */
const withoutNode = ({ opened }: Planning, way: Way, { behind, width }: PruneScreenOptions): string =>
  `${wrap(`Where the host has no Node, write the plan as a script for its shell${opened.tree.source.name === '-' ? ', with the same archive on standard input' : ''}:`, width)}\n  ${typed(
    scriptCommandOf(way, opened.tree.source.name, behind) ?? [],
  )}`;

const scriptText = (file: string, width: number): string => {
  if (file === '-') return wrap('The script was written to standard output; nothing else was written.', width);
  const word = shellWord(file.includes('/') ? file : `./${file}`);
  const lead = 'The plan was written as a script; nothing else was. On the host, as root, with the agent stopped:';
  return `${wrap(lead, width)}\n  sh ${word} check\n  sh ${word}\n${wrap('and to take it back:', width)}\n  sh ${word} undo`;
};

const isFolder = ({ opened }: Planning): boolean => opened.from === 'folder';

const labelled = (label: string, text: string, width: number, paint: (text: string) => string): string => {
  const lead = `${label}: `;
  return lead + paint(wrap(shown(text), width, lead, '  ').slice(lead.length));
};

/** What each step does, to what, because of what, and what is lost with it; paths are whole, a line each, to be copied. */
const stepsText = (steps: readonly Step[], width: number, style: Styles): string => {
  const lines = steps.slice(0, MOST_LISTED).flatMap((step) => {
    const what = step.certainty === 'suspect' ? `${step.what} (a best guess)` : step.what;
    const indented = (lead: string, text: string): string => wrap(shown(text), width, `        ${lead}`, '          ');
    return [
      wrap(shown(what), width, `  ${step.id.padStart(4)}  `, '        '),
      `        ${shown(placeOf(step))}`,
      indented('for ', listed([...new Set(step.mends.map(({ code }) => code))])),
      step.loses === '' ? `        lost: ${style.good('nothing')}` : indented('lost: ', step.loses),
    ];
  });
  const left = steps.length - MOST_LISTED;
  return (left > 0 ? [...lines, `  and ${count(left, 'step')} more, which --json lists`] : lines).join('\n');
};

/** The updates that the comparison counts as lost: they are in no start's costs, as the plan cuts them off before it. */
const lostUpdatesText = (planning: Planning, { ways, width }: PruneScreenOptions): string => {
  const lost = ways?.ways.find((way) => way.planning === planning)?.updatesLost ?? 0;
  const text = `${count(lost, 'status update')} ${verb(lost, 'is', 'are')} lost with what the plan takes away.`;
  return lost === 0 ? '' : `\n${wrap(text, width, '    ', '    ')}`;
};

const placeOf = ({ changes }: Step): string => (changes.at(-1) ?? changes[0]).path;

const remarks = (steps: readonly Step[], width: number): readonly string[] => {
  const of = (has: (step: Step) => boolean): string => {
    const ids = steps.filter(has).map(({ id }) => id);
    return ids.length > 12 ? count(ids.length, 'step') : `${verb(ids.length, 'step', 'steps')} ${listed(ids)}`;
  };
  const out: string[] = [];
  if (steps.some(({ beyond }) => beyond)) {
    const ids = of(({ beyond }) => beyond);
    out.push(
      `A non-strict start would not come up here either: ${ids} ${ids.startsWith('step ') ? 'goes' : 'go'} beyond it.`,
    );
  }
  if (steps.some(({ certainty }) => certainty === 'suspect')) {
    out.push(`What the plan writes is likely, not certain: look at ${of(({ certainty }) => certainty === 'suspect')}.`);
  }
  return out.map((text) => wrap(text, width));
};

const insteadText = ({ living }: Planning, width: number): string =>
  wrap(
    `all that runs here: ${count(living.executors, 'executor')} with ${tasksText(living)}.`,
    width,
    '  removing slaves/latest instead: ',
    '    ',
  );

const NO_OTHER =
  'Nothing in the checkpoint is changed for an agent whose info is another, as long as the above stands. Without a flag ' +
  'that keeps the old values, have what matters placed on other agents first.';

const asked = ({ path = 'PATH', behind = [], width, zone }: PruneScreenOptions): Asked => ({
  path,
  behind,
  width,
  zone,
});

const blockedSections = (planning: Planning, options: PruneScreenOptions, style: Styles): readonly string[] => {
  const { width, ways } = options;
  const { before, after, blocked } = planning;
  const leftOut = blocked.some(({ isLeftOut }) => isLeftOut);
  const [start] = after.strict.starts;
  // Where the infos differ, both stand below the first line.
  const says = start?.messages[0]?.split('\n')[0]?.trimEnd();
  const isUp = start !== undefined && comesUp(start);
  const lines = blocked
    .slice(0, MOST_LISTED)
    .flatMap(({ finding, reason }) => [
      `  ${style.bold(finding.code)}: ${shown(finding.path)}`,
      wrap(`${shown(finding.message)}; ${shown(reason)}`, width, '    '),
    ]);
  if (blocked.length > MOST_LISTED) lines.push(`  and ${blocked.length - MOST_LISTED} more, which --json lists`);
  const more = ways === undefined ? [] : waysBeyond(ways, ways.ways[0]);
  return [
    ...compared(options),
    labelled('strict', verdictText(before, 'strict'), width, style.bad),
    `${style.bad(isUp ? 'No plan was found that keeps all that counts' : 'No plan lets it come up')}${leftOut ? ' without what was left out' : ''}:\n${lines.join('\n')}`,
    ...(says === undefined ? [] : [`With everything else repaired, the agent's log would say\n  ${shown(says)}`]),
    ...differing(planning, width),
    ...(ways === undefined ? [insteadText(planning, width).trimStart()] : []),
    wrap(assumptions(before, options.zone), width),
    // Flags that keep the old values come before anything that is changed.
    ...kept(options),
    ...(more.length > 0
      ? more.map((way) => nextText('A way out', way, options))
      : isOtherInfo(before) && !leftOut && options.starting !== undefined
        ? [wrap(NO_OTHER, width)]
        : [noWayText(planning, asked(options))]),
  ];
};
