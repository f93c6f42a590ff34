import { originText } from '../../agent/flags/origin.ts';
import { serviceDirective } from '../../host/systemd/settings.ts';
import { aboutUnit, secondsOf, UNIT_VISIBILITY } from './about-unit.ts';
import { ok, type PreflightCheck, warn } from './check.ts';

const isYes = (text: string): boolean => /^(1|yes|y|true|t|on)$/i.test(text);

/** Whether the agent is given time to end. */
export const stopTimeout: PreflightCheck<'stop-timeout'> = {
  code: 'stop-timeout',
  title: 'systemd does not kill the agent in the middle of a write',
  explanation:
    'An agent ends at once when it is told to, so TimeoutStopSec hardly matters; but one that is killed (SIGKILL) while it writes leaves a torn log or a temporary file behind. A very short timeout, or KillSignal=SIGKILL, asks for that.',
  remedy: "Leave TimeoutStopSec at systemd's 90 seconds, and KillSignal at SIGTERM.",
  visibility: UNIT_VISIBILITY,
  judge: aboutUnit((unit) => {
    const signal = serviceDirective(unit, 'KillSignal');
    if (signal !== undefined && /^(SIG)?KILL$|^9$/.test(signal.value)) {
      return [warn(`KillSignal=${signal.value} ends the agent wherever it is`, originText(signal))];
    }
    const timeout = serviceDirective(unit, 'TimeoutStopSec') ?? serviceDirective(unit, 'TimeoutSec');
    const seconds = timeout === undefined ? undefined : secondsOf(timeout.value);
    if (timeout !== undefined && seconds !== undefined && seconds > 0 && seconds < 5) {
      return [warn(`${timeout.key}=${timeout.value} is short`, originText(timeout))];
    }
    const sends = serviceDirective(unit, 'SendSIGKILL');
    if (sends !== undefined && !isYes(sends.value)) {
      return [warn(`SendSIGKILL=${sends.value}: an agent that hangs is never ended`, originText(sends))];
    }
    return [
      timeout === undefined
        ? ok("TimeoutStopSec is systemd's own")
        : ok(`${timeout.key}=${timeout.value}`, originText(timeout)),
    ];
  }),
};
