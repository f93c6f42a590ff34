import { ABORTS, alike, type Entries, REFUSES } from '../entry.ts';

const NEW_AGENT =
  'Nothing below is read, in strict mode too: the agent starts as a new agent, every task is forgotten and every container destroyed. Reservations and persistent volumes are kept.';

const RESTORE_INFO =
  "Restore slave.info of this agent from a copy of meta before the agent's first start. Without a copy, mesos-ckpt prune --salvage --allow-suspect rebuilds it from the agent's flags. Where that is not possible either, have what matters placed on other agents first.";

/** The agent's own files. */
export const agent = {
  'agent-info-missing': {
    severity: alike('fatal'),
    newAgent: 'in either mode',
    title: 'slave.info is missing',
    explanation:
      'slave.info holds the id and the description of the agent. It is missing because the agent stopped before it had registered, or because it was deleted or not copied.',
    consequence: alike(NEW_AGENT),
    remedy: RESTORE_INFO,
  },
  'agent-info-empty': {
    severity: alike('fatal'),
    newAgent: 'in either mode',
    title: 'slave.info is empty',
    explanation:
      'slave.info holds the id and the description of the agent, and has no bytes. The host lost power after the file was renamed into place and before its content was on disk.',
    consequence: alike(NEW_AGENT),
    remedy: RESTORE_INFO,
  },
  'agent-info-damaged': {
    severity: alike('fatal'),
    newAgent: 'non-strict',
    title: 'slave.info cannot be read or does not parse',
    explanation:
      'slave.info holds the id and the description of the agent. It is cut short, its bytes are not a valid record, or reading it fails: a power loss, a full disk, a bad sector or an edit by hand.',
    consequence: {
      strict: REFUSES,
      nonStrict:
        'The error is logged (slave/recovery_errors does not show it), and the agent starts as a new agent: every task is forgotten and every container destroyed. Reservations and persistent volumes are kept.',
    },
    remedy:
      "Restore slave.info of this agent from a copy of meta. Without a copy, mesos-ckpt prune --salvage --allow-suspect rebuilds it from the agent's flags. Do not start with --no-strict: that costs every task on the host, just as removing slaves/latest does, which is the last resort.",
  },
  'agent-info-changed': {
    severity: alike('fatal'),
    title: 'The agent that starts has another info',
    explanation:
      'From its flags and its host the agent builds its info (hostname, port, resources, attributes, domain), and compares it with slave.info: --reconfiguration_policy allows no difference (equal), or additions alone (additive, from 1.5.0 on). A flag was changed, a disk or the memory is smaller than it was, or the host has another name. It is found where the flags are known: behind --, by --root, or on the host itself.',
    consequence: alike(
      'The agent refuses to start, and again at every start. Nothing is lost yet. After a reboot it starts as a new agent instead: every task is forgotten, while reservations and persistent volumes are kept.',
    ),
    remedy:
      'Start the agent with the flags that it had: mesos-ckpt preflight names them. Where they cannot be kept, mesos-ckpt prune --adopt --allow-suspect changes slave.info so that the agent goes on with its id and its tasks, and says what follows from it.',
  },
  'agent-attribute-unsupported': {
    severity: alike('fatal'),
    title: 'An attribute of the agent is a set',
    explanation:
      'slave.info holds an attribute of type SET, which --attributes cannot give: its bytes were changed. The agent cannot compare such an attribute with its flags.',
    consequence: alike(ABORTS),
    remedy:
      "Restore slave.info of this agent from a copy of meta. Without a copy, mesos-ckpt prune --salvage --allow-suspect rebuilds it from the agent's flags.",
  },
  'drain-config-empty': {
    severity: alike('loss'),
    title: 'drain.config is empty',
    explanation:
      'drain.config says that the agent is being drained, until when and with what grace. It has no bytes: the host lost power before they were on disk.',
    consequence: alike('Without an error the agent forgets that it is draining: it keeps its tasks. No task is lost.'),
    remedy: 'If the agent is still to be drained, drain it again when it has registered.',
  },
  'drain-config-damaged': {
    severity: alike('counted'),
    title: 'drain.config cannot be read or does not parse',
    explanation:
      'drain.config says that the agent is being drained. It is cut short, or its bytes are not a valid record: a power loss, a full disk or an edit by hand.',
    consequence: alike(
      'Counted once, in strict mode too: the agent starts and forgets that it is draining. No task is lost.',
    ),
    remedy:
      'Rename the file (drain.config.bad), so that it is not counted. If the agent is still to be drained, drain it again when it has registered.',
  },
} as const satisfies Entries;
