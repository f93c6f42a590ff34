import { isWithin, since, type Version, type VersionSpan, versionNamed } from '../agent/version.ts';
import { type CheckpointFileKind, KINDS } from '../layout/kinds.ts';

/** What differs between the agent's versions: each rule, with the versions that have it. */
const SPANS = {
  /** `runs/latest` that leads nowhere is noted, not fatal. */
  danglingRunIsNoted: since('1.12.0'),
  /** `executor_generated_for_command_task` is read. */
  generatedIsRead: [{ from: '1.7.3', before: '1.8.0' }, { from: '1.10.0' }],
  /** `resources_and_operations.target` is read and renamed. */
  stateTargetIsRead: since('1.9.0'),
  /** `drain.config` is read. */
  drainIsRead: since('1.9.0'),
  /** `resources_and_operations.state` is read. */
  stateIsRead: since('1.8.0'),
  /** `volume_gids` and the agent's `operations/` are read. */
  operationsAreRead: since('1.8.0'),
  /** After a reboot no pid is read, and `forked.pid` is removed. */
  rebootForgetsPids: since('1.4.3', '1.5.2', '1.6.2', '1.7.1'),
  /** `resources.info` and `resources.target` are read, and truncated, like logs. */
  resourcesAreLogs: [{ before: '1.5.0' }],
  /** `device.state` is read. */
  devicesAreRead: since('1.12.0'),
  /** What follows a uuid in a text makes it none (Boost 1.81). */
  uuidTextEndsAtItsEnd: since('1.12.0'),
  /** What says that a text file does not open begins with so many words. */
  openingIsNamed: [{ before: '1.6.0' }],
  /** The docker containerizer refuses duplicate pids too. */
  dockerRefusesDuplicatePids: [{ before: '1.7.3' }, { from: '1.8.0', before: '1.8.1' }],
} as const satisfies Readonly<Record<string, readonly VersionSpan[]>>;

/** What a version does, or does not. */
export type Rules = { readonly [Rule in keyof typeof SPANS]: boolean };

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
    Object.entries(SPANS).map(([rule, spans]) => [rule, isWithin(version, spans)]),
  ) as unknown as Rules;

/** Whether a version with these rules reads a kind of file. */
export const isRead = (kind: CheckpointFileKind, rules: Rules): boolean => {
  const { rule }: { readonly form: string; readonly rule?: keyof Rules } = KINDS[kind];
  return rule === undefined || rules[rule];
};
