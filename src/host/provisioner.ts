import { type Host, isUnseen, textAt } from './host.ts';
import { type Known, known, unseen } from './known.ts';

/** The root file systems of containers that the agent has made of images, and what it can make and unmake them with. */
export interface ProvisionerFacts {
  /** Backends that root file systems are of, each with the folder of the first. */
  readonly backends: Known<ReadonlyMap<string, string>>;
  /** File systems that the kernel has now; undefined where that is not seen. */
  readonly kernel: ReadonlySet<string> | undefined;
}

/** Reads what the provisioner keeps below the work_dir. Mirrors `listContainers` and `listContainerRootfses` of its paths. */
export const readProvisioner = (host: Host, workDir: string): ProvisionerFacts => {
  const filesystems = textAt(host, '/proc/filesystems');
  const backends = new Map<string, string>();
  const kernel =
    filesystems === undefined
      ? undefined
      : new Set(filesystems.split('\n').map((line) => line.split('\t').at(-1) ?? ''));
  const waiting = [`${workDir}/provisioner/containers`];
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    const ids = host.list(folder);
    if (isUnseen(ids)) return { backends: unseen(folder, ids), kernel };
    for (const id of ids ?? []) {
      const path = `${folder}/${id}`;
      waiting.push(`${path}/containers`);
      const names = host.list(`${path}/backends`);
      if (isUnseen(names)) return { backends: unseen(`${path}/backends`, names), kernel };
      for (const name of names ?? []) {
        const rootfses = host.list(`${path}/backends/${name}/rootfses`);
        if (isUnseen(rootfses)) return { backends: unseen(`${path}/backends/${name}`, rootfses), kernel };
        if (!backends.has(name)) backends.set(name, `${path}/backends/${name}`);
      }
    }
  }
  return { backends: known(backends), kernel };
};
