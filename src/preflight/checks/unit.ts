import { about, dontKnow, fail, ok, type PreflightCheck, warn } from './check.ts';

/** Whether systemd starts the agent. */
export const unit: PreflightCheck<'unit'> = {
  code: 'unit',
  title: 'A unit of systemd starts the agent',
  explanation:
    'What systemd kills when the agent stops, and whether it starts it again, is in its unit: the file of that name in the first of its folders, and the drop-ins of all of them.',
  remedy: 'Let a supervisor start the agent: one that is started by hand is not started again after a crash.',
  visibility: 'Run this where the agent is installed.',
  judge: ({ facts }) =>
    about(facts.systemd.present, (isPresent) =>
      about(facts.systemd.unit, (found) => {
        if (found?.masked !== undefined) {
          const todo = `Before the start: systemctl unmask ${found.name}.`;
          return [fail(`${found.name} is masked: systemd does not start it`, found.masked, todo)];
        }
        if (found !== undefined) return [ok(found.name, found.files.join(', '))];
        if (!isPresent) return [dontKnow('systemd does not run this host; what starts the agent is not known')];
        return [warn('no unit of systemd starts an agent here')];
      }),
    ),
};
