import { originText } from '../../agent/flags/origin.ts';
import type { Removal } from '../../host/start/removals.ts';
import { count } from '../../text/words.ts';
import { about, dontKnow, fail, ok, type PreflightCheck, type Row, warn } from './check.ts';

/** What the commands take away, in words. */
const WHAT: Readonly<Record<Removal['kind'], string>> = {
  removes: 'removes the checkpoint: every task is lost at the next start',
  sandboxes: 'removes the sandboxes of every task',
  'cleans-up': 'starts an agent with --recover=cleanup, which kills every task',
  ends: 'ends every executor: its tasks are lost',
  untold: 'may take away anything',
};

/** Whether something takes the checkpoint away around a start. */
export const startCommands: PreflightCheck<'start-commands'> = {
  code: 'start-commands',
  title: 'Nothing removes the checkpoint when the agent is started',
  explanation:
    "What a unit runs beside the agent, and what the scripts run that start it: ExecStartPre=, ExecStart=, ExecStop= and their like are followed through shells and scripts, into the volumes of containers and into services that systemd starts along, and nothing is run. So is what upstart, runit, supervisord or an older init runs instead of a unit. The agent's own log advises to remove slaves/latest, and a line that does so at every start makes a new agent each time, which knows no task. A line that kills executors, or sends the agent SIGUSR1, on which it shuts every executor down, loses as much. A command that is not a script of the shell, or may not be read, cannot be followed.",
  remedy:
    'Take the command out, at the place that is named, before the agent is stopped, and run systemctl daemon-reload.',
  visibility: 'Look at the command that is named: it must not remove meta, slaves or latest of the work_dir.',
  judge: ({ facts }) =>
    about(facts.systemd.unit, (unit) => {
      const { removals } = facts;
      if (removals.length > 0) return removals.map((removal) => rowOf(removal, unit !== undefined));
      if (unit === undefined && facts.flags.starter === undefined)
        return [
          dontKnow(
            'no unit of systemd starts the agent, so what starts it was not seen',
            undefined,
            'Look at what starts the agent: it must not remove meta, slaves or latest of the work_dir.',
          ),
        ];
      return [ok('nothing that is started with the agent removes its checkpoint')];
    }),
};

const rowOf = ({ kind, command, doubt, origin }: Removal, isOfSystemd: boolean): Row => {
  const todo = isOfSystemd
    ? undefined
    : 'Take the command out, at the place that is named, before the agent is stopped.';
  const written = command.length > MOST ? `${command.slice(0, MOST)}... (${count(command.length, 'letter')})` : command;
  const place = originText(origin);
  if (kind === 'untold')
    return dontKnow(`'${written}' is not followed: ${doubt ?? 'what it does is not known'}`, place);
  if (doubt !== undefined)
    return warn(`'${written}' ${WHAT[kind]}, if it is run: ${doubt.replace(/^it is set /, 'it stands ')}`, place, todo);
  return fail(`'${written}' ${WHAT[kind]}`, place, todo);
};

/** Of a long command its beginning is told. */
const MOST = 120;
