import { ABORTS, alike, type Entries, REFUSES } from '../entry.ts';

const FORGOTTEN =
  'Every dynamic reservation, persistent volume and pending operation is forgotten, without an error. The data of the volumes stays on disk.';

const FALL_BACK =
  "Before the agent's first start, copy meta/resources and rename the file (resources_and_operations.state.bad): the agent then falls back to resources.info, and loses pending operations only. Or let mesos-ckpt prune --salvage do it.";

/** Dynamic reservations and persistent volumes. */
export const resources = {
  'resource-state-damaged': {
    severity: { strict: 'fatal', nonStrict: 'counted' },
    title: 'resources_and_operations.state does not parse',
    explanation:
      'The file holds the dynamic reservations, persistent volumes and pending operations. It is cut short, its bytes are not a valid record, or reading it fails. resources.info is kept beside it and holds the same resources.',
    consequence: {
      strict: REFUSES,
      nonStrict:
        'Counted once for the resources, and once more for the operations: every dynamic reservation, persistent volume and pending operation is forgotten. The data of the volumes stays on disk.',
    },
    remedy:
      'Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: copy meta/resources, and rename the file (resources_and_operations.state.bad): the agent then falls back to resources.info, and loses pending operations only. Do not start with --no-strict before that. Run mesos-ckpt verify again, to see that resources.info is whole.',
  },
  'resource-state-empty': {
    severity: alike('loss'),
    title: 'resources_and_operations.state is empty',
    explanation:
      'The file holds the dynamic reservations, persistent volumes and pending operations, and has no bytes. The host lost power after it was renamed into place and before its content was on disk.',
    consequence: alike(FORGOTTEN),
    remedy: FALL_BACK,
  },
  'resource-state-zero-filled': {
    severity: alike('loss'),
    title: 'resources_and_operations.state is full of zeros',
    explanation:
      'The file holds the dynamic reservations, persistent volumes and pending operations. Its length reached the disk before a power loss and its content did not; and zeros are a valid record that holds nothing.',
    consequence: alike(FORGOTTEN),
    remedy: FALL_BACK,
  },
  'resource-state-stale': {
    severity: alike('loss'),
    title: 'resources_and_operations.state is out of date',
    explanation:
      'resources.info is newer, and holds other resources. That is so after a downgrade below 1.8, whose agents write resources.info only.',
    consequence: alike(
      'The agent believes the older file: reservations and persistent volumes made since are forgotten, and those removed since come back. The data of the volumes stays on disk.',
    ),
    remedy:
      "If resources.info is right, rename the older file (resources_and_operations.state.bad) before the agent's first start: the agent then falls back to resources.info.",
  },
  'resource-target-damaged': {
    severity: { strict: 'fatal', nonStrict: 'counted' },
    title: 'resources_and_operations.target does not parse',
    explanation:
      'The file holds a change of the resources or operations that was under way. A crash, a power loss or a full disk cut its write short, or its bytes were changed.',
    consequence: {
      strict: REFUSES,
      nonStrict:
        'Counted once for the resources, and once more for the operations: the change is not made, and all pending operations are forgotten, their logs deleted. The committed resources are kept.',
    },
    remedy:
      'Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: rename it (append .bad to its name), and resources.target too if it is there: the agent then starts with the committed resources and operations. The change that was under way is lost, and its framework or operator has to ask for it again.',
  },
  'resource-target-empty': {
    severity: alike('note'),
    title: 'resources_and_operations.target is empty',
    explanation:
      'The file should hold a change that was under way, and has no bytes. The host lost power before they were on disk.',
    consequence: alike(
      'The agent keeps the committed resources and does not make the change. It looks for pending operations in this file alone, and so finds none.',
    ),
    remedy:
      "Rename it (append .bad to its name) before the agent's first start: the agent then reads the pending operations from resources_and_operations.state.",
  },
  'resources-info-damaged': {
    severity: { strict: 'fatal', nonStrict: 'counted' },
    title: 'resources.info does not parse',
    explanation:
      'resources.info holds the dynamic reservations and persistent volumes, where there is no resources_and_operations.state or the version does not know it. It is cut short, its bytes are not valid records, or reading it fails.',
    consequence: {
      strict: REFUSES,
      nonStrict:
        'Counted once: every dynamic reservation and persistent volume is forgotten. The data of the volumes stays on disk.',
    },
    remedy:
      'Restore it from a copy of meta/resources. If resources_and_operations.state is there and whole, start an agent of 1.8.0 or later, which reads that instead. Renaming the file (resources.info.bad) lets a strict agent start, and costs all reservations and volumes.',
  },
  'resources-info-empty': {
    severity: alike('note'),
    title: 'resources.info is empty',
    explanation:
      'resources.info has no bytes, which is how an agent without dynamic reservations and persistent volumes writes it. After a power loss a file that held some can look the same.',
    consequence: alike(
      'The agent starts without dynamic reservations and persistent volumes. Nothing is lost, if it had none.',
    ),
    remedy:
      "Nothing, if the agent had no reservations. If it had, restore the file from a copy of meta/resources before the agent's first start; the data of the volumes stays on disk.",
  },
  'resources-target-damaged': {
    severity: { strict: 'fatal', nonStrict: 'counted' },
    title: 'resources.target does not parse',
    explanation:
      'resources.target holds a change of the resources that was under way. A crash, a power loss or a full disk cut its write short, or its bytes were changed.',
    consequence: {
      strict: REFUSES,
      nonStrict: 'Counted once, and the change is not made. The committed resources are kept.',
    },
    remedy:
      'Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: rename it (resources.target.bad): the agent then starts with the resources in resources.info. The change that was under way is lost, and its framework or operator has to ask for it again.',
  },
  'resources-torn': {
    severity: alike('loss'),
    title: 'The end of a resources file is cut short',
    explanation:
      'resources.info or resources.target ends within a record. Agents of 1.4.x drop such an end as they do in a log; later ones treat it as an error.',
    consequence: alike(
      'The agent truncates the file to the last whole record, without an error. The reservations and persistent volumes after it are forgotten.',
    ),
    remedy:
      "Copy meta/resources before the agent's first start, because the truncation destroys the bytes. Restore the file from a copy if there is one.",
  },
  'resources-unused-damage': {
    severity: alike('note'),
    title: 'A resources file that is not read is damaged',
    explanation:
      'resources.info or resources.target is damaged. Since 1.8.0 the agent does not read them while resources_and_operations.state is there.',
    consequence: alike(
      'No effect on this start. But there is nothing to fall back to, should resources_and_operations.state be damaged or an older agent be started.',
    ),
    remedy: 'Copy meta/resources. The agent writes resources.info again when the reservations or volumes next change.',
  },
  'star-reservation': {
    severity: alike('fatal'),
    title: 'A reservation for the role *',
    explanation:
      'A resource has the role * and a reservation, which is impossible: role * means not reserved. Its bytes were changed, or another program wrote it.',
    consequence: alike('The agent aborts when it has read the file, and again at every start. Nothing is lost yet.'),
    remedy:
      'Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: restore the file from a copy. Without one, rename it, which costs what the same file costs when it is missing: for task.info the task, for executor.info the executor with its tasks. For slave.info that is every task on the host, so do not.',
  },
  'target-pending': {
    severity: alike('note'),
    title: 'A change of resources is under way',
    explanation:
      'A target file is there: the agent stopped between writing a change of the reservations or volumes and committing it.',
    consequence: alike(
      'The agent makes the change at its start: it creates new persistent volumes on disk, and commits the target.',
    ),
    remedy: 'Nothing. Check that the disks of the volumes are mounted, or the volumes are made in the wrong place.',
  },
  'target-deletes-volumes': {
    severity: alike('loss'),
    title: 'The pending change deletes persistent volumes',
    explanation:
      'Persistent volumes are in the committed resources and not in the target. Usually a framework has destroyed them; a target file full of zeros, after a power loss, looks the same and holds no volume at all.',
    consequence: alike('The agent deletes these volumes from disk at its start, with their data, and without asking.'),
    remedy:
      "Before the agent's first start, find out whether the framework or an operator has destroyed them. If not, or if in doubt, copy their data away, and rename both target files (append .bad to their names): the agent then keeps the committed volumes.",
  },
  'volume-without-place': {
    severity: alike('fatal'),
    title: 'A persistent volume has no place on disk',
    explanation:
      'A change of resources is under way, and there or in the committed resources is a volume whose role or id cannot be the name of a folder, or whose disk is of a kind that holds no folders. Bytes were changed, or another program wrote it.',
    consequence: alike(ABORTS),
    remedy:
      'Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: copy meta/resources. If the volume is in the target, rename both target files (append .bad to their names): the agent then keeps the committed resources, and the change has to be asked for again. Otherwise restore the committed file from a copy.',
  },
  'target-incomplete': {
    severity: alike('fatal'),
    title: 'One of the two target files is missing',
    explanation:
      'A change of resources is written to resources_and_operations.target and resources.target, and the agent expects both. It stopped between writing or renaming the two, or an agent before 1.9.0 wrote only resources.target.',
    consequence: alike(
      'The agent makes the change and refuses to start, because it cannot rename the missing file. With resources_and_operations.target alone it starts at the second try; with resources.target alone it refuses at every start.',
    ),
    remedy:
      'With resources_and_operations.target alone, start the agent twice. With resources.target alone, start the old version once more, which commits it; or rename it (resources.target.bad), which drops the change that was under way.',
  },
  'target-unrenamable': {
    severity: alike('fatal'),
    title: 'A folder is where a resource file should be',
    explanation:
      'A change of resources is committed by renaming resources_and_operations.target and resources.target over the files that they replace. A folder has one of the four names: it was made by hand, or by a copy that went wrong.',
    consequence: alike(
      'The agent makes the change and refuses to start, because a file cannot be renamed over a folder, nor a folder over a file. Where the first of the two renames was done, it starts at the second try.',
    ),
    remedy:
      'Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: rename the folder (resources.info.bad): the agent then commits the change at its first start. If the folder is in place of a target, start the agent twice, or restore the file from a copy.',
  },
  'target-ignored': {
    severity: alike('loss'),
    title: 'The resources of a lone target file are ignored',
    explanation:
      'A target file is there without a committed file beside it: the very first write was cut short by a crash.',
    consequence: alike(
      'The reservations and volumes in the target are ignored, without an error. The operations in resources_and_operations.target are read.',
    ),
    remedy:
      'The framework or operator has to ask for the reservation or volume again. If there were others before, restore the committed file from a copy of meta/resources.',
  },
  'resources-incompatible': {
    severity: alike('fatal'),
    title: "Reservations do not fit the agent's resources",
    explanation:
      'What is reserved and what the volumes take is more than the agent has. --resources was changed, or the host lost a disk, memory or processors.',
    consequence: alike(
      'The agent refuses to start, and again at every start, after a reboot too. Removing slaves/latest does not help.',
    ),
    remedy:
      'Start the agent with --resources that hold at least what is reserved, or bring back the disk that is missing. Once it runs, have the frameworks destroy and unreserve what is not wanted, and lower --resources then.',
  },
} as const satisfies Entries;
