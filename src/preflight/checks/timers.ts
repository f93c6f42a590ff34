import { durationText } from '../../text/words.ts';
import { aboutFlag, dontKnow, fail, ok, type PreflightCheck, type Row, warn } from './check.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** `MAX_EXECUTOR_REREGISTRATION_TIMEOUT` of the agent. */
const MOST_REREGISTRATION = 15 * SECOND;
/** An upgrade by hand takes about that long. */
const SHORT_RECOVERY = 5 * MINUTE;

/** Whether the timers leave time. */
export const timers: PreflightCheck<'timers'> = {
  code: 'timers',
  title: 'The timers leave time for a start',
  explanation:
    'Executors wait for their agent for --recovery_timeout (15 mins). When it is back, those that do not come back within --executor_reregistration_timeout (2 secs, at most 15 secs) are killed. The master takes an agent for unreachable after 75 secs without an answer, and after its own failover waits for --agent_reregister_timeout, at least 10 mins.',
  remedy:
    'Set --executor_reregistration_timeout=15secs where executors are many or slow, which costs 15 seconds a start, and --recovery_timeout to what an upgrade takes at worst: it counts for executors that are started afterwards.',
  visibility: 'Give the flags behind --, or run this where the agent is installed.',
  judge: ({ facts }) => {
    const { recoveryTimeout, executorTimeout } = facts.settings;
    const rows: Row[] = [];
    if (executorTimeout.value > MOST_REREGISTRATION) {
      rows.push(
        fail(
          `--executor_reregistration_timeout is ${durationText(executorTimeout.value)}: the agent takes 15 secs at most, and does not start`,
          executorTimeout.origin,
        ),
      );
    }
    if (recoveryTimeout.value < SHORT_RECOVERY) {
      rows.push(
        warn(
          `--recovery_timeout is ${durationText(recoveryTimeout.value)}: executors end themselves soon`,
          recoveryTimeout.origin,
        ),
      );
    }
    if (rows.length > 0) return rows;
    const text = `recovery_timeout ${durationText(recoveryTimeout.value)}, executor_reregistration_timeout ${durationText(executorTimeout.value)}`;
    if (!recoveryTimeout.isSure || !executorTimeout.isSure) {
      return [aboutFlag(facts, dontKnow(`they may be set where nothing was found; by default ${text}`))];
    }
    return [ok(`${text}; the master waits 75 seconds`)];
  },
};
