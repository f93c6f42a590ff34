import { PathEffects } from '../../repair/plan/path-effects.ts';
import type { PlannedChange } from '../../repair/plan/plan.ts';
import type { Source } from '../../source/source.ts';
import { parentOf } from '../folder.ts';
import { TreeChanged } from '../refusal.ts';
import { type Content, contentOf, contentOfBytes, partsLeft } from './content.ts';
import { changeText, type ScriptStep, wasRead } from './step-functions.ts';

/** The steps of a plan as a script needs them: what is worked out here needs no shell to work it out. */
export const scriptSteps = (steps: readonly PlannedChange[], source: Source): readonly ScriptStep[] => {
  const effects = new PathEffects();
  const likes = new Map<string, string>();
  const laters = latersOf(steps);
  const makers = makersIn(steps);
  return steps.map((step, i): ScriptStep => {
    const { change } = step;
    const isFirst = effects.of(change.path) === undefined;
    effects.carry(change);
    const found = foundOf(step, source);
    const madeContent = madeOf(step, source);
    return {
      ...step,
      made: madeContent === undefined ? undefined : { size: madeContent.size, sha256: madeContent.sha256 },
      madeContent,
      cksum: found?.cksum,
      what: `${changeText(change)} ${change.path}`,
      like: likeOf(step, likes),
      isFirst,
      later: laters[i],
      inside: change.kind === 'create-folder' ? (makers.get(change.path) ?? []).filter((each) => each > i + 1) : [],
    };
  });
};

/** What was there, read again for the checksum that a plan does not have. */
const foundOf = ({ change, before }: PlannedChange, source: Source): Content | undefined => {
  if (before.kind !== 'file' || !wasRead(before)) return undefined;
  const content = contentOf(source, change.path);
  if (content.size === before.size && content.sha256 === before.sha256) return content;
  throw new TreeChanged('the tree has changed since the plan was made', [`${change.path} has other bytes than it had`]);
};

const madeOf = ({ change, before }: PlannedChange, source: Source): Content | undefined => {
  if (change.kind === 'create-file') return contentOfBytes(change.bytes);
  if (change.kind !== 'cut' || before.kind !== 'file') return undefined;
  return contentOf(source, change.path, partsLeft(before.size, change.spans));
};

/** What is made by a step can be what something else is to be like: that is like what the first one is like. */
const likeOf = ({ change }: PlannedChange, likes: Map<string, string>): string | undefined => {
  if (change.kind === 'set-aside' || change.kind === 'cut') return undefined;
  const like = likes.get(change.like) ?? change.like;
  likes.set(change.path, like);
  return like;
};

/** The number of the first step behind each that makes something else of its path, by a change of that or of a folder above. */
const latersOf = (steps: readonly PlannedChange[]): readonly (number | undefined)[] => {
  const next = new Map<string, number>();
  return steps
    .map(({ change: { kind, path } }, i) => ({ kind, path, number: i + 1 }))
    .reverse()
    .map(({ kind, path, number }) => {
      const laters = [path, ...foldersAbove(path)].flatMap((each) => next.get(each) ?? []);
      if (kind !== 'cut') next.set(path, number);
      return laters.length === 0 ? undefined : Math.min(...laters);
    })
    .reverse();
};

const foldersAbove = (path: string): readonly string[] => {
  const above: string[] = [];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) above.push(path.slice(0, at));
  return above;
};

/** The numbers of the steps that make something, by the folder that it is in. */
const makersIn = (steps: readonly PlannedChange[]): ReadonlyMap<string, readonly number[]> => {
  const makers = new Map<string, number[]>();
  for (const [i, { change }] of steps.entries()) {
    if (change.kind === 'set-aside' || change.kind === 'cut') continue;
    const parent = parentOf(change.path);
    makers.set(parent, [...(makers.get(parent) ?? []), i + 1]);
  }
  return makers;
};
