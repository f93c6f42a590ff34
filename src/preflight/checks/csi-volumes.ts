import type { PreflightCheck, Row } from './check.ts';
import { worstOf } from './check.ts';
import { judgeFiles } from './state-files.ts';

/** The state of CSI volumes. */
export const csiVolumes: PreflightCheck<'csi-volumes'> = {
  code: 'csi-volumes',
  title: "CSI volumes' state can be read",
  explanation:
    "Under csi/ of the work_dir is a volume.state for each volume of a storage plugin, and under isolators/volume/csi/ what each container uses. A damaged volume.state ends its provider or plugin; a damaged file of a container's volumes ends the agent's recovery.",
  remedy:
    'Restore the file from a copy. Without one, look with the plugin at what is mounted before the file is moved aside: a volume that is forgotten stays mounted.',
  visibility: 'Run this as root, where the work_dir is.',
  judge: ({ facts }) => {
    const volumes = judgeFiles(facts.state?.csiVolumes, {
      name: "CSI volume's state",
      damaged: { verdict: 'warn', text: 'its storage provider does not start' },
      empty: { verdict: 'warn', text: 'the volume is forgotten, mounted or not' },
    });
    const containers = judgeFiles(facts.state?.csiContainers, {
      name: "container's list of CSI volumes",
      damaged: { verdict: 'fail', text: 'the agent refuses to start' },
      empty: { verdict: 'ok', text: 'the agent takes it for none' },
    });
    const isWell = (rows: readonly Row[]): boolean => worstOf(rows.map(({ verdict }) => verdict)) === 'ok';
    // One row where both are well, or neither was seen.
    if (volumes[0]?.verdict === 'unknown' && volumes[0].found === containers[0]?.found) return volumes;
    return isWell(containers) ? volumes : isWell(volumes) ? containers : [...volumes, ...containers];
  },
};
