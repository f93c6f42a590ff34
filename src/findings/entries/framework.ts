import { ABORTS, alike, type Entries, REFUSES } from '../entry.ts';

const SKIPPED =
  'The framework and all below it are skipped without an error: its tasks are forgotten, its containers destroyed, and its folders removed when --gc_delay (1 week) has passed.';

const RESTORE_INFO =
  "If the framework has live executors, restore framework.info from a copy of this agent's meta before the agent's first start; without a copy, mesos-ckpt prune --salvage --allow-suspect rebuilds it from what its executors say. Otherwise nothing needs to be done.";

const EXECUTORS_NOT_READ =
  "The framework's executors are not read, without an error: its tasks are forgotten, its containers destroyed, and its folders removed when --gc_delay (1 week) has passed.";

const RESTORE_PID =
  "Before the agent's first start, restore framework.pid, or write @0.0.0.0:0 into it, without a newline. With that the agent takes the framework for one that uses HTTP, and keeps its executors. Or let mesos-ckpt prune --salvage do it.";

/** Frameworks. */
export const framework = {
  'framework-info-missing': {
    severity: alike('loss'),
    title: 'framework.info is missing',
    explanation:
      "framework.info describes the framework. The agent stopped between making the framework's folder and writing the file, or it was deleted or not copied.",
    consequence: alike(SKIPPED),
    remedy: RESTORE_INFO,
  },
  'framework-info-empty': {
    severity: alike('loss'),
    title: 'framework.info is empty',
    explanation:
      'framework.info describes the framework, and has no bytes. The host lost power after the file was renamed into place and before its content was on disk.',
    consequence: alike(SKIPPED),
    remedy: RESTORE_INFO,
  },
  'framework-info-damaged': {
    severity: { strict: 'fatal', nonStrict: 'counted' },
    title: 'framework.info cannot be read or does not parse',
    explanation:
      'framework.info describes the framework. It is cut short, its bytes are not a valid record, or reading it fails: a power loss, a full disk, a bad sector or an edit by hand.',
    consequence: {
      strict: REFUSES,
      nonStrict:
        'Counted once, and the framework and all below it are skipped: its tasks are forgotten and its containers destroyed.',
    },
    remedy:
      "Restore framework.info from a copy of this agent's meta. Without a copy, mesos-ckpt prune --salvage --allow-suspect rebuilds it from what its executors say. Otherwise rename it (framework.info.bad): the agent then starts in strict mode and skips this framework, which costs its tasks and no others.",
  },
  'framework-pid-missing': {
    severity: alike('loss'),
    title: 'framework.pid is missing',
    explanation:
      "framework.pid holds the address of the framework's scheduler. The agent stopped between writing framework.info and this file, or it was deleted or not copied.",
    consequence: alike(EXECUTORS_NOT_READ),
    remedy: RESTORE_PID,
  },
  'framework-pid-empty': {
    severity: alike('loss'),
    title: 'framework.pid is empty',
    explanation:
      "framework.pid holds the address of the framework's scheduler, and has no bytes. The host lost power after the file was renamed into place and before its content was on disk.",
    consequence: alike(EXECUTORS_NOT_READ),
    remedy: RESTORE_PID,
  },
  'framework-pid-unreadable': {
    severity: { strict: 'fatal', nonStrict: 'counted' },
    title: 'framework.pid cannot be read',
    explanation:
      "framework.pid holds the address of the framework's scheduler. Reading it fails: it is a folder, a broken link, or on a bad disk.",
    consequence: {
      strict: REFUSES,
      nonStrict:
        "Counted once, and the framework's executors are not read: its tasks are forgotten and its containers destroyed.",
    },
    remedy:
      'Rename it (framework.pid.bad) and write a new framework.pid in its place, with @0.0.0.0:0 and no newline if the address is not known. Without the new file the framework loses its executors. Or let mesos-ckpt prune --salvage do it.',
  },
  'framework-pid-malformed': {
    severity: alike('loss'),
    title: 'framework.pid is not a libprocess pid',
    explanation:
      'framework.pid should read id@ip:port, with an IPv4 address. An edit by hand or damaged bytes have made it something else.',
    consequence: alike(
      'Without an error the agent takes the framework for one that uses HTTP, or for one that it cannot reach. Its executors are recovered; their messages to the scheduler may be lost until it registers again.',
    ),
    remedy:
      "Write the scheduler's address as id@ip:port, or @0.0.0.0:0 for a framework that uses HTTP, both without a newline. Nothing else depends on it.",
  },
  'pid-host-name': {
    severity: alike('note'),
    title: 'A pid holds a host name',
    explanation: 'A libprocess pid should hold an IPv4 address, and this one holds a name. No agent writes it so.',
    consequence: alike(
      'The agent asks DNS at its start, and the answer decides whether the pid can be used. Here it was assumed that the name is not known.',
    ),
    remedy: "Replace the name by the address, without a newline, so that the agent's start does not depend on DNS.",
  },
  'framework-without-id': {
    severity: alike('note'),
    title: 'framework.info has no id',
    explanation: 'The id of the framework is not in its framework.info. Agents up to 0.22 wrote it so.',
    consequence: alike("The agent takes the id from the folder's name and writes the file again. Nothing is lost."),
    remedy: 'Nothing.',
  },
  'framework-id-taken': {
    severity: alike('fatal'),
    title: 'framework.info holds the id of another framework',
    explanation:
      'The file names another framework that is here as well: it was copied or restored to the wrong folder, or its bytes were changed. The agent knows frameworks by the ids in their files, and checks that it does not already know the one whose folder it reads.',
    consequence: alike(
      'The agent aborts, and again at every start, or forgets one of the two frameworks with all its tasks: that depends on the order in which it reads them, which the files do not show.',
    ),
    remedy:
      "Restore this framework.info from a copy of meta, or take the framework.info of the same framework from another agent. If you have neither, rename the file (framework.info.bad) before the agent's next start: this framework's tasks are lost then, and the other's are kept.",
  },
  'framework-not-checkpointing': {
    severity: alike('fatal'),
    title: 'The framework does not checkpoint',
    explanation:
      'framework.info says that the framework has checkpointing off, and it has executors here. An agent writes only frameworks that have it on: the file is damaged or comes from elsewhere.',
    consequence: alike(ABORTS),
    remedy:
      "Restore framework.info from a copy of this agent's meta. Without a copy, mesos-ckpt prune --salvage --allow-suspect rebuilds it from what its executors say. Otherwise rename it (framework.info.bad): the agent then starts and skips this framework, which costs its tasks and no others.",
  },
  'framework-without-executors': {
    severity: alike('note'),
    title: 'The framework has no executors',
    explanation: 'No executor of the framework was there to read. Usually all of them have ended and were removed.',
    consequence: alike(
      'The framework is not recovered; its meta folder and sandboxes are removed when --gc_delay (1 week) has passed.',
    ),
    remedy: 'Nothing.',
  },
  'framework-removed': {
    severity: alike('loss'),
    title: 'None of the executors of the framework is left',
    explanation:
      'The framework has executors in the checkpoint, and all of them were skipped or had ended. For those that were skipped, the reason is a finding on its own.',
    consequence: alike(
      'The agent removes the framework at once. If the agent is draining and this is the first framework that it looks at, drain.config is deleted with it, too early.',
    ),
    remedy:
      'Repair what made the agent skip executors, if they still run. If the agent was being drained, check afterwards that it still is.',
  },
  'unallocated-resources': {
    severity: alike('fatal'),
    title: 'Resources without a role in a multi-role framework',
    explanation:
      "Resources of an executor or a task do not say to which role they are allocated, and the framework has other than one role. The agent gives them the framework's role only where there is just one.",
    consequence: alike(ABORTS),
    remedy:
      'If there is a copy of framework.info from when the framework had this one role, restore it. Otherwise rename the task.info, or the executor.info, that holds the resources (task.info.bad): the agent then skips this task, or this executor with its tasks.',
  },
} as const satisfies Entries;
