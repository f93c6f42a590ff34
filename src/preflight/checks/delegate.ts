import { originText } from '../../agent/flags/origin.ts';
import { serviceDirective } from '../../host/systemd/settings.ts';
import { containerText } from '../lives/stop.ts';
import { aboutUnit, UNIT_VISIBILITY } from './about-unit.ts';
import { dontKnow, notSeen, ok, type PreflightCheck, warn } from './check.ts';
import { executorsInGroup, outsideText } from './kill-mode.ts';

/** `Delegate` may also list controllers. */
const isDelegated = (text: string | undefined): boolean => text !== undefined && !/^(0|no|n|false|f|off)$/i.test(text);

/** Whether the agent may use its control groups. */
export const delegate: PreflightCheck<'delegate'> = {
  code: 'delegate',
  title: 'systemd leaves the control groups to the agent',
  explanation:
    "Without Delegate=true systemd may rearrange what is in the unit's control group, at a daemon-reload for example, and the limits of tasks that run in it are lost. It matters for executors that the agent did not move into their own slice.",
  remedy: 'Add Delegate=true to [Service] in a drop-in, and run systemctl daemon-reload.',
  visibility: UNIT_VISIBILITY,
  judge: aboutUnit((unit, { facts, lives }) => {
    const container = containerText(facts);
    if (container !== undefined) return [ok(`${container}: its runtime makes the control groups`)];
    const directive = serviceDirective(unit, 'Delegate');
    const place = directive === undefined ? unit.files.at(-1) : originText(directive);
    if (isDelegated(directive?.value)) return [ok(`Delegate=${directive?.value}`, place)];
    const found = directive === undefined ? 'Delegate is not set' : `Delegate=${directive.value}`;
    const { launcher, systemdSupport } = facts.settings;
    if (launcher.value === 'posix') return [ok(`${found}, and the posix launcher needs none`, place)];
    const mayBeInside = !systemdSupport.value && outsideText(facts, lives) === undefined;
    const isInside = executorsInGroup(facts, lives, unit).length > 0 || mayBeInside;
    if (isInside) return [warn(`${found}, and executors are in the unit's control group`, place)];
    // Which processes are executors, the checkpoint tells.
    for (const fact of [facts.processes, facts.checkpoint]) if (!fact.known) return [notSeen(fact)];
    if (!systemdSupport.isSure) return [dontKnow(`${found}; where executors are moved to is not known`, place)];
    return [ok(`${found}; executors are not in the unit`, place)];
  }),
};
