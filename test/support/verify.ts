import { parseVersion, type Version } from '../../src/agent/version.ts';
import { Loader } from '../../src/checkpoint/load.ts';
import type { Checkpoint } from '../../src/checkpoint/model.ts';
import { openSource } from '../../src/checkpoint/open.ts';
import { type Start, simulateStarts } from '../../src/recovery/simulate.ts';
import type { StartingInfo } from '../../src/recovery/startup/startup.ts';
import type { Source } from '../../src/source/source.ts';
import { HOME, loadTree } from './trees.ts';

/** The version whose recovery code gave the verdicts of the cases. */
export const HEAD: Version = [1, 12, 0];

/** Versions on either side of each change of the agent's rules. */
export const VERSIONS: readonly string[] = [
  ...['1.4.0', '1.4.3', '1.5.0', '1.7.2', '1.7.3', '1.8.1', '1.9.0', '1.10.0', '1.11.0', '1.12.0'],
];

/** A version by its text. */
export const version = (text: string): Version => {
  const parsed = parseVersion(text);
  if (parsed === undefined) throw new Error(`${text} is not a version`);
  return parsed;
};

/** Loads a whole tree, as it lives in `/var/lib/mesos` or another home. */
export const loadCheckpoint = (source: Source, detail: 'facts' | 'whole' = 'facts', home = HOME): Checkpoint =>
  new Loader(openSource(source, { workDir: home }).tree, detail).checkpoint();

/** The boot id of a tree's host where it was not rebooted. */
export const bootIdOf = (tree: string): string => {
  const known = bootIds.get(tree);
  if (known !== undefined) return known;
  const { bootId } = loadCheckpoint(loadTree(tree));
  const found = bootId.kind === 'text' ? bootId.text.trim() : 'none';
  bootIds.set(tree, found);
  return found;
};

const bootIds = new Map<string, string>();

/** How a start is simulated; what is left out is as it is mostly. */
export interface Assumptions {
  readonly version?: Version;
  readonly strict?: boolean;
  readonly rebooted?: boolean;
  readonly judgeSandboxes?: boolean;
  readonly agentInfo?: StartingInfo | undefined;
}

/** The starts of an agent on a checkpoint. */
export const startsOf = (checkpoint: Checkpoint, assumptions: Assumptions = {}): readonly Start[] =>
  simulateStarts(checkpoint, {
    version: HEAD,
    strict: true,
    rebooted: false,
    home: HOME,
    launcher: 'linux',
    judgeSandboxes: checkpoint.hasSandboxes,
    ...assumptions,
  });

/** Whether a host with a boot id has been rebooted since a checkpoint was written. */
export const isRebooted = (checkpoint: Checkpoint, hostBootId: string): boolean =>
  checkpoint.bootId.kind === 'text' && checkpoint.bootId.text.trim() !== hostBootId;
