import type { Checkpoint } from '../checkpoint/model.ts';
import type { Opened } from '../checkpoint/open.ts';
import { comesUp } from '../recovery/simulate.ts';
import { compareKept, compareWays } from '../repair/ways/compare.ts';
import type { Ways } from '../repair/ways/way.ts';
import type { Next } from '../report/ways/next.ts';
import { agentHostOf } from '../verify/agent-host.ts';
import type { Verification } from '../verify/verification.ts';
import { type AssumedOptions, assumedBy, assumedWords } from './options.ts';

/** To compare the ways takes several times as long as to verify: of larger trees, the command that does is named. */
const MOST_EXECUTORS = 2000;

/** The PATH that is changed for a tree: an archive is not, but the tree that it was made of. */
export const changeablePath = (path: string, { from, tree, instead }: Opened): string =>
  from !== 'folder' ? tree.home : instead === undefined ? path : tree.source.name;

/**
 * The way out that keeps most, of a tree that a strict start does not come up on with all that is there; undefined where
 * none keeps more than the start as it is, unless that fails: then why there is none.
 */
export const nextOf = (
  path: string,
  opened: Opened,
  { strict, checkpoint }: Verification,
  options: AssumedOptions & { readonly workDir?: string | undefined },
): Next | undefined => {
  if (isWell(strict)) return undefined;
  const frameworks = checkpoint.agent?.frameworks ?? [];
  const executors = frameworks.reduce((sum, each) => sum + each.executors.length + each.ordinary.length, 0);
  const told = toldOf(path, opened, checkpoint, assumedWords(options));
  if (executors > MOST_EXECUTORS) return { way: undefined, isRecommended: false, ...told };
  return bestOf(compareWays(opened, assumedBy(options)), told);
};

/** The same where the ways are compared already; `behind` is what the command needs to come to the same plan. */
export const nextOfWays = (path: string, opened: Opened, ways: Ways, behind: readonly string[]): Next | undefined =>
  isWell(ways.before.strict) ? undefined : bestOf(ways, toldOf(path, opened, ways.before.checkpoint, behind));

const isWell = ({ starts: [start], exitCode }: Verification['strict']): boolean =>
  start === undefined || (comesUp(start) && exitCode === 0);

type Told = Pick<Next, 'target' | 'behind' | 'archive'>;

const toldOf = (path: string, opened: Opened, checkpoint: Checkpoint, behind: readonly string[]): Told => ({
  target: changeablePath(path, opened),
  behind,
  archive:
    opened.from === 'archive'
      ? { host: agentHostOf({ checkpoint, manifest: opened.manifest, collected: opened.collected }) }
      : undefined,
});

const bestOf = ({ before, ways, recommended, planned }: Ways, told: Told): Next | undefined => {
  if (recommended?.planning !== undefined) {
    const guess = ways.findLast((way) => way.planning !== undefined && compareKept(way, recommended) > 0);
    return { way: recommended, isRecommended: true, guess, ...told };
  }
  const [asIs, ...others] = ways;
  const best = others.findLast((way) => way.planning !== undefined && way.comesUp && compareKept(way, asIs) > 0);
  if (best !== undefined) return { way: best, isRecommended: false, ...told };
  return before.strict.exitCode === 2
    ? { way: undefined, isRecommended: false, noWay: planned['as-non-strict'], ...told }
    : undefined;
};
