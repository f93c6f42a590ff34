import { isUser } from '../../host/user.ts';
import { count } from '../../text/words.ts';
import { about, endsStart, notSeen, ok, type PreflightCheck, type Row, warn } from './check.ts';

/** Whether the agent's user can go on with the checkpoint. */
export const user: PreflightCheck<'user'> = {
  code: 'user',
  title: "The agent's user may use the checkpoint",
  looksAtStart: true,
  explanation:
    'The agent runs as root unless its unit has User=, or a script gives root up. Another user than the one that wrote the checkpoint may not read it, and the agent exits; one that may not write /var/run has its runtime_dir below the folder of temporary files, where it does not find the containers that an agent of root has started.',
  remedy:
    'Start the agent as the user that wrote the checkpoint, or give the checkpoint to the new one, with chown -R.',
  visibility: 'Run this on the host itself, as root: /etc/passwd and the permissions of the checkpoint tell.',
  judge: ({ facts }) =>
    about(facts.user, (who) => {
      if (!isUser(who)) {
        const todo = `Make the ${who.kind}, or correct the unit.`;
        return [endsStart(`there is no ${who.kind} ${who.name}: the agent is not started`, who.origin, todo)];
      }
      if (who.uid === 0) return [ok('root')];
      return about(facts.checkpointAccess, ({ denials, looked }) => {
        const rows: Row[] = [];
        const [first] = denials;
        if (first !== undefined) {
          const found = `${who.name} may not use ${count(denials.length, 'file or folder', 'files and folders')} of the checkpoint: ${first.at} is ${first.owner}`;
          rows.push(endsStart(found, who.origin));
        }
        if (facts.settings.runtimeDir.origin === undefined && facts.usualRuntime.known && facts.usualRuntime.value) {
          rows.push(
            warn(
              `${who.name} may not write /var/run: its runtime_dir is ${facts.runtimeDir.path}, and containers are recorded in /var/run/mesos`,
              who.origin,
              'Set --runtime_dir to the folder that has the containers, and let the user write it.',
            ),
          );
        }
        if (rows.length > 0) return rows;
        if (!facts.usualRuntime.known) return [notSeen(facts.usualRuntime)];
        return [
          ok(
            `${who.name}, who may use ${count(looked, 'file or folder', 'files and folders')} of the checkpoint`,
            who.origin,
          ),
        ];
      });
    }),
};
