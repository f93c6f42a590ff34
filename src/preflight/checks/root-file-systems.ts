import { isUser } from '../../host/user.ts';
import type { Facts } from '../facts/facts.ts';
import { about, dontKnow, endsStart, ok, type PreflightCheck, type Row } from './check.ts';

/** File systems that a backend does not work on (`validateBackend` of provisioner.cpp). */
const UNFIT: Readonly<Record<string, readonly string[]>> = {
  overlay: ['aufs', 'btrfs', 'ecryptfs', 'zfs', 'overlay'],
  aufs: ['aufs', 'btrfs', 'ecryptfs'],
};

/** Names by which the kernel knows the file system of a backend. */
const KERNEL: Readonly<Record<string, readonly string[]>> = { overlay: ['overlay', 'overlayfs'], aufs: ['aufs'] };

/** Whether root file systems of containers can be recovered. */
export const rootFileSystems: PreflightCheck<'root-file-systems'> = {
  code: 'root-file-systems',
  title: 'Root file systems of containers can be recovered',
  looksAtStart: true,
  explanation:
    'Containers of images have root file systems below the work_dir, each made by a backend: overlay, aufs, bind or copy. The agent exits where one is of a backend that it does not have now: the kernel has lost the module, as after an update, or the agent is no longer root. A backend that --image_provisioner_backend names has to fit the file system of the work_dir.',
  remedy: 'Load the module of the kernel before the agent starts (modprobe overlay), or start the agent as root.',
  visibility: 'Run this on the host itself, as root, where /proc/filesystems and the work_dir can be read.',
  judge: ({ facts }) => {
    const { provisioner } = facts;
    if (provisioner === undefined) return [dontKnow('nothing tells where the work_dir is')];
    return about(provisioner.backends, (backends) => {
      const rows = [...[...backends].flatMap(([name, place]) => judgeBackend(name, place, facts)), ...judgeFlag(facts)];
      if (rows.length > 0) return rows;
      return [ok(backends.size === 0 ? 'no container has one' : `of ${[...backends.keys()].join(', ')}`)];
    });
  },
};

const judgeBackend = (name: string, place: string, facts: Facts): readonly Row[] => {
  const text = `a container's root file system is of ${name}`;
  if (name === 'copy') return [];
  const { user, provisioner } = facts;
  if (user.known && isUser(user.value) && user.value.uid !== 0 && ['overlay', 'aufs', 'bind'].includes(name)) {
    return [endsStart(`${text}, which takes root, and the agent is ${user.value.name}`, place)];
  }
  if (name === 'bind') return [];
  const names = KERNEL[name];
  if (names === undefined)
    return [endsStart(`${text}, which no agent knows`, place, `Unmount what is below it, and remove ${place}`)];
  if (provisioner?.kernel === undefined) return [dontKnow(`${text}; whether the kernel has that is not known`, place)];
  return names.some((each) => provisioner.kernel?.has(each))
    ? []
    : [
        {
          ...endsStart(`${text}, which the kernel does not have now (/proc/filesystems)`, place, `modprobe ${name}`),
          command: ['modprobe', name],
        },
      ];
};

const judgeFlag = ({ infoInput, workDir }: Facts): readonly Row[] => {
  const flag = infoInput.flags('image_provisioner_backend');
  if (flag.kind !== 'set' || UNFIT[flag.value] === undefined) return [];
  if (workDir?.mount.known !== true) return [dontKnow('on which file system the work_dir is is not known', flag.from)];
  const type = workDir.mount.value?.type ?? '';
  const isUnfit = UNFIT[flag.value]?.includes(type.replace(/^fuse\./, '')) === true;
  const todo = 'Set it to copy, or put the work_dir on ext4 or xfs.';
  return isUnfit
    ? [endsStart(`--image_provisioner_backend=${flag.value} does not work on ${type}`, flag.from, todo)]
    : [];
};
