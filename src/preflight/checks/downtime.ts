import { durationIn } from '../../agent/flags/settings.ts';
import { ifKnown } from '../../host/known.ts';
import { timeText } from '../../text/time.ts';
import { count, durationText } from '../../text/words.ts';
import type { Facts } from '../facts/facts.ts';
import { PING_TIMEOUT } from '../facts/registration.ts';
import { dontKnow, fail, notSeen, ok, type PreflightCheck, type Row, warn } from './check.ts';

/** How long the agent has been down. */
export const downtime: PreflightCheck<'downtime'> = {
  code: 'downtime',
  title: 'The executors still wait for their agent',
  explanation:
    'Executors end themselves when their agent has been gone for the recovery_timeout that it had when it started them (15 mins by default). The newest file of the checkpoint or of the log tells how long it can have been gone at most. After 75 secs (--agent_ping_timeout times --max_agent_ping_timeouts of the master) the master takes the agent for unreachable, and frameworks may start its tasks elsewhere.',
  remedy:
    'Start the agent now, and look for causes later, unless another check says that it does not come up. A --recovery_timeout that is set now counts only for executors that are started afterwards.',
  visibility:
    'Run this on the host, as root: its processes tell whether the agent runs, and the executors their recovery_timeout.',
  judge: ({ facts, lives }) => {
    if (!facts.activity.running.known) return [notSeen(facts.activity.running)];
    const [agent] = facts.activity.running.value;
    if (agent !== undefined) return [runningRow(facts, agent.pid, agent.started)];
    const { lastSign } = facts;
    const now = ifKnown(facts.clock.now);
    if (now === undefined || lastSign === undefined)
      return [
        dontKnow(
          'the agent does not run; since when is not known',
          undefined,
          'The end of its log, or of journalctl -u with its unit, says when it ended.',
        ),
      ];
    const down = Math.max(0, now - lastSign.time);
    const waiting = lives.executors.filter(
      ({ process, source }) => process === 'alive' && source === 'checkpoint',
    ).length;
    if (waiting === 0 && (ifKnown(facts.checkpoint)?.verification.boot.rebooted ?? false)) {
      const found = `the agent does not run, and wrote last ${durationText(down)} ago; since the reboot nothing waits for it`;
      return [warn(found, lastSign.place, "Start it, so that the tasks' terminal updates are sent.")];
    }
    const known = lives.executors.filter(({ source }) => source === 'checkpoint');
    const allEnded = known.length > 0 && known.every(({ process }) => process === 'dead');
    const row = judgeSpan(down, recoveryTimeout(facts), allEnded ? 'none' : waiting, lastSign);
    const unit = ifKnown(facts.systemd.unit);
    // It may be between two starts, over and over.
    const isStarted = unit !== undefined && ifKnown(facts.systemd.active) === true;
    if (isStarted) return [{ ...row, found: `${row.found}; systemd has ${unit.name} started` }];
    return [unit === undefined ? row : { ...row, command: ['systemctl', 'start', unit.name] }];
  },
};

const runningRow = ({ clock, activity }: Facts, pid: number, started: number | undefined): Row => {
  const now = ifKnown(clock.now);
  const since = started === undefined || now === undefined ? '' : `, for ${durationText(now - started)}`;
  const file = activity.pidFile;
  return file !== undefined && file.pid !== pid
    ? warn(`the agent runs as pid ${pid}${since}, and its pid file says ${file.pid ?? 'no pid'}`, file.path)
    : ok(`the agent runs as pid ${pid}${since}`, `/proc/${pid}`);
};

/** The shortest that an executor was given, where its variables can be seen; otherwise what the flags say now. */
const recoveryTimeout = ({ processes, settings }: Facts): number => {
  const given = [...(ifKnown(processes)?.values() ?? [])].flatMap(({ environment }) => {
    const text = ifKnown(environment)?.get('MESOS_RECOVERY_TIMEOUT');
    const parsed = text === undefined ? undefined : durationIn(text);
    return parsed === undefined ? [] : [parsed];
  });
  return given.length === 0 ? settings.recoveryTimeout.value : given.reduce((least, each) => Math.min(least, each));
};

const judgeSpan = (
  down: number,
  timeout: number,
  waiting: number | 'none',
  { time, place }: { readonly time: number; readonly place: string },
): Row => {
  const found = `the agent does not run, and wrote last ${durationText(down)} ago (${timeText(time / 1000)})`;
  if (down >= timeout) {
    const after = `after their recovery_timeout of ${durationText(timeout)}`;
    return waiting !== 'none' && waiting > 0
      ? warn(
          `${found}: ${count(waiting, 'executor runs', 'executors run')} still, and will end ${after}`,
          place,
          'Start the agent now.',
        )
      : fail(`${found}: executors have ended themselves ${after}`, place);
  }
  if (waiting === 'none') {
    const ended = `${found}: all executors have ended, and none waits for it any more`;
    return warn(ended, place, "Start it, so that the tasks' terminal updates are sent.");
  }
  const left = `; executors wait for ${durationText(timeout - down)} more at least`;
  return down > PING_TIMEOUT
    ? warn(`${found}: the master takes it for unreachable after 75 seconds${left}`, place)
    : warn(`${found}${left}`, place, 'Start the agent now.');
};
