import { isWithin, since, type Version, type VersionSpan, versionNamed } from '../agent/version.ts';
import { type CheckpointFileKind, KINDS } from '../layout/kinds.ts';

interface RuleRow {
  readonly versions: readonly VersionSpan[];
  /** What it means where the version that starts has it, and the one before had not. */
  readonly gained: string;
  /** What it means the other way round. */
  readonly lost: string;
}

/** What differs between the agent's versions: each rule, with the versions that have it. */
const RULES = {
  /** `runs/latest` that leads nowhere is noted, not fatal. */
  danglingRunIsNoted: {
    versions: since('1.12.0'),
    gained: 'a runs/latest that leads nowhere is noted',
    lost: 'a runs/latest that leads nowhere ends the start',
  },
  /** `executor_generated_for_command_task` is read. */
  generatedIsRead: {
    versions: [{ from: '1.7.3', before: '1.8.0' }, { from: '1.10.0' }],
    gained: 'executor_generated_for_command_task is read; where it is not there, the agent guesses by name and command',
    lost: 'executor_generated_for_command_task is not read: the agent guesses by name and command',
  },
  /** `resources_and_operations.target` is read and renamed. */
  stateTargetIsRead: {
    versions: since('1.9.0'),
    gained:
      'resources_and_operations.target is read; a lone resources.target without .state makes the agent refuse at every start',
    lost: 'resources_and_operations.target is not read',
  },
  /** `drain.config` is read. */
  drainIsRead: {
    versions: since('1.9.0'),
    gained: 'drain.config is read',
    lost: 'drain.config is not read: a drain is forgotten',
  },
  /** `resources_and_operations.state` is read. */
  stateIsRead: {
    versions: since('1.8.0'),
    gained:
      'resources and operations are in resources_and_operations.state; resources.info is read where that is not there',
    lost: 'resources_and_operations.state is not read: resources.info counts, and operations are forgotten',
  },
  /** `volume_gids` and the agent's `operations/` are read. */
  operationsAreRead: {
    versions: since('1.8.0'),
    gained: 'volume_gids and operations/ are read',
    lost: 'volume_gids and operations/ are not read',
  },
  /** After a reboot no pid is read, and `forked.pid` is removed. */
  rebootForgetsPids: {
    versions: since('1.4.3', '1.5.2', '1.6.2', '1.7.1'),
    gained: 'after a reboot forked.pid is removed, and no pid is trusted',
    lost: 'after a reboot pids are trusted, whichever process has them now',
  },
  /** `resources.info` and `resources.target` are read, and truncated, like logs. */
  resourcesAreLogs: {
    versions: [{ before: '1.5.0' }],
    gained: 'a torn resources.info is cut like a log, in silence',
    lost: 'a torn resources.info is an error, and no longer cut in silence',
  },
  /** `device.state` is read. */
  devicesAreRead: {
    versions: since('1.12.0'),
    gained: 'device.state is read',
    lost: 'device.state is not read',
  },
  /** What is no digit in the text of a uuid, and what follows it, makes it none (Boost 1.81). */
  uuidTextIsChecked: {
    versions: since('1.12.0'),
    gained:
      'a folder of operations/ with text after its uuid, or with characters other than digits in it, ends the start',
    lost: 'text after the uuid of a folder of operations/, and characters other than digits in it, are taken as they come',
  },
  /** What says that a text file does not open begins with so many words. */
  openingIsNamed: {
    versions: [{ before: '1.6.0' }],
    gained: "the log says 'Failed to open file' of a text file that does not open",
    lost: 'the log says the cause alone of a text file that does not open',
  },
  /** The agent's info is compared with the id of its folder, in `Slave::recover` itself: there are no policies yet. */
  folderIdIsCompared: {
    versions: [{ before: '1.5.0' }],
    gained: 'a slave.info whose id is not the name of its folder makes the agent refuse',
    lost: 'the id in slave.info counts, and not the name of its folder',
  },
  /** The docker containerizer refuses duplicate pids too. */
  dockerRefusesDuplicatePids: {
    versions: [{ before: '1.7.3' }, { from: '1.8.0', before: '1.8.1' }],
    gained: 'docker executors with one pid make the agent refuse',
    lost: 'docker executors with one pid no longer make the agent refuse',
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

/** What a version does, or does not. */
export type Rules = { readonly [Rule in keyof typeof RULES]: boolean };

/**
 * What a version does.
 * @throws TypeError where a text names none that is simulated
 */
export const rulesOf = (of: Version | string): Rules => {
  const version = versionNamed(of);
  const key = version.join('.');
  const known = rules.get(key) ?? rulesAt(version);
  rules.set(key, known);
  return known;
};

const rules = new Map<string, Rules>();

const rulesAt = (version: Version): Rules =>
  Object.fromEntries(
    Object.entries(RULES).map(([rule, { versions }]) => [rule, isWithin(version, versions)]),
  ) as unknown as Rules;

/** The versions that have a rule. */
export const versionsWith = (rule: keyof Rules): readonly VersionSpan[] => RULES[rule].versions;

/** Whether a version with these rules reads a kind of file. */
export const isRead = (kind: CheckpointFileKind, rules: Rules): boolean => {
  const { rule }: { readonly form: string; readonly rule?: keyof Rules } = KINDS[kind];
  return rule === undefined || rules[rule];
};

/** What differs for an agent that another version starts on, in one clause a rule. */
export const ruleChanges = (before: Rules, after: Rules): readonly string[] =>
  (Object.keys(RULES) as (keyof Rules)[])
    .filter((rule) => before[rule] !== after[rule])
    .map((rule) => RULES[rule][after[rule] ? 'gained' : 'lost']);
