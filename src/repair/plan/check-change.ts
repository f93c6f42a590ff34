import type { Span } from '../../format/frames.ts';
import * as names from '../../layout/names.ts';
import { bytesOf } from '../../text/lossless.ts';
import type { Change } from './change.ts';
import type { Fingerprint } from './fingerprint.ts';
import { PathEffects } from './path-effects.ts';
import type { PlannedChange } from './plan.ts';
import { isOfAgent, isOutermost } from './territory.ts';

/** What is wrong with a change, and in which of its fields; '' for the change as a whole. */
export interface ChangeProblem {
  readonly field: string;
  readonly problem: string;
}

/** The longest name that a folder takes, in bytes. */
const MAX_NAME = 255;
/** The longest path that the kernel takes, in bytes. */
const MAX_PATH = 4095;

/** Whether a text is a name in a folder. */
export const isName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name) && bytesOf(name).length <= MAX_NAME;

/** Why a text is no path of a tree that may be changed: it is `meta` or `slaves`, or below; undefined where it is one. */
const pathProblem = (path: string): string | undefined => {
  const parts = path.split('/');
  if (!parts.every(isName)) return 'not a path of a work_dir: it is relative, without empty parts, . and ..';
  if (parts[0] === names.META && names.isOfJournals(parts[1] ?? '')) return 'it is of the journals';
  if (!isOfAgent(path)) return `not a path below ${names.META} or ${names.SLAVES}`;
  return bytesOf(path).length > MAX_PATH ? 'no path is that long' : undefined;
};

/**
 * What is wrong with a change, by itself or after earlier ones; undefined where nothing is. This is all that no schema can
 * say of it: what a plan file or a journal says is not believed, as anybody may have written it. A path may be set aside and
 * rebuilt, and no more than that.
 */
export const changeProblem = (change: Change, before: Fingerprint, effects: PathEffects): ChangeProblem | undefined => {
  const { kind, path } = change;
  const wrongPath =
    pathProblem(path) ?? (isRoot(path, kind) ? `not a path below ${names.META} or ${names.SLAVES}` : undefined);
  if (wrongPath !== undefined) return { field: 'path', problem: wrongPath };
  if (kind === 'set-aside' || kind === 'cut') {
    const problem = takingProblem(change, before, effects);
    if (problem !== undefined) return { field: '', problem };
    return kind === 'cut' ? spansProblem(change.spans, before) : undefined;
  }
  const wrongLike = change.like === '' ? undefined : pathProblem(change.like);
  if (wrongLike !== undefined) return { field: 'like', problem: wrongLike };
  if (kind === 'create-link' && (change.target === '' || change.target.includes('\0'))) {
    return { field: 'target', problem: 'no target of a link' };
  }
  const problem = makingProblem(path, before, effects);
  return problem === undefined ? undefined : { field: '', problem };
};

/** The folders that hold all others are not changed; `slaves` may be made. */
const isRoot = (path: string, kind: Change['kind']): boolean =>
  isOutermost(path) && !(path === names.SLAVES && kind === 'create-folder');

const takingProblem = ({ kind, path }: Change, before: Fingerprint, effects: PathEffects): string | undefined => {
  if (before.kind === 'absent') return 'the plan found nothing there';
  if (effects.of(path) !== undefined) return 'an earlier step has changed it';
  return kind === 'cut' && before.kind !== 'file' ? 'only a file can be cut' : undefined;
};

const makingProblem = (path: string, before: Fingerprint, effects: PathEffects): string | undefined => {
  const made = effects.of(path);
  if (made === 'there') return 'an earlier step has made it already';
  if (made === undefined && before.kind !== 'absent') return 'something is there, and no earlier step sets it aside';
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  return effects.of(parent) === 'absent' ? 'an earlier step has taken its folder away' : undefined;
};

const spansProblem = (spans: readonly Span[], before: Fingerprint): ChangeProblem | undefined => {
  if (spans.length === 0) return { field: 'spans', problem: 'it is empty' };
  let end = -1;
  for (const [i, { offset, length }] of spans.entries()) {
    if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || length < 1) {
      return { field: `spans[${i}]`, problem: 'it is not a span of bytes' };
    }
    if (offset <= end) return { field: `spans[${i}].offset`, problem: 'spans are in order, and apart' };
    end = offset + length;
  }
  return before.kind === 'file' && end > before.size
    ? { field: 'spans', problem: `a span reaches past the end of the file, which has ${before.size} bytes` }
    : undefined;
};

/** Why changes cannot follow each other, naming the first that is wrong; undefined where they can. */
export const sequenceProblem = (changes: readonly PlannedChange[]): string | undefined => {
  const effects = new PathEffects();
  for (const [i, { change, before }] of changes.entries()) {
    const wrong = changeProblem(change, before, effects);
    if (wrong !== undefined) {
      const field = wrong.field === '' || wrong.field === 'path' ? '' : `${wrong.field}: `;
      return `step ${i + 1} of the plan (${change.kind} ${change.path}): ${field}${wrong.problem}`;
    }
    effects.carry(change);
  }
  return undefined;
};
