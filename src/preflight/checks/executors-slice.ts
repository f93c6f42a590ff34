import { EXECUTORS_SLICE } from '../../host/systemd/facts.ts';
import { killModeOf } from '../../host/systemd/settings.ts';
import { containerText } from '../lives/stop.ts';
import { aboutUnit } from './about-unit.ts';
import { about, ok, type PreflightCheck, warn } from './check.ts';
import { executorsInGroup } from './kill-mode.ts';

/** Whether the slice of the executors is there. */
export const executorsSlice: PreflightCheck<'executors-slice'> = {
  code: 'executors-slice',
  title: 'The slice of the executors is there',
  explanation: `The agent makes ${EXECUTORS_SLICE} under /run/systemd/system when it starts, and moves each executor into it. Where that is missing while an agent runs, its executors are in its own unit.`,
  remedy: 'Start the agent without --no-systemd_enable_support; executors that run now stay where they are.',
  visibility: 'Run this on the host itself, while the agent runs.',
  judge: aboutUnit((unit, { facts, lives }) =>
    about(facts.systemd.present, (isPresent) =>
      about(facts.systemd.slice, (isThere) => {
        if (!isPresent) return [ok('systemd does not run this host')];
        if (isThere) return [ok(EXECUTORS_SLICE)];
        const container = containerText(facts);
        if (container !== undefined) return [ok(`${container}, which has none`)];
        const { value } = killModeOf(unit);
        return about(facts.activity.running, (running) => {
          if (running.length === 0) return [ok('not yet: the agent makes it when it starts')];
          const found = `the agent runs, and there is no ${EXECUTORS_SLICE}`;
          if (value === 'process') return [ok(`${found}; KillMode=process needs none`)];
          const isSeen = lives.executors.some(({ process }) => process === 'alive');
          const isOutside = isSeen && executorsInGroup(facts, lives, unit).length === 0;
          return [isOutside ? ok(`${found}; no executor is in the unit`) : warn(found)];
        });
      }),
    ),
  ),
};
