import { originText } from '../../agent/flags/origin.ts';
import { ifKnown } from '../../host/known.ts';
import { isInMemory, isReadOnly } from '../../host/mounts.ts';
import { count } from '../../text/words.ts';
import { whatRemoves } from '../lives/stop.ts';
import { aboutFlag, dontKnow, endsStart, fail, notSeen, ok, type PreflightCheck, warn } from './check.ts';

const KEEP = 'Set RuntimeDirectoryPreserve=yes in [Service] of a drop-in, and run systemctl daemon-reload.';

/** Where the runtime_dir is. */
export const runtimeDir: PreflightCheck<'runtime-dir'> = {
  code: 'runtime-dir',
  title: 'The runtime_dir outlives the agent, and not the boot',
  explanation:
    'The mesos containerizer keeps the pids and exit codes of containers in its runtime_dir. It has to outlive the agent, or nested containers cannot be recovered, and to be empty after a boot, or containers of an earlier boot are taken for live ones. A folder on a file system in memory is both: /run is a tmpfs on most hosts, and /var/run leads to it. systemd removes a folder of RuntimeDirectory= when the unit is stopped, unless RuntimeDirectoryPreserve= keeps it.',
  remedy:
    'When no task runs here, set --runtime_dir to a folder on a tmpfs that no cleaner visits: /run/mesos on most hosts. Until then empty the runtime_dir after each boot, before the agent starts.',
  visibility: 'Run this on the host itself, where /proc/mounts shows what is mounted.',
  judge: ({ facts }) => {
    const { runtimeDir: found, settings } = facts;
    const origin = settings.runtimeDir.origin ?? 'the default';
    if (!found.there.known) return [notSeen(found.there)];
    if (/^\/(var\/)?tmp(\/|$)/.test(found.real)) {
      return [warn(`${found.path} is where files are cleaned away (${origin})`, found.real)];
    }
    if (!found.mount.known) return [notSeen(found.mount)];
    const mount = found.mount.value;
    if (mount !== undefined && isReadOnly(mount)) {
      return [endsStart(`${found.path} is on ${mount.path}, which is mounted read-only`, '/proc/mounts')];
    }
    if (mount !== undefined && !isInMemory(mount)) {
      return [
        warn(`${found.path} is on a disk (${mount.type} at ${mount.path}): a reboot does not empty it (${origin})`),
      ];
    }
    if (!settings.runtimeDir.isSure) {
      return [aboutFlag(facts, dontKnow(`it may be set where nothing was found; by default it is ${found.path}`))];
    }
    const removed = whatRemoves(facts);
    if (removed !== undefined) {
      const nested = (ifKnown(facts.containers)?.containers ?? []).filter(({ isNested }) => isNested).length;
      const what = nested === 0 ? 'what it has of containers is lost' : `${count(nested, 'nested container')} with it`;
      const text = `${removed.key}=${removed.value} removes ${found.real} when the agent is stopped, ${what}`;
      return [(nested === 0 ? warn : fail)(text, originText(removed), KEEP)];
    }
    return [ok(`${found.path}${found.there.value ? '' : ', which the agent will make'} (${origin})`)];
  },
};
