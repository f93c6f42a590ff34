import { ifKnown } from '../../host/known.ts';
import { count, some } from '../../text/words.ts';
import { type Row, warn } from '../checks/check.ts';
import type { Facts } from '../facts/facts.ts';
import type { Lives } from '../lives/lives.ts';

/**
 * Executors whose control groups are below another root than the one that the agent will look in: it recovers them, and finds
 * nothing to freeze and kill them by (`LinuxLauncherProcess::destroy`).
 */
export const strandedRows = ({ processes, settings, launcher }: Facts, { executors }: Lives): readonly Row[] => {
  if (launcher !== 'linux' || !settings.cgroupsRoot.isSure) return [];
  const root = settings.cgroupsRoot.value;
  const stranded = executors.flatMap(({ executor, run, pid, process }) => {
    if (run === undefined) return [];
    const groups = process === 'alive' && pid !== undefined ? ifKnown(processes)?.get(pid)?.cgroups : undefined;
    const roots = (groups ?? []).flatMap((group) => rootOf(group, run) ?? []);
    const isFound = roots.some((each) => each === root || each.endsWith(`/${root}`));
    return roots.length === 0 || isFound ? [] : [{ executor, root: roots[0] ?? '' }];
  });
  if (stranded.length === 0) return [];
  const others = [...new Set(stranded.map((each) => each.root))];
  const names = some(
    stranded.map(({ executor }) => executor),
    3,
  );
  const them = stranded.length === 1 ? 'it' : 'them';
  return [
    warn(
      `${count(stranded.length, 'executor runs', 'executors run')} below /${others.join(', /')}, and --cgroups_root will be ${root}: the agent recovers ${them} and cannot kill ${them}: ${names}`,
      settings.cgroupsRoot.origin ?? 'the default of --cgroups_root',
      others.length === 1
        ? `Set --cgroups_root=${others[0]} until they have ended.`
        : 'End their tasks before the restart.',
    ),
  ];
};

/** What a group is below, of a path that ends with the container's own group: `/mesos/RUN`. */
const rootOf = (group: string, run: string): string | undefined => {
  const at = group.indexOf(`/${run}`);
  return at <= 0 ? undefined : group.slice(1, at);
};
