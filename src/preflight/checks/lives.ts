import { ifKnown } from '../../host/known.ts';
import { count, listed, verb } from '../../text/words.ts';
import type { Facts } from '../facts/facts.ts';
import { type Fate, finishedOf, isAlive, type Lives } from '../lives/lives.ts';
import { dontKnow, fail, notSeen, ok, type PreflightCheck, warn } from './check.ts';
import { isChangedUnderAdditive } from './masters.ts';

const WORDS: Readonly<Record<Fate, string>> = {
  reconnects: 'reconnected',
  'waited-for': 'waited for',
  killed: 'killed',
  ended: 'ended already',
  gone: 'gone with the reboot',
  waits: 'left waiting for an agent that does not come up',
  unknown: 'not known',
};

/** The fates in the order in which they are told. */
const ORDER: readonly Fate[] = ['reconnects', 'waited-for', 'unknown', 'killed', 'waits', 'gone', 'ended'];

/** What to do about each fate. */
const TODO = {
  killed:
    'What is killed: before the agent stops, repair what kills it (see kill-mode, start-commands, recover, masters, docker, uncheckpointed and checkpoint). Where that cannot be done, let the frameworks move their tasks first.',
  waits:
    'What waits for an agent that will not start: repair the cause, which another check names (flags, agent-info, reservations, checkpoint, unit and others).',
  gone: 'What a reboot ends: let frameworks move it before; afterwards start the agent, so that terminal updates are sent.',
  ended: 'What has ended already: nothing; the agent sends its terminal updates when it is started.',
} as const;

/** What to do about the fates that occur, of executors or of tasks alone. */
const todoOf = (executors: Lives['executors']): string => {
  const fates = new Set(executors.flatMap(({ fate, tasks }) => [fate, ...tasks.map((task) => task.fate)]));
  return (Object.keys(TODO) as (keyof typeof TODO)[])
    .flatMap((fate) => (fates.has(fate) ? [TODO[fate]] : []))
    .join(' ');
};

/** Who lives. */
export const lives: PreflightCheck<'lives'> = {
  code: 'lives',
  title: 'Every executor survives',
  explanation:
    'For each executor, by its checkpoint, its process, the flags and what is about to happen: whether the agent reconnects to it, waits for it, or kills it, and why. The list of those that do not survive is printed below the table.',
  remedy: Object.values(TODO).join(' '),
  visibility: 'Run this on the host, as root: the outcome depends on what is not known of a process.',
  judge: ({ facts, lives: { executors, hangOn } }) => {
    if (!facts.checkpoint.known) return [notSeen(facts.checkpoint)];
    const checkpointed = executors.filter((executor) => executor.source === 'checkpoint');
    const others = executors.length - checkpointed.length;
    if (executors.length === 0) return [ok('no executor runs')];
    const tasks = checkpointed.flatMap((executor) => executor.tasks);
    const alive = tasks.filter(({ fate }) => isAlive(fate)).length;
    const words = checkpointed.some(({ fate }) => fate === 'unknown') ? 'known to survive' : undefined;
    const living = words === undefined ? verb(alive, 'survives', 'survive') : `${verb(alive, 'is', 'are')} ${words}`;
    const more = others === 0 ? '' : `; ${others} more, in no checkpoint, ${verb(others, 'dies', 'die')}`;
    const finished = finishedOf(checkpointed);
    const ended = finished === 0 ? '' : `, ${finished} ${verb(finished, 'has', 'have')} finished`;
    const found = `${fatesText(checkpointed)}; ${alive} of ${count(tasks.length, 'task')} ${living}${ended}${more}`;
    const has = (...fates: Fate[]): boolean =>
      others > 0 && fates.includes('killed') ? true : checkpointed.some(({ fate }) => fates.includes(fate));
    // What a planned reboot ends is told by the check of the boot.
    if (has('killed', 'waits')) return [fail(found, undefined, todoOf(executors))];
    if (has('gone', 'ended') || alive < tasks.length - tasks.filter(({ fate }) => fate === 'unknown').length) {
      return [warn(found, undefined, todoOf(executors))];
    }
    if (has('unknown')) return [dontKnow(found)];
    const doubts = [...doubtsAbout(facts), ...doubtsOfStart(facts, hangOn)];
    return [doubts.length === 0 ? ok(found) : dontKnow(`${found}, if ${doubts.join(', and ')}`)];
  },
};

/** What must hold and was not seen: any of it may be what kills everything. */
const doubtsAbout = (facts: Facts): readonly string[] => {
  const { settings, agentInfo, docker, state, processes, removals, masterVersion, containers } = facts;
  const doubts: string[] = [];
  if (removals.some(({ kind }) => kind === 'untold'))
    doubts.push('nothing that is started with the agent removes the checkpoint');
  if (!settings.recover.isSure) doubts.push('no flag that was not found says otherwise');
  const { comparison, fit } = ifKnown(agentInfo) ?? {};
  if (comparison === undefined || comparison.verdict.kind === 'unknown') doubts.push('the agent info is accepted');
  if (fit === undefined || fit.kind === 'unknown') doubts.push('reservations fit');
  if (masterVersion === undefined && isChangedUnderAdditive(facts)) doubts.push('no master before 1.5.0 leads');
  const isDocker = settings.containerizers.value.includes('docker');
  if (isDocker && !(docker.socket.there.known && docker.daemon.known)) doubts.push('docker answers');
  const kept = [containers, state?.registry, state?.csiContainers, state?.dockerVolumes];
  if (kept.some((fact) => fact?.known !== true)) doubts.push("the agent's other state can be read");
  const isHidden = [...(ifKnown(processes)?.values() ?? [])].some(
    (each) => !each.environment.known && each.state !== 'Z',
  );
  if (isHidden) doubts.push('every framework checkpoints');
  return doubts;
};

/** What other checks did not see of whether the agent comes up; where flags were not found, that is the cause, and told. */
const doubtsOfStart = ({ settings }: Facts, hangOn: readonly string[]): readonly string[] =>
  hangOn.length === 0 || !settings.recover.isSure
    ? []
    : [`nothing keeps the agent from coming up that ${listed(hangOn)} did not see`];

const fatesText = (executors: Lives['executors']): string => {
  const parts = ORDER.flatMap((fate) => {
    const number = executors.filter((executor) => executor.fate === fate).length;
    return number === 0 ? [] : [`${number} ${WORDS[fate]}`];
  });
  return `${count(executors.length, 'executor')}: ${parts.join(', ')}`;
};
