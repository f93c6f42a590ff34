import { ABORTS, alike, type Entries, REFUSES } from '../entry.ts';

const SHUT_DOWN =
  'libprocess.pid and http.marker are not looked at, without an error: the agent cannot reconnect to the executor, and shuts it down. Its tasks end with it.';

const WRITE_PID =
  "Nothing, if the container no longer runs. Else, before the agent's first start, write the pid as decimal digits without a newline (printf); the Mesos containerizer keeps it in containers/<container>/pid of its --runtime_dir (/var/run/mesos).";

/** Runs of an executor: pids and containers. */
export const run = {
  'forked-pid-missing': {
    severity: alike('loss'),
    title: 'forked.pid of a live run is missing',
    explanation:
      "forked.pid holds the pid of the container's first process. The agent stopped before it was written, removed it after a reboot, or it was deleted or not copied.",
    consequence: alike(SHUT_DOWN),
    remedy: WRITE_PID,
  },
  'forked-pid-empty': {
    severity: alike('loss'),
    title: 'forked.pid is empty',
    explanation:
      "forked.pid holds the pid of the container's first process, and has no bytes. The host lost power or had a full disk before they were on disk.",
    consequence: alike(SHUT_DOWN),
    remedy: WRITE_PID,
  },
  'forked-pid-unreadable': {
    severity: { strict: 'fatal', nonStrict: 'counted' },
    title: 'forked.pid cannot be read',
    explanation:
      "forked.pid holds the pid of the container's first process. Reading it fails: it is a folder, a broken link, or on a bad disk.",
    consequence: {
      strict: REFUSES,
      nonStrict:
        'Counted once; the agent cannot reconnect to the executor of a live run, and shuts it down. Its tasks end with it.',
    },
    remedy:
      'Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: rename it (forked.pid.bad) and write a new one in its place, with the pid as decimal digits and no newline. Without the new file the agent starts too, and shuts this executor down.',
  },
  'forked-pid-malformed': {
    severity: alike('fatal'),
    title: 'forked.pid is not a number',
    explanation:
      'forked.pid should hold decimal digits and nothing else. An editor has added a newline or a blank, or a power loss has left other bytes.',
    consequence: alike(REFUSES),
    remedy:
      'Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: write the number again without a newline or blank (printf 1234). If it is not known, rename the file (forked.pid.bad): the agent then starts and shuts this executor down, which costs its tasks and no others.',
  },
  'forked-pid-unremovable': {
    severity: alike('fatal'),
    title: 'forked.pid cannot be removed after the reboot',
    explanation:
      'After a reboot the agent removes forked.pid from every run. Here it is a folder with something in it, which cannot be removed like a file.',
    consequence: alike(REFUSES),
    remedy:
      'Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: rename it (forked.pid.bad). The pid is useless after a reboot, and nothing is lost.',
  },
  'libprocess-pid-empty': {
    severity: alike('loss'),
    title: 'libprocess.pid is empty',
    explanation:
      'libprocess.pid holds the address of the executor, and has no bytes. The host lost power or had a full disk before they were on disk.',
    consequence: alike(
      'Without an error the agent does not know how to reach the executor. It is shut down when --executor_reregistration_timeout (2 seconds) has passed, and its tasks end with it.',
    ),
    remedy:
      "Before the agent's first start, restore libprocess.pid from a copy, or write the address as id@ip:port without a newline if it is known. For an executor that uses HTTP, rename the file (libprocess.pid.bad) and make an empty http.marker in the run's folder.",
  },
  'libprocess-pid-unreadable': {
    severity: { strict: 'fatal', nonStrict: 'counted' },
    title: 'libprocess.pid cannot be read',
    explanation:
      'libprocess.pid holds the address of the executor. Reading it fails: it is a folder, a broken link, or on a bad disk.',
    consequence: {
      strict: REFUSES,
      nonStrict:
        'Counted once; the agent does not know how to reach the executor of a live run, and shuts it down. Its tasks end with it.',
    },
    remedy:
      'Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: rename it (libprocess.pid.bad), and restore it from a copy or write the address as id@ip:port without a newline. Without the new file the agent starts too, and shuts this executor down.',
  },
  'libprocess-pid-malformed': {
    severity: alike('loss'),
    title: 'libprocess.pid is not a libprocess pid',
    explanation:
      'libprocess.pid should read id@ip:port, with an IPv4 address. An edit by hand or damaged bytes have made it something else.',
    consequence: alike(
      'Without an error it is not a usable pid: the agent cannot reach the executor, and kills it when --executor_reregistration_timeout (2 seconds) has passed. Its tasks end with it.',
    ),
    remedy:
      "Before the agent's first start, restore it from a copy, or write the address as id@ip:port without a newline. The agent's log may show it, where the executor registered.",
  },
  'sandbox-missing': {
    severity: alike('fatal'),
    title: 'The sandbox of a live run is missing',
    explanation:
      'A run that has not ended, with the Mesos containerizer, has no sandbox folder in the work_dir. It was deleted to free space, only meta was restored, or its volume is not mounted.',
    consequence: alike('The agent aborts, and again at every start. Nothing of the checkpoint is lost.'),
    remedy:
      "Mount or restore the sandbox. If its content is gone, make the empty folder (mkdir -p), owned by the task's user: the agent then starts, and the executor survives without its files.",
  },
  'duplicate-forked-pid': {
    severity: alike('fatal'),
    title: 'Two live runs have the same forked.pid',
    explanation:
      'Two runs that have not ended name the same process. One of them is over and its pid was given out again, or a folder was copied.',
    consequence: alike(
      'With the POSIX launcher (--launcher=posix, or an agent that does not run as root) the agent refuses to start, and again at every start. The Linux launcher, which an agent takes that runs as root, does not mind: the finding is then a note.',
    ),
    remedy:
      "Find out whose process it is, and rename the other run's file (forked.pid.bad): the agent then starts and shuts that executor down. If a folder was copied, move the copy out of meta instead.",
  },
  'task-executor-mismatch': {
    severity: alike('fatal'),
    title: 'A task names another executor',
    explanation:
      'A task of a default executor (of type DEFAULT) says that it belongs to another executor than the one it is in. The file was copied or restored to the wrong place, or its bytes were changed.',
    consequence: alike(ABORTS),
    remedy:
      "Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: restore task.info from a copy of this agent's meta. Without one, rename it (task.info.bad): the agent then starts and skips this task, and no other.",
  },
  'task-id-mismatch': {
    severity: alike('fatal'),
    title: 'A completed task has the id of another',
    explanation:
      "The id in task.info differs from the folder's name, and the task's terminal update was acknowledged. The file was copied or restored to the wrong place, or its bytes were changed.",
    consequence: alike(ABORTS),
    remedy:
      "Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: move the task's folder out of meta: the task is over and the framework knows it, so nothing is lost. Or restore task.info from a copy.",
  },
} as const satisfies Entries;
