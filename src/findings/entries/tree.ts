import { alike, type Entries, HANGS } from '../entry.ts';

/** Links, names and files of any kind. */
export const tree = {
  'meta-missing': {
    severity: alike('fatal'),
    newAgent: 'in either mode',
    title: 'There is no meta folder',
    explanation:
      'The agent keeps its checkpoint in the folder meta of its work_dir, and this folder has none. It is another folder, its volume is not mounted, or no agent has run here yet.',
    consequence: alike(
      'To the agent there is nothing to recover: it starts as a new agent. If tasks were running, they are forgotten and their containers destroyed.',
    ),
    remedy:
      "Check that this is the agent's work_dir (its --work_dir, or MESOS_WORK_DIR in its environment) and that its volume is mounted. If meta was moved away, put it back before the agent's first start.",
  },
  'agent-latest-missing': {
    severity: alike('fatal'),
    newAgent: 'in either mode',
    title: 'slaves/latest is missing',
    explanation:
      'The link that names the current agent is not there. It was removed by hand or left out of a copy, or the agent removed it when it found itself with other resources or attributes after a reboot.',
    consequence: alike(
      'The agent starts as a new agent, and every task of the agents under slaves is forgotten and its container destroyed. Reservations and persistent volumes are kept.',
    ),
    remedy:
      "If tasks are to survive, recreate the link before the agent's first start: ln -sfn, to the absolute path that the agent's folder in meta/slaves has on its host. Or let mesos-ckpt prune --salvage do it, with the only agent there, or the one that --agent names. If it was removed on purpose, or by the agent after a reboot, nothing needs to be done.",
  },
  'agent-latest-dangling': {
    severity: alike('fatal'),
    title: 'slaves/latest leads to nothing',
    explanation:
      'The link that names the current agent leads to a folder that is not there: it was deleted, or not restored with the rest. The link is absolute, so moving the work_dir breaks it too.',
    consequence: alike(
      'The agent refuses to start, and again at every start. Executors end themselves when they have waited for it longer than its --recovery_timeout (15 minutes).',
    ),
    remedy:
      "If the agent's folder is in meta/slaves, recreate the link to its absolute path. Or let mesos-ckpt prune --salvage do it, with the only agent there, or the one that --agent names. Otherwise bring the folder back from a copy of meta, or the work_dir to the place that the link names. Only if there is nothing to bring back, remove the link: the agent then starts as a new one, which costs every task on the host.",
  },
  'agent-latest-unresolvable': {
    severity: alike('fatal'),
    title: 'slaves/latest cannot be resolved',
    explanation:
      'The link that names the current agent cannot be followed to its end, because it leads back to itself or through something that is not a folder. Links are made so by hand, or by a restore.',
    consequence: alike('The agent refuses to start, and again at every start. Nothing of the checkpoint is lost.'),
    remedy:
      "Recreate the link, to the absolute path of the agent's folder in meta/slaves. Or let mesos-ckpt prune --salvage do it, with the only agent there, or the one that --agent names.",
  },
  'latest-no-link': {
    severity: alike('note'),
    title: 'latest is a file or folder, not a link',
    explanation:
      'The agent makes latest as a link to an id. Here it is a file or a folder, as after a copy that followed links.',
    consequence: alike(
      'The agent takes the word latest for the id of the agent or of the run. What follows from that is reported on its own.',
    ),
    remedy:
      'Move it out of meta, and make a link of that name to the absolute path of the folder that it is a copy of.',
  },
  'agent-latest-elsewhere': {
    severity: alike('fatal'),
    title: 'slaves/latest leads outside the work_dir',
    explanation:
      "The agent's links are absolute, and this one leads out of the work_dir, while the folder that it names is beside it. The work_dir was moved or restored to another path, or --work-dir is not the place that the agent is given.",
    consequence: alike(
      'If nothing is at that place any more, the agent refuses to start, and again at every start, which is what is predicted. If the old work_dir is still there, the agent takes the name of its folder, and starts.',
    ),
    remedy:
      'Recreate the link, to the absolute path of the folder beside it, and the runs/latest links likewise; or bring the work_dir back to the path that they name. If the tree is only read here, leave --work-dir out: the links then say where it is.',
  },
  'link-leaves-tree': {
    severity: alike('note'),
    title: 'A link leads out of the tree',
    explanation: 'A link leads to a place outside of the folder that was given. It was not followed.',
    consequence: alike(
      'The agent follows it. Here the worse case was assumed: that a latest link leads to something other than what is here, and a file to nothing.',
    ),
    remedy:
      'Look at what the link leads to on the host itself. If the tree is spread over several folders, run mesos-ckpt verify on the folder that holds them all.',
  },
  'place-assumed': {
    severity: alike('note'),
    title: 'The tree is not where its links say, on its own host',
    explanation:
      'The tree is read on the host of its agent, because it holds the id of this boot, but at another path than its links name. It is a copy, or the work_dir was moved.',
    consequence: alike(
      'All is predicted for the place that the links name. If the work_dir was moved here, that is not what happens: its links lead nowhere, and an agent that is given the new place refuses to start, unless the old one is still there.',
    ),
    remedy:
      'Nothing, if it is a copy. If the work_dir was moved here, run mesos-ckpt verify again with --work-dir and the place where it is now: it tells what the agent does there, and how the links are rebuilt.',
  },
  'other-agent': {
    severity: alike('note'),
    title: 'The folder of another agent',
    explanation:
      'A folder under slaves is not the one that latest names: this host was another agent before, and got a new id.',
    consequence: alike(
      'The agent does not recover it, and schedules it for removal when --gc_delay (1 week) has passed.',
    ),
    remedy: 'Nothing. Copy the folder if it is still wanted, for a post-mortem for example.',
  },
  vanished: {
    severity: alike('note'),
    title: 'A file vanished while the tree was read',
    explanation: 'A file was there when its folder was listed, and was gone when it was opened: the tree is in use.',
    consequence: alike(
      'No effect by itself, but what was read may mix an earlier and a later state of the checkpoint.',
    ),
    remedy: 'Run it again, with the agent stopped if you need to rely on the result.',
  },
  'unknown-entry': {
    severity: alike('note'),
    title: 'A name that no agent writes',
    explanation:
      'A file or folder has a name that is not part of a checkpoint. It was put there by hand or by another program.',
    consequence: alike('The agent does not look at it.'),
    remedy: 'Nothing. If it is something that was renamed by hand, such as an older copy of a file, it may be useful.',
  },
  'temporary-file': {
    severity: alike('note'),
    title: 'A temporary file was left behind',
    explanation:
      'The agent writes a file under a name of six random characters and renames it. This one was never renamed: a crash or a full disk cut the write short.',
    consequence: alike('The agent does not look at it. What it was about to write may be missing from the checkpoint.'),
    remedy:
      'Nothing is needed. If a file beside it is damaged or missing, look at this one first, because it may hold that content.',
  },
  'hidden-entry': {
    severity: alike('loss'),
    title: 'A folder whose name begins with a dot is not seen',
    explanation:
      'The agent lists frameworks, executors, runs and tasks without the names that begin with a dot. Such a folder is there because it was renamed by hand, or because a framework chose such an id.',
    consequence: alike(
      'The agent does not see the folder, and it and everything below are forgotten without an error. Containers of a framework, executor or run that is hidden so are destroyed.',
    ),
    remedy:
      'If it was renamed by hand, and should be recovered, give it its name back; otherwise move it out of meta. If the id itself begins with a dot, let its tasks end before the agent stops: no version recovers them.',
  },
  'glob-characters': {
    severity: alike('loss'),
    title: 'Pattern characters in an id hide what is below it',
    explanation:
      "The agent lists a folder by a pattern that holds the folder's own path. An id with one of * ? [ ] or a backslash becomes part of the pattern, which may then match nothing, or the folders of a sibling.",
    consequence: alike(
      'The agent may not see the executors, runs or tasks below. What it does not see is forgotten without an error, and containers of executors that it does not see whole are destroyed.',
    ),
    remedy:
      'Nothing can be done in the checkpoint: the name of the folder is the id. Let the tasks end before the agent stops, and have the framework choose other ids.',
  },
  'glob-characters-above': {
    severity: alike('loss'),
    title: "Pattern characters in the work_dir's path hide everything",
    explanation:
      'The agent lists folders by patterns that begin with the path of its work_dir and its own id. One of * ? [ ] or a backslash in them becomes part of every pattern, which may then match nothing at all.',
    consequence: alike(
      'The agent starts under its own id and sees no framework, executor, task or operation. All of them are forgotten without an error, and their containers destroyed.',
    ),
    remedy:
      "If the work_dir's path has such a character, bring it to a path without one before the agent's next start: stop the agent, move the folder, and make slaves/latest and every runs/latest again with the new path. If it is the agent's id, nothing can be done in the checkpoint: let the tasks end before the agent stops.",
  },
  'foreign-id': {
    severity: alike('loss'),
    title: "An id in a file differs from its folder's name",
    explanation:
      'A file names another agent, framework, executor or task than the folder that it is in. It was copied or restored to the wrong place, or its bytes were changed.',
    consequence: alike(
      "The agent does not compare them: folders are found by their names, and messages go out with the file's id. Executors whose own id or framework's id is another in the file are shut down when they come back. An agent of another id takes its own folders for an old agent's and deletes them after --gc_delay (1 week), and no master knows an agent without an id. Where it aborts, it is reported on its own.",
    ),
    remedy:
      "Find out which of the two is right: as a rule it is the folder's name. Restore the file from a copy before the agent's first start.",
  },
  'zero-filled-file': {
    severity: alike('note'),
    title: 'The file is full of zeros',
    explanation:
      'Every byte of the file is zero. Its length reached the disk and its content did not: the agent renames files without fsync, and the host lost power.',
    consequence: alike(
      'To the agent, zeros are a record of length 0: an empty message, or an error where a field is required. What follows is reported on its own.',
    ),
    remedy:
      'Restore the file from a copy if there is one. Expect more damage in files that were written in the same seconds.',
  },
  'fifo-in-place': {
    severity: alike('fatal'),
    title: 'A FIFO is where a file should be',
    explanation:
      'The agent makes no FIFO: it was made by hand, or a link leads to one. To open a FIFO for reading waits until a process opens it for writing, and none does. A log is opened for writing, too, which does not wait; but the agent goes to a place in it, and a FIFO has none.',
    consequence: alike(
      `Where it is a log, the agent refuses to start; non-strict, one of an operation is only counted. Where it is another file, it waits for ever. ${HANGS}`,
    ),
    remedy:
      'Stop the agent if it hangs already. Move the FIFO out of meta, and restore the file from a copy of the checkpoint; without a copy it is to the agent as if the file were missing.',
  },
  'record-oversized': {
    severity: alike('fatal'),
    title: 'A record of 2 GiB or more',
    explanation:
      "The length of a record says 2 GiB or more, and the file is as long as that. Protobuf messages cannot be: the length's bytes were changed, and the file was filled up.",
    consequence: alike('The agent aborts when it reads the file, and again at every start. Nothing is lost yet.'),
    remedy:
      "Restore the file from a copy of meta. Without one, cut a log at the record's offset (truncate -s OFFSET), or rename any other file, which costs what it costs when the file is missing.",
  },
  'trailing-bytes': {
    severity: alike('note'),
    title: 'Bytes after the record',
    explanation:
      'The file should hold one record, and has more bytes after it. An editor or a copy added them, or the length of the record is too small.',
    consequence: alike('The agent reads the first record and does not look at the rest.'),
    remedy: 'Nothing is needed if the record itself is complete: mesos-ckpt inspect shows what is in it.',
  },
  'archive-member-replaced': {
    severity: alike('note'),
    title: 'A member of the archive replaces another',
    explanation:
      'The archive has a name more than once: something was added to it (tar -r, tar -u), or the tree changed while it was packed.',
    consequence: alike(
      'What is judged is what GNU tar leaves when it unpacks the archive: the last member of a name, and the first of absolute links.',
    ),
    remedy:
      'List the members of the name with tar -tvf. If an earlier one is meant, unpack it with tar -x --occurrence=1, and give the folder.',
  },
  'archive-member-left-out': {
    severity: alike('loss'),
    title: 'A member of the archive cannot be unpacked',
    explanation:
      'The archive contradicts itself about one path: a file where there is a folder with something in it, something below a file or below a link that leads elsewhere, or a hard link to a file that is not there. GNU tar prints an error and goes on, but says nothing of a second absolute link.',
    consequence: alike(
      'The member is not in the tree that the archive is unpacked to, and was not judged: an agent that is given that tree does not see it.',
    ),
    remedy:
      'Pack the tree again while the agent is stopped, in one run of tar. Without the host, unpack the member alone into another folder, and compare the two.',
  },
  'sandboxes-not-seen': {
    severity: alike('note'),
    title: 'The tree holds no sandboxes',
    explanation:
      'The sandboxes are in the folder slaves of the work_dir, beside meta. Only meta is here, as in a copy of it.',
    consequence: alike(
      'Whether every live run has its sandbox was not judged. With the Mesos containerizer, the agent aborts if one is missing.',
    ),
    remedy: 'Run mesos-ckpt verify on the whole work_dir, on the host of the agent.',
  },
} as const satisfies Entries;
