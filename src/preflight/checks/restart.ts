import { originText } from '../../agent/flags/origin.ts';
import type { AgentUnit } from '../../host/flags/agent-flags.ts';
import { limitOf, restartOf, serviceDirective } from '../../host/systemd/settings.ts';
import { aboutUnit, secondsOf, takeOut, UNIT_VISIBILITY } from './about-unit.ts';
import { ok, type PreflightCheck, type Row, warn } from './check.ts';

/** Whether the agent is started again. */
export const restart: PreflightCheck<'restart'> = {
  code: 'restart',
  title: 'systemd starts the agent again',
  explanation:
    'An agent that crashes has to be back within 75 seconds, before the master takes it for unreachable. And some checkpoints need two starts: a strict agent refuses once, having cut a damaged log, and comes up at the second try. RuntimeMaxSec= and WatchdogSec= end an agent with which nothing is wrong.',
  remedy: 'Set Restart=always and RestartSec=20 or less in [Service], and StartLimitIntervalSec=0 in [Unit].',
  visibility: UNIT_VISIBILITY,
  judge: aboutUnit((unit, { facts }) => {
    const { policy, delay } = restartOf(unit);
    const directive = serviceDirective(unit, 'Restart');
    const place = directive === undefined ? unit.files.at(-1) : originText(directive);
    const read = facts.checkpoint.known ? facts.checkpoint.value : undefined;
    const needsTwo = (read?.verification[read.mode].starts.length ?? 1) > 1;
    const isRestarted = ['always', 'on-failure', 'on-abnormal', 'on-abort'].includes(policy);
    // A refusal is an exit code, an abort a signal.
    const isRefusalRestarted = policy === 'always' || policy === 'on-failure';
    if (needsTwo && !isRefusalRestarted) {
      return [
        warn(`Restart=${policy}, and this checkpoint needs a second start`, place, 'Be there, and start it twice.'),
      ];
    }
    if (!isRestarted) return [warn(`Restart=${policy}: after a crash nothing starts the agent`, place)];
    const seconds = secondsOf(delay);
    if (seconds !== undefined && seconds > 60) {
      return [warn(`RestartSec=${delay}: the master takes the agent for unreachable after 75 seconds`, place)];
    }
    const ending = endingRows(unit);
    if (ending.length > 0) return ending;
    return [ok(`Restart=${policy}, after ${/^\d+$/.test(delay) ? `${delay} seconds` : delay}`, place)];
  }),
};

/** What ends an agent with which nothing is wrong. */
const endingRows = (unit: AgentUnit): readonly Row[] =>
  (
    [
      ['RuntimeMaxSec', 'systemd ends the agent when it has run for so long'],
      ['WatchdogSec', 'systemd ends the agent again and again, because it never says that it is alive'],
    ] as const
  ).flatMap(([key, what]) => {
    const line = limitOf(unit, key);
    return line === undefined ? [] : [warn(`${key}=${line.value}: ${what}`, originText(line), takeOut(line))];
  });
