import { ABORTS, alike, type Entries, REFUSES } from '../entry.ts';

const SKIPPED =
  'The executor is skipped without an error: its tasks are forgotten, its container is destroyed if it still runs, and its folders are removed when --gc_delay (1 week) has passed.';

const RESTORE_INFO =
  "If the executor is live, restore executor.info from a copy of this agent's meta before the agent's first start. Otherwise nothing needs to be done.";

/** Executors, and which of their runs is the latest. */
export const executor = {
  'run-latest-missing': {
    severity: alike('loss'),
    title: 'runs/latest is missing',
    explanation:
      "The link that names the executor's current run is not there. The agent stopped between making the run and the link, or the link was deleted or left out of a copy.",
    consequence: alike(SKIPPED),
    remedy:
      "If the executor is live, recreate the link before the agent's first start: ln -sfn, to the absolute path of its newest run in runs; anything there that is not a link has to be moved out of meta first. Or let mesos-ckpt prune --salvage do it, if only one run can be meant. If the executor has ended, nothing needs to be done.",
  },
  'run-latest-dangling': {
    severity: alike('fatal'),
    title: 'runs/latest leads to nothing',
    explanation:
      "The link that names the executor's current run leads to a folder that is not there. The agent stopped while it removed an old executor, or the run was deleted or not restored.",
    consequence: alike(
      'The agent refuses to start, and again at every start. Since 1.12 it skips the executor instead, whose tasks are forgotten.',
    ),
    remedy:
      'If the current run is there, in runs, recreate the link to its absolute path. Or let mesos-ckpt prune --salvage do it, if only one run can be meant. Otherwise remove the link runs/latest: the agent then starts and skips this executor, which costs nothing that was not lost already.',
  },
  'run-latest-elsewhere': {
    severity: alike('fatal'),
    title: 'runs/latest leads outside the work_dir',
    explanation:
      "The agent's links are absolute, and this one leads out of the work_dir, while the run that it names is beside it. The work_dir was moved or restored to another path, and this link was not rebuilt.",
    consequence: alike(
      'If nothing is at that place any more, the agent refuses to start, and again at every start, which is what is predicted. Since 1.12 it skips the executor instead, whose tasks are forgotten. If the old work_dir is still there, the agent takes the name of the run, and goes on.',
    ),
    remedy:
      'Recreate the link, to the absolute path of the run beside it, and every other runs/latest likewise; or bring the work_dir back to the path that they name. If the tree is only read here, leave --work-dir out.',
  },
  'run-latest-unresolvable': {
    severity: alike('fatal'),
    title: 'runs/latest cannot be resolved',
    explanation:
      "The link that names the executor's current run cannot be followed to its end, because it leads back to itself or through something that is not a folder. Links are made so by hand, or by a restore.",
    consequence: alike(REFUSES),
    remedy:
      "Recreate the link, to the absolute path of the executor's newest run in runs. Or let mesos-ckpt prune --salvage do it, if only one run can be meant. Removing it instead costs this executor and its tasks.",
  },
  'run-latest-names-no-run': {
    severity: alike('fatal'),
    title: 'runs/latest names a run that is not there',
    explanation:
      'The link leads to a folder whose name is not a run of this executor, or latest is itself a folder. A copy or a restore has made it so, or pattern characters in an id hide the run.',
    consequence: alike(ABORTS),
    remedy:
      "Recreate the link, to the absolute path of the executor's newest run in runs. Or let mesos-ckpt prune --salvage do it, if only one run can be meant. If there is none, move latest out of meta: the agent then starts and skips this executor, which costs its tasks and no others.",
  },
  'executor-info-missing': {
    severity: alike('loss'),
    title: 'executor.info is missing',
    explanation:
      "executor.info describes the executor. The agent stopped between making the executor's folder and writing the file, or it was deleted or not copied.",
    consequence: alike(SKIPPED),
    remedy: RESTORE_INFO,
  },
  'executor-info-empty': {
    severity: alike('loss'),
    title: 'executor.info is empty',
    explanation:
      'executor.info describes the executor, and has no bytes. The host lost power after the file was renamed into place and before its content was on disk.',
    consequence: alike(SKIPPED),
    remedy: RESTORE_INFO,
  },
  'executor-info-damaged': {
    severity: { strict: 'fatal', nonStrict: 'counted' },
    title: 'executor.info cannot be read or does not parse',
    explanation:
      'executor.info describes the executor. It is cut short, its bytes are not a valid record, or reading it fails: a power loss, a full disk, a bad sector or an edit by hand.',
    consequence: {
      strict: REFUSES,
      nonStrict:
        'Counted once, and the executor is skipped: its tasks are forgotten and its container is destroyed if it still runs.',
    },
    remedy:
      "Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: restore executor.info from a copy of this agent's meta. Without a copy, move the executor's folder out of meta, or just rename the file (executor.info.bad): the agent then starts in strict mode and loses this executor with its tasks, and no other.",
  },
  'generated-marker-missing': {
    severity: alike('note'),
    title: 'executor_generated_for_command_task is missing',
    explanation:
      'The file says whether the agent made the executor itself, for a command task. Agents before 1.7.3, and 1.8.x and 1.9.x, do not write it.',
    consequence: alike("The agent guesses it from the executor's command and name. Nothing is lost."),
    remedy: 'Nothing.',
  },
  'generated-marker-unreadable': {
    severity: alike('fatal'),
    title: 'executor_generated_for_command_task cannot be read',
    explanation:
      'The file says whether the agent made the executor itself, for a command task. Reading it fails: it is a folder, a broken link, or on a bad disk.',
    consequence: alike(REFUSES),
    remedy:
      "Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: rename it (append .bad to its name): the agent then starts and guesses from the executor's command and name. That costs no task.",
  },
  'generated-marker-malformed': {
    severity: alike('fatal'),
    title: 'executor_generated_for_command_task is not a number',
    explanation:
      'The file says whether the agent made the executor itself, for a command task, with 1 or 0 and nothing else. It is empty after a power loss, or an editor has added a newline.',
    consequence: alike(REFUSES),
    remedy:
      "Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: write 1 for an executor that the agent made for a command task, 0 for any other, without a newline (printf 0). Or rename the file: the agent then guesses from the executor's command and name. Neither costs a task.",
  },
  'connection-unknown': {
    severity: alike('loss'),
    title: 'How to reach the executor is not known',
    explanation:
      'The latest run has not ended, and has no forked.pid, or neither libprocess.pid nor http.marker. The agent stopped before the executor had registered, or the files were lost.',
    consequence: alike(
      'The agent starts and cannot reconnect to the executor: it is shut down when --executor_reregistration_timeout (2 seconds) has passed, and its tasks end with it.',
    ),
    remedy:
      "Before the agent's first start, restore forked.pid, and libprocess.pid or http.marker, from a copy. An empty http.marker in the run's folder is right for an executor that uses HTTP. If the executor never registered, nothing needs to be done.",
  },
  'rewritten-id-invalid': {
    severity: alike('fatal'),
    title: 'An id that the agent writes again is not valid',
    explanation:
      'The resources in executor.info have no allocation, as an agent before 1.4 wrote them. The agent adds it, and writes the file again below the ids that slave.info, framework.info and executor.info hold. One of them, or the name of the run, is empty, too long, or holds a slash or a control character: its bytes were changed.',
    consequence: alike(ABORTS),
    remedy:
      "Restore the info file that is named from a copy of this agent's meta. Without a copy, rename executor.info (executor.info.bad): the agent then forgets this executor, and no other. A wrong id in slave.info concerns every executor of the agent: without a copy, mesos-ckpt prune --salvage --allow-suspect rebuilds that file from the agent's flags.",
  },
} as const satisfies Entries;
