import { ABORTS, alike, type Entries, REFUSES } from '../entry.ts';

/** Operations on the agent's resources, and their status updates. */
export const operations = {
  'operation-folder-invalid': {
    severity: alike('fatal'),
    title: 'The name of an operation folder is not a uuid',
    explanation:
      'The agent takes every name in its folder operations for the uuid of an operation. Something else is in there, put by hand or by a copy.',
    consequence: alike(REFUSES),
    remedy:
      'Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: move it out of meta. Nothing is lost by that.',
  },
  'operation-folder-unknown': {
    severity: alike('note'),
    title: 'The log of an operation that is no longer known',
    explanation:
      'No operation in the resource state has this uuid. The agent stopped after it had forgotten the operation and before it had deleted the folder.',
    consequence: alike(
      'The agent deletes the folder. Nothing is lost, if the resource state itself is whole; otherwise the updates of the operation that were not acknowledged are.',
    ),
    remedy: "Nothing. If the resource state is damaged, copy meta before the agent's first start.",
  },
  'operation-log-torn': {
    severity: alike('loss'),
    title: 'The end of operation.updates is cut short',
    explanation:
      'The log ends within a record: a crash or a full disk cut the last write short. A wrong length in the middle looks the same, and hides all records after it.',
    consequence: alike(
      'The agent truncates the log to the last whole record, without an error. An acknowledgement that is cut off has its update sent again; an update that is cut off is lost from the log.',
    ),
    remedy:
      "Copy meta before the agent's first start, because the truncation destroys the bytes. Restore a fuller log from a copy if there is one; otherwise nothing needs to be done.",
  },
  'operation-log-bad-record': {
    severity: { strict: 'fatal', nonStrict: 'counted' },
    title: 'A record of operation.updates does not parse',
    explanation:
      'The bytes of a record in the log are not a valid update or acknowledgement: a power loss, a bad sector or an edit by hand.',
    consequence: {
      strict:
        'The agent truncates the log before this record, then refuses to start; it starts at the second try. That record and everything after it are lost.',
      nonStrict: 'Counted once, and the log is truncated before this record: it and all records after it are lost.',
    },
    remedy:
      "Copy meta before the agent's first start, because the truncation destroys the records after it. Restore the log from a copy if there is one. Otherwise cut it at the record's offset (truncate -s OFFSET), which spares the refused start and loses no more.",
  },
  'operation-log-unopenable': {
    severity: { strict: 'fatal', nonStrict: 'counted' },
    title: 'operation.updates cannot be opened for writing',
    explanation:
      'The agent opens the log for reading and writing. That fails on a folder, a broken link, an immutable file or a read-only file system.',
    consequence: {
      strict: REFUSES,
      nonStrict: "Counted once; the operation's updates are not read, and those that are pending are not sent.",
    },
    remedy:
      'Make it writable: mount the file system for writing, or take the immutable flag off the file. If it is not a file, rename it (operation.updates.bad) and restore the log from a copy.',
  },
  'operation-log-empty': {
    severity: alike('note'),
    title: 'operation.updates holds no update',
    explanation: 'The log was made, and the agent stopped before the first update was in it.',
    consequence: alike("The agent deletes the log, and writes the operation's last status again. Nothing is lost."),
    remedy: 'Nothing.',
  },
  'operation-acknowledgement-unexpected': {
    severity: { strict: 'fatal', nonStrict: 'counted' },
    title: 'An acknowledgement without a pending update',
    explanation:
      'An acknowledgement in the log has no update before it that still needs one. An update before it was lost, or the record is there twice.',
    consequence: {
      strict: 'The agent refuses to start, and again at every start: the log is not changed. Nothing is lost yet.',
      nonStrict: "Counted once; the log is not recovered, and the operation's pending updates are not sent.",
    },
    remedy:
      "Restore the log from a copy. Otherwise copy it, and cut it at the record's offset (truncate -s OFFSET): the updates before it are kept.",
  },
  'operation-update-invalid': {
    severity: alike('fatal'),
    title: 'An operation update has no valid uuid',
    explanation:
      'A record of the log is an update, and the uuid of its status is missing or not 16 bytes with a known version. Its bytes were changed.',
    consequence: alike(ABORTS),
    remedy:
      "Restore the log from a copy. Otherwise copy it, and cut it at the record's offset (truncate -s OFFSET): this update and what comes after it are lost, for this operation only.",
  },
  'operation-pending-with-updates': {
    severity: alike('fatal'),
    title: 'A pending operation has updates',
    explanation:
      'The operation is pending in the resource state, and its log holds an update. The agent writes the outcome into the resource state first, so that state is an older copy, or its change was lost with power.',
    consequence: alike(ABORTS),
    remedy:
      "Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: restore meta/resources from a copy of the log's time. Without one, move the operation's folder out of meta: the agent then carries the operation out at its start, and sends a new update of it.",
  },
  'operation-invalid': {
    severity: alike('fatal'),
    title: 'The agent cannot take up an operation',
    explanation:
      "An operation in the resource state has no valid uuid, is of an unknown kind, has no resources, or belongs to a resource provider; the agent's own file never holds one like that. Its bytes were changed, or a later version wrote it.",
    consequence: alike(ABORTS),
    remedy:
      'Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: copy meta/resources, and rename the file that holds it (append .bad to its name). In place of resources_and_operations.state the agent falls back to resources.info, and only pending operations are lost. If a later version wrote it, start that one.',
  },
} as const satisfies Entries;
