import { originText } from '../../agent/flags/origin.ts';
import { isV2Alone, V2_PLACE, v2Mounts } from '../../host/cgroups.ts';
import type { Facts } from '../facts/facts.ts';
import { withheldFrom } from '../facts/withheld.ts';
import {
  isolatorProblems,
  launcherProblems,
  placeProblems,
  subsystemProblems,
  systemdProblems,
} from '../isolation/cgroup-problems.ts';
import { rowsOf } from '../isolation/problem.ts';
import { isolationSetting, runsAlready } from '../isolation/setting.ts';
import { strandedRows } from '../isolation/stranded.ts';
import { keepsText, takeOut } from './about-unit.ts';
import { ok, type PreflightCheck, type Row, warn } from './check.ts';

/** Whether the host has the control groups that the agent needs. */
export const cgroups: PreflightCheck<'cgroups'> = {
  code: 'cgroups',
  title: 'The host has the control groups that the agent needs',
  looksAtStart: true,
  explanation:
    "Under systemd an agent of any version ends where the host has cgroups v2 alone, because it looks for systemd's own hierarchy of v1. From 1.12 on it uses v2, at /sys/fs/cgroup only and without its support for systemd, ends on a hybrid host, and aborts on v1 with the Linux launcher unless --isolation names one of cgroups/.... The Linux launcher needs the freezer, and each isolator of control groups its subsystem: mounted, or such that the agent can mount it. Executors that run below another --cgroups_root are recovered, and cannot be killed. ProtectControlGroups= in the unit makes all of them read-only for the agent.",
  remedy: 'Mount what is missing, or boot the host with cgroups v1.',
  visibility: 'Run this on the host itself, as root, while the agent runs.',
  judge: ({ facts, lives }) => {
    const stranded = strandedRows(facts, lives);
    const rows = rowsOf(problemsOf(facts), undefined, runsAlready(facts));
    const beside = [...(rows.length > 0 ? [] : protectedRows(facts)), ...stranded];
    if (rows.length + beside.length > 0) return [...rows, ...beside];
    return [ok(`${layoutText(facts)}; ${facts.launcher === 'linux' ? 'the Linux launcher' : 'the posix launcher'}`)];
  },
};

/** An agent that finds its groups there starts without writing to them, and cannot do anything with containers then. */
const protectedRows = (facts: Facts): readonly Row[] => {
  const withheld = withheldFrom(facts, V2_PLACE);
  if (withheld === undefined || facts.launcher !== 'linux') return [];
  const { directive } = withheld;
  const found = `${keepsText(withheld, V2_PLACE)}, which then can start no container and end none`;
  return [warn(found, originText(directive), takeOut(directive))];
};

const problemsOf = (facts: Facts) => {
  const first = [...placeProblems(facts), ...subsystemProblems(facts), ...systemdProblems(facts)];
  if (first.some(({ isSeen }) => isSeen)) return first;
  if (!facts.settings.containerizers.value.includes('mesos')) return first;
  return [...first, ...launcherProblems(facts), ...isolatorProblems(facts, isolationSetting(facts))];
};

const layoutText = ({ cgroups: { mounts } }: Facts): string => {
  if (!mounts.known) return 'as the agent that runs has them';
  return isV2Alone(mounts.value) ? 'v2' : v2Mounts(mounts.value).length > 0 ? 'v1 and v2' : 'v1';
};
