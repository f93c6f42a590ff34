import { entryOf } from '../../findings/entry-of.ts';
import type { Finding } from '../../findings/finding.ts';
import type { Planning } from '../../repair/plan-repair.ts';
import { type Candidate, candidatesIn } from '../../repair/salvage/links.ts';
import { shown } from '../../text/escape.ts';
import { isoTime, timeText } from '../../text/time.ts';
import { count } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';
import type { Verification } from '../../verify/verification.ts';
import { typed } from '../ways/command.ts';

/** What was asked for, and is to be asked for otherwise. */
export interface Asked {
  /** The PATH to be changed. */
  readonly path: string;
  /** The options behind it. */
  readonly behind: readonly string[];
  /** In columns. */
  readonly width: number;
  /** The time zone of who reads. */
  readonly zone?: string | undefined;
  /** `prune` was not asked yet, and finds the agent's flags on this host. */
  readonly isForPrune?: boolean | undefined;
}

/** Why no way keeps what runs here, and what would make one: an instruction each, with its command where there is one. */
export const noWayText = (planning: Planning, asked: Asked): string => {
  const { before, blocked } = planning;
  const { width } = asked;
  if (!before.checkpoint.hasMeta) return wrap(NO_META, width);
  if (blocked.some(({ isLeftOut }) => isLeftOut)) {
    return `${wrap(LEFT_OUT, width)}\n  ${typed(['mesos-ckpt', 'prune', asked.path, ...withoutSelection(asked.behind)])}`;
  }
  const causes = causesIn(before);
  const told =
    blocked.length > 0
      ? []
      : causes.map(({ path, message }) => `  ${shown(path)}\n${wrap(shown(message), width, '    ')}`);
  const choice = choiceOfAgent(planning, asked);
  const lead = choice === undefined ? ALONE : 'No agent is named, and there is more than one candidate';
  const parts = [
    [wrap(`${lead}${told.length === 0 ? '.' : ':'}`, width), ...told],
    ...(choice === undefined ? [] : [choice]),
    ...waysFor(before, asked),
  ];
  return parts.map((lines) => lines.join('\n')).join('\n');
};

/** The agents that may be meant, the newest first, each with what tells for it and the command that names it. */
export const agentsJson = ({ before, opened }: Planning, path: string, behind: readonly string[]): readonly object[] =>
  candidatesIn(before.checkpoint, opened.tree).map(({ agent, registered, executors }) => ({
    agent,
    registered: registered === undefined ? null : (isoTime(registered / 1000) ?? null),
    executors,
    command: naming(agent, path, behind),
  }));

const naming = (agent: string, path: string, behind: readonly string[]): readonly string[] => [
  ...['mesos-ckpt', 'prune', path, '--salvage', '--agent', agent],
  ...behind,
];

const choiceOfAgent = (
  { before, opened }: Planning,
  { path, behind, width, zone }: Asked,
): readonly string[] | undefined => {
  const all = behind.includes('--agent') ? [] : candidatesIn(before.checkpoint, opened.tree);
  if (all.length === 0) return undefined;
  const lines = all
    .slice(0, MOST_AGENTS)
    .flatMap(({ agent, registered, executors }, i) => [
      `  ${typed(naming(agent, path, behind))}`,
      `    ${registered === undefined ? 'registered at a time that is not known' : `registered ${timeText(registered / 1000, zone)}`}, has ${count(executors, 'executor')}${i === 0 && isNewest(all) ? ': the newest' : ''}`,
    ]);
  const more = all.length - MOST_AGENTS;
  return [
    wrap(
      'Name the agent that ran here last. An agent writes its slave.info once, when it registers, so its slave.info is the newest, unless the files were copied without their times:',
      width,
    ),
    ...lines,
    ...(more > 0 ? [`  and ${more} more, which --json lists`] : []),
  ];
};

const MOST_AGENTS = 5;

const isNewest = ([first, second]: readonly Candidate[]): boolean =>
  first?.registered !== undefined && first.registered !== second?.registered;

const ALONE = 'With what is in this checkpoint alone, nothing keeps what runs here';

const NO_META =
  'Nothing can be repaired without a meta: check that this is the work_dir, and that its disk is mounted. A snapshot ' +
  'that was taken before is put back with tar (see the runbook).';

const LEFT_OUT = 'What was left out ends the start. Without --only and --skip there may be a way:';

const withoutSelection = (behind: readonly string[]): readonly string[] => {
  const flags = behind.indexOf('--');
  return behind.filter((word, i) => {
    const option = word === '--only' || word === '--skip' ? word : behind[i - 1];
    return (flags >= 0 && i >= flags) || (option !== '--only' && option !== '--skip');
  });
};

/** What makes a new agent of it, which forgets all that runs. */
const causesIn = ({ findings }: Verification): readonly Finding[] =>
  findings.filter(({ code, severity }) => entryOf(code).newAgent !== undefined && severity.strict === 'fatal');

/** Whether a new agent comes of it for want of a `slave.info`, which flags could make again. */
export const lacksInfo = (before: Verification): boolean =>
  causesIn(before).some(({ code }) => code.startsWith('agent-info-'));

/** What would make a way, as far as it was not asked for already. */
const waysFor = (before: Verification, { path, behind, width, isForPrune }: Asked): readonly (readonly string[])[] => {
  const has = (option: string): boolean => behind.includes(option);
  const command = (...more: readonly string[]): string => {
    const at = behind.indexOf('--');
    const [options, flags] = at < 0 ? [behind, []] : [behind.slice(0, at), behind.slice(at)];
    return `  ${typed(['mesos-ckpt', 'prune', path, ...options])} ${more.join(' ')}${flags.length === 0 ? '' : ` ${typed(flags)}`}`;
  };
  return [
    ...(isForPrune === true
      ? [
          [
            wrap("With the agent's flags, which prune finds on this host, as a best guess:", width),
            command('').trimEnd(),
          ],
        ]
      : []),
    ...(has('--from')
      ? [
          [
            wrap(
              'A snapshot or another copy from before, in which that is whole, would: --from takes from several.',
              width,
            ),
          ],
        ]
      : [
          [
            wrap('With a snapshot, or another copy of this checkpoint, from before:', width),
            command('--from SNAPSHOT'),
          ],
        ]),
    ...(!lacksInfo(before) || isForPrune === true || has('--root') || has('--')
      ? []
      : [
          [wrap("With the agent's flags, of which slave.info is rebuilt as a best guess:", width)],
          [`${command('--').trimEnd()} --hostname=HOST --port=PORT`],
          [wrap('Or with the root of its host, where the flags are found:', width), command('--root DIR')],
        ]),
  ];
};
