import { LATEST_RELEASE, parseVersion } from '../../src/agent/version.ts';
import type { Opened } from '../../src/checkpoint/open.ts';
import type { FindingCode } from '../../src/findings/catalogue.ts';
import { agentInfoRebuilder } from '../../src/host/rebuild.ts';
import type { Start } from '../../src/recovery/simulate.ts';
import type { AdoptFacts } from '../../src/repair/adopt/judge.ts';
import type { Planning } from '../../src/repair/plan-repair.ts';
import { compareWorth, worthOf } from '../../src/repair/rehearsal/worth.ts';
import { compareWays, type WaysOptions } from '../../src/repair/ways/compare.ts';
import { LEVELS, type Level, type Ways } from '../../src/repair/ways/way.ts';
import type { Tree } from '../../src/source/links.ts';

/** A `prune` that a remedy names. */
export interface NamedPrune {
  readonly level: Level;
  readonly takesCopies: boolean;
}

/** The `prune` commands in a text. */
export const prunesIn = (text: string): readonly NamedPrune[] =>
  [...text.matchAll(/mesos-ckpt prune((?: --[a-z-]+)*)/g)].map(([, options = '']) => ({
    level: levelIn(options),
    takesCopies: options.includes('--from'),
  }));

const levelIn = (options: string): Level => {
  if (options.includes('--adopt')) return 'adopt';
  if (options.includes('--allow-suspect')) return 'salvage-suspect';
  return options.includes('--salvage') ? 'salvage' : 'as-non-strict';
};

/** Whether a remedy says that nothing in the checkpoint helps; a sentence with a `prune` goes on to say what does. */
export const saysNothingHelps = (remedy: string): boolean =>
  remedy.split(/(?<=\.) /).some((sentence) => NOTHING_HELPS.test(sentence) && prunesIn(sentence).length === 0);

const NOTHING_HELPS =
  /\bcannot be (?:kept|saved|mended|recovered|brought back)|nothing can be done|no plan\b|no way\b|no version recovers|nothing helps/i;

/** A master that takes changed agents, and holds this one no more. */
const FACTS: AdoptFacts = { hasPolicy: true, masterVersion: LATEST_RELEASE, agentState: 'unreachable', isolators: [] };

/** The ways of a tree whose agent's flags are known, with copies of it. */
export const waysOf = (opened: Opened, options: WaysOptions, copies: readonly Tree[]): Ways => {
  const { home } = opened.tree;
  const flags = [`--work_dir=${home}`, '--master=zk://zk1:2181/mesos', '--hostname=node7', '--port=5051'];
  const { version = LATEST_RELEASE } = options;
  const starting = typeof version === 'string' ? (parseVersion(version) ?? LATEST_RELEASE) : version;
  return compareWays(opened, {
    ...options,
    adopt: { facts: FACTS },
    sources: {
      copies,
      rebuildAgentInfo: agentInfoRebuilder({ host: undefined, version: starting, workDir: home, supposed: flags }),
    },
  });
};

/** The levels whose plan mends a finding, and keeps no less than a start as it is. */
export const levelsThatMend = ({ planned }: Ways, code: FindingCode, path: string): readonly Level[] =>
  EVERY.filter((level) => mends(planned[level], code, path));

/** The levels, from the one that changes least. */
const EVERY: readonly Level[] = [...LEVELS, 'adopt'];

const mends = (planning: Planning | undefined, code: FindingCode, path: string): boolean => {
  if (planning === undefined) return false;
  const { before, plan, after } = planning;
  const isMended = plan?.steps.some((step) => step.mends.some((each) => each.code === code && each.path === path));
  const [was, is] = [before, after].map(({ strict }) => strict.starts[0] as Start) as [Start, Start];
  return isMended === true && compareWorth(worthOf(is), worthOf(was)) >= 0;
};

/** The levels that keep more of what a finding is about than a start would. */
export const levelsThatSalvage = ({ planned }: Ways, code: FindingCode): readonly Level[] =>
  LEVELS.filter((level) =>
    planned[level].plan?.steps.some(({ salvage, mends: [first] }) => salvage && first.code === code),
  );
