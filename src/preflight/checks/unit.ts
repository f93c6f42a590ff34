import type { AgentUnit, Starter } from '../../host/flags/agent-flags.ts';
import { ifKnown } from '../../host/known.ts';
import type { Facts } from '../facts/facts.ts';
import { about, dontKnow, fail, ok, type PreflightCheck, type Row, warn } from './check.ts';

/** Whether systemd starts the agent. */
export const unit: PreflightCheck<'unit'> = {
  code: 'unit',
  title: 'A unit of systemd starts the agent',
  explanation:
    'What systemd kills when the agent stops, and whether it starts it again, is in its unit: the file of that name in the first of its folders, and the drop-ins of all of them. After a reboot it is started where a target wants it, which systemctl enable sees to, or where another unit or a script starts it. Where upstart, runit, supervisord, a script of an older init or docker itself starts the agent, that is told instead.',
  remedy:
    'Install a unit for the agent and enable it: an agent that is started by hand is not started again after a crash.',
  visibility: 'Run this where the agent is installed.',
  judge: ({ facts }) =>
    about(facts.systemd.present, (isPresent) =>
      about(facts.systemd.unit, (found) => {
        if (found?.masked !== undefined) {
          const todo = `Before the start: systemctl unmask ${found.name}.`;
          return [
            {
              ...fail(`${found.name} is masked: systemd does not start it`, found.masked, todo),
              command: ['systemctl', 'unmask', found.name],
            },
          ];
        }
        if (found !== undefined) return [...startedElsewhere(found, facts), ...aboutBoot(found, facts)];
        const { starter } = facts.flags;
        if (starter !== undefined) return aboutStarter(starter, facts);
        if (!isPresent) return [dontKnow('systemd does not run this host; what starts the agent is not known')];
        return [warn('no unit of systemd starts an agent here')];
      }),
    ),
};

/** What is known of what starts the agent instead of systemd. */
const aboutStarter = ({ init, place, isEnabled }: Starter, { scenario }: Facts): readonly Row[] => {
  if (isEnabled) return [ok(`${init} starts the agent`, place)];
  const found = `${init} starts the agent, and not with the host`;
  return [
    scenario === 'reboot' ? dontKnow(`${found}: what starts it after a reboot is not known`, place) : ok(found, place),
  ];
};

/** An agent that something else has started: systemd does not stop it, and its port is taken. */
const startedElsewhere = ({ name }: AgentUnit, { flags, processes, scenario, docker }: Facts): readonly Row[] => {
  const pid = flags.running?.pid;
  const group = pid === undefined ? undefined : ifKnown(processes)?.get(pid)?.unitGroup;
  if (group === undefined || scenario === 'reboot' || ifKnown(docker.container) !== undefined) return [];
  const parts = group.split('/');
  const other = parts.find((part) => /^session-.*\.scope$|\.service$/.test(part) && !/^user@/.test(part));
  if (other === undefined || parts.includes(name)) return [];
  const found = `the agent that runs (pid ${pid}) is in ${other}: ${name} does not stop it, and finds its port taken`;
  return [warn(found, `/proc/${pid}/cgroup`, `Before the start: kill ${pid}.`)];
};

/** Whether the unit is started again when the host boots. */
const aboutBoot = ({ name, files }: AgentUnit, { systemd, scenario }: Facts): readonly Row[] =>
  about(systemd.atBoot, (start) => {
    if (start?.kind === 'enabled') return [ok(name, files.join(', '))];
    const isReboot = scenario === 'reboot';
    if (start !== undefined) {
      const found = `${name} is not enabled; ${start.place} may start it after a reboot`;
      return [
        isReboot
          ? dontKnow(found, files[0], `Check whether ${start.place} starts it, or run: systemctl enable ${name}`)
          : ok(found),
      ];
    }
    const found = `${name} is not enabled: after a reboot nothing starts the agent`;
    const command = ['systemctl', 'enable', name];
    return [{ ...(isReboot ? fail : warn)(found, files[0], `systemctl enable ${name}`), command }];
  });
