import { isInMemory } from '../../host/mounts.ts';
import { aboutFlag, dontKnow, fail, notSeen, ok, type PreflightCheck, type Row, warn } from './check.ts';

/** What to do where nothing tells where it is. */
export const NAME_WORK_DIR =
  'Name the work_dir with --work-dir, as in --work-dir /var/lib/mesos, or give the flags of the agent behind --.';

/** Where the work_dir is. */
export const workDir: PreflightCheck<'work-dir'> = {
  code: 'work-dir',
  title: 'The work_dir is in a lasting place',
  explanation:
    'The checkpoint is under the work_dir. What is under /tmp is cleaned by systemd-tmpfiles, tmpreaper and their like, a piece at a time and by age, and a file system in memory is gone with the boot.',
  remedy:
    'Move the work_dir to a disk that lasts, at a time at which no task runs here: a new work_dir is a new agent. Until then keep cleaners away from it.',
  visibility: 'Name it with --work-dir, and run this on the host itself, where /proc/mounts shows what is mounted.',
  judge: ({ facts }) => {
    const found = facts.workDir;
    if (found === undefined) return [dontKnow('nothing tells where the work_dir is', undefined, NAME_WORK_DIR)];
    const source = found.origin ?? 'no flag says so: a checkpoint was found there';
    const origin = found.inside === found.path ? source : `${found.inside} in the agent's container, ${source}`;
    if (found.relative !== undefined) {
      const why = `--work_dir=${found.relative} is not an absolute path (${origin})`;
      const todo = 'Give --work_dir an absolute path, before links are written that lead nowhere.';
      return [
        warn(
          `${why}: the links that the agent writes lead nowhere from where they are, so a later start ends`,
          undefined,
          todo,
        ),
      ];
    }
    if (found.isContained) {
      const todo = 'Start the container with the work_dir as a volume, at the same path as on the host.';
      return [
        fail(`${found.path} (${origin}) is in none of the container's volumes, and is gone with it`, undefined, todo),
      ];
    }
    if (!found.there.known) return [notSeen(found.there)];
    if (!found.there.value) return [fail(`${found.path} is not there, or is not a folder (${origin})`)];
    const rows: Row[] = [];
    if (/^\/(var\/)?tmp(\/|$)/.test(found.real)) {
      rows.push(warn(`${found.path} is where files are cleaned away (${origin})`, found.real));
    }
    if (found.mount.known && found.mount.value !== undefined && isInMemory(found.mount.value)) {
      const text = `${found.path} is in memory (${found.mount.value.type}): a reboot empties it`;
      // Until then the agent comes up on it, and its tasks wait for that.
      rows.push({ ...fail(text, found.mount.value.path), endsStart: false });
    }
    if (rows.length > 0) return rows;
    if (!found.mount.known) return [notSeen(found.mount)];
    if (found.origin === undefined) {
      return [warn(`${found.path} has a checkpoint, and no flag names it`, undefined, 'Name it with --work-dir.')];
    }
    // What could not be read may name another one.
    const isSure = found.origin === '--work-dir' || facts.settings.workDir.isSure;
    return [
      isSure
        ? ok(`${found.path} (${origin})`)
        : aboutFlag(facts, dontKnow(`it may be set where nothing was found; else ${found.path}`)),
    ];
  },
};
