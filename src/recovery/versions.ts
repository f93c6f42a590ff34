/**
 * What differs between the agent's versions, in one table: chapter by chapter, each rule with the versions that have it.
 */

import { isWithin, since, type Version, type VersionSpan } from '../agent/version.ts';
import { type CheckpointFileKind, KINDS } from '../layout/kinds.ts';

/** What a version does, or does not. */
export interface Rules {
  /** `runs/latest` that leads nowhere is noted, not fatal. */
  readonly danglingRunIsNoted: boolean;
  /** `executor_generated_for_command_task` is read. */
  readonly generatedIsRead: boolean;
  /** `resources_and_operations.target` is read and renamed. */
  readonly stateTargetIsRead: boolean;
  /** `drain.config` is read. */
  readonly drainIsRead: boolean;
  /** `resources_and_operations.state` is read. */
  readonly stateIsRead: boolean;
  /** `volume_gids` and the agent's `operations/` are read. */
  readonly operationsAreRead: boolean;
  /** After a reboot no pid is read, and `forked.pid` is removed. */
  readonly rebootForgetsPids: boolean;
  /** `resources.info` and `resources.target` are read, and truncated, like logs. */
  readonly resourcesAreLogs: boolean;
  /** `device.state` is read. */
  readonly devicesAreRead: boolean;
  /** The docker containerizer refuses duplicate pids too. */
  readonly dockerRefusesDuplicatePids: boolean;
}

const SPANS: Readonly<Record<keyof Rules, readonly VersionSpan[]>> = {
  danglingRunIsNoted: since('1.12.0'),
  generatedIsRead: [{ from: '1.7.3', before: '1.8.0' }, { from: '1.10.0' }],
  stateTargetIsRead: since('1.9.0'),
  drainIsRead: since('1.9.0'),
  stateIsRead: since('1.8.0'),
  operationsAreRead: since('1.8.0'),
  rebootForgetsPids: since('1.4.3', '1.5.2', '1.6.2', '1.7.1'),
  resourcesAreLogs: [{ before: '1.5.0' }],
  devicesAreRead: since('1.12.0'),
  dockerRefusesDuplicatePids: [{ before: '1.7.3' }, { from: '1.8.0', before: '1.8.1' }],
};

/** What a version does. */
export const rulesOf = (version: Version): Rules => {
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
