import { type Fate, isAlive, type Lives } from '../lives/lives.ts';
import { count, verb } from '../words.ts';
import { dontKnow, fail, notSeen, ok, type PreflightCheck, warn } from './check.ts';

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

/** Who lives. */
export const lives: PreflightCheck<'lives'> = {
  code: 'lives',
  title: 'Every executor lives',
  explanation:
    'For each executor, by its checkpoint, its process, the flags and what is about to happen: whether the agent reconnects to it, waits for it, or kills it, and why. The list of those that do not live is printed below the table.',
  remedy: 'The reason stands beside each executor that does not live; the check that it belongs to says what to do.',
  visibility: 'Run this on the host, as root: what is not known of a process decides.',
  judge: ({ facts, lives: { executors } }) => {
    if (!facts.checkpoint.known) return [notSeen(facts.checkpoint)];
    const checkpointed = executors.filter((executor) => executor.source === 'checkpoint');
    if (checkpointed.length === 0) return [ok('no executor of the checkpoint is live')];
    const tasks = checkpointed.flatMap((executor) => executor.tasks);
    const alive = tasks.filter(({ fate }) => isAlive(fate)).length;
    const words = checkpointed.some(({ fate }) => fate === 'unknown') ? 'known to live' : undefined;
    const living = words === undefined ? verb(alive, 'lives', 'live') : `${verb(alive, 'is', 'are')} ${words}`;
    const found = `${fatesText(checkpointed)}; ${alive} of ${count(tasks.length, 'task')} ${living}`;
    const has = (...fates: Fate[]): boolean => checkpointed.some(({ fate }) => fates.includes(fate));
    // What a planned reboot ends is told by the check of the boot.
    if (has('killed', 'waits')) return [fail(found)];
    if (has('gone', 'ended') || alive < tasks.length - tasks.filter(({ fate }) => fate === 'unknown').length) {
      return [warn(found)];
    }
    if (has('unknown')) return [dontKnow(found)];
    // A flag that was not found may be the one that kills everything.
    return [
      facts.settings.recover.isSure ? ok(found) : dontKnow(`${found}, where no flag that was not found says otherwise`),
    ];
  },
};

const fatesText = (executors: Lives['executors']): string => {
  const parts = ORDER.flatMap((fate) => {
    const number = executors.filter((executor) => executor.fate === fate).length;
    return number === 0 ? [] : [`${number} ${WORDS[fate]}`];
  });
  return `${count(executors.length, 'executor')}: ${parts.join(', ')}`;
};
