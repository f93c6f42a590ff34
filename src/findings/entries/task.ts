import { alike, type Entries, REFUSES } from '../entry.ts';

const SKIPPED =
  'The task is skipped without an error: the agent forgets it, and its pending updates are not sent. Its executor is recovered.';

const RESTORE_INFO =
  "If the task still runs, restore task.info from a copy of this agent's meta before the agent's first start. Otherwise nothing needs to be done.";

const NO_UPDATES =
  'The task is kept as staging, without updates. If it had reported and the log was lost, the agent may report it as dropped or lost when its executor is back.';

const RESTORE_LOG =
  "Nothing, unless the task is known to have run: then restore the log from a copy before the agent's first start.";

/** Tasks and their status updates. */
export const task = {
  'task-info-missing': {
    severity: alike('loss'),
    title: 'task.info is missing',
    explanation:
      "task.info describes the task. The agent stopped between making the task's folder and writing the file, or it was deleted or not copied.",
    consequence: alike(SKIPPED),
    remedy: RESTORE_INFO,
  },
  'task-info-empty': {
    severity: alike('loss'),
    title: 'task.info is empty',
    explanation:
      'task.info describes the task, and has no bytes. The host lost power after the file was renamed into place and before its content was on disk.',
    consequence: alike(SKIPPED),
    remedy: RESTORE_INFO,
  },
  'task-info-damaged': {
    severity: { strict: 'fatal', nonStrict: 'counted' },
    title: 'task.info cannot be read or does not parse',
    explanation:
      'task.info describes the task. It is cut short, its bytes are not a valid record, or reading it fails: a power loss, a full disk, a bad sector or an edit by hand.',
    consequence: {
      strict: REFUSES,
      nonStrict:
        'Counted once, and the task is skipped: the agent forgets it, and its pending updates are not sent. Its executor is recovered.',
    },
    remedy:
      "Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: restore task.info from a copy of this agent's meta. Without a copy, rename it (task.info.bad): the agent then starts in strict mode and forgets this task, and no other.",
  },
  'task-updates-missing': {
    severity: alike('note'),
    title: 'task.updates is missing',
    explanation:
      'task.updates is the log of the status updates of the task and of their acknowledgements. A task that has not yet reported has none.',
    consequence: alike(NO_UPDATES),
    remedy: RESTORE_LOG,
  },
  'task-updates-empty': {
    severity: alike('note'),
    title: 'task.updates is empty',
    explanation:
      'task.updates, the log of status updates, has no bytes. The agent made it and stopped before it wrote the first update, or an earlier start has cut everything off.',
    consequence: alike(NO_UPDATES),
    remedy: RESTORE_LOG,
  },
  'task-updates-unopenable': {
    severity: { strict: 'fatal', nonStrict: 'counted' },
    title: 'task.updates cannot be opened for writing',
    explanation:
      'The agent opens the log for reading and writing. That fails on a folder, a broken link, an immutable file or a read-only file system.',
    consequence: {
      strict: REFUSES,
      nonStrict: 'Counted once; the task is kept, and its updates are not read: those that are pending are not sent.',
    },
    remedy:
      'Make it writable: mount the file system for writing, or take the immutable flag off the file. If it is not a file, rename it (task.updates.bad) and restore the log from a copy; without one the updates of this task are lost, and no others.',
  },
  'task-updates-torn': {
    severity: alike('loss'),
    title: 'The end of task.updates is cut short',
    explanation:
      'The log ends within a record: a crash or a full disk cut the last write short. A wrong length in the middle looks the same, and hides all records after it.',
    consequence: alike(
      'The agent truncates the log to the last whole record, without an error. An acknowledgement that is cut off has its update sent again; an update that is cut off is lost.',
    ),
    remedy:
      "Copy meta before the agent's first start, because the truncation destroys the bytes. Restore a fuller log from a copy if there is one: mesos-ckpt prune --salvage --from does that. Otherwise nothing needs to be done.",
  },
  'task-updates-bad-record': {
    severity: { strict: 'fatal', nonStrict: 'counted' },
    title: 'A record of task.updates does not parse',
    explanation:
      'The bytes of a record in the log are not a valid update or acknowledgement: a power loss, a bad sector or an edit by hand.',
    consequence: {
      strict:
        'The agent truncates the log before this record, then refuses to start; it starts at the second try. That record and everything after it are lost.',
      nonStrict: 'Counted once, and the log is truncated before this record: it and all records after it are lost.',
    },
    remedy:
      "Copy meta before the agent's first start, because the truncation destroys the records after it. Restore the log from a copy if there is one, with mesos-ckpt prune --salvage --from. Without a copy, mesos-ckpt prune --salvage cuts out the invalid bytes alone, and keeps what is whole after them.",
  },
  'task-updates-unreadable': {
    severity: { strict: 'fatal', nonStrict: 'counted' },
    title: 'Reading task.updates fails',
    explanation: 'The log can be opened, and a read in it fails: usually a bad sector.',
    consequence: {
      strict:
        'The agent truncates the log before the record that it could not read, then refuses to start; it starts at the second try. That record and everything after it are lost.',
      nonStrict:
        'Counted once, and the log is truncated before the record that could not be read: it and all records after it are lost.',
    },
    remedy:
      "Copy the work_dir to a good disk before the agent's first start, and restore this log from a copy if there is one. Expect more damage in other files.",
  },
  'acknowledgement-uuid-invalid': {
    severity: alike('fatal'),
    title: 'An acknowledgement has no valid uuid',
    explanation:
      'A record of the log is an acknowledgement, and its uuid is not 16 bytes with a known version. Its bytes were changed, or the type of a damaged record reads as an acknowledgement.',
    consequence: alike('The agent aborts while it reads, and again at every start. Nothing is lost yet.'),
    remedy:
      "Restore the log from a copy. Otherwise copy it, and cut it at the record's offset (truncate -s OFFSET): what comes after is lost, and an update whose acknowledgement is cut off is sent again.",
  },
  'update-uuid-invalid': {
    severity: alike('fatal'),
    title: 'A status update has no valid uuid',
    explanation:
      'A record of the log is a status update, and its uuid is missing or not 16 bytes with a known version. Its bytes were changed: an agent does not write such an update.',
    consequence: alike('The agent aborts when it replays the updates, and again at every start. Nothing is lost yet.'),
    remedy:
      "Restore the log from a copy. Otherwise copy it, and cut it at the record's offset (truncate -s OFFSET): this update and what comes after it are lost, for this task only.",
  },
  'acknowledgements-out-of-order': {
    severity: alike('loss'),
    title: 'An acknowledgement is not for the first pending update',
    explanation:
      'An update was acknowledged while one before it was not. The agent takes the first pending update off its queue for it, whichever that is.',
    consequence: alike(
      'Without an error an update that was acknowledged is sent again, and one that was not is never sent. No task is killed.',
    ),
    remedy:
      'Have the framework reconcile its tasks when the agent is back. Nothing needs to be done in the checkpoint.',
  },
  'updates-out-of-order': {
    severity: alike('note'),
    title: 'An update is older than the one before it',
    explanation:
      "The time of an update is earlier than that of the update before it in the log. Usually the host's clock was set back.",
    consequence: alike('The agent goes by the order of the log, not by time. Nothing is lost.'),
    remedy: "Nothing. Check the host's clock if it happens again.",
  },
} as const satisfies Entries;
