import type { Checkpoint } from '../../checkpoint/model.ts';
import type { Finding } from '../../findings/finding.ts';
import type { Alternative } from '../mend/mender.ts';
import type { Change } from '../plan/change.ts';
import type { Survey } from './survey.ts';

/** A finding that nothing can be done about, and why. */
export interface Blocked {
  readonly finding: Finding;
  readonly reason: string;
  /** It was to be left as it is, and could be mended. */
  readonly isLeftOut: boolean;
}

/** What is planned for some findings: one of the ways to mend them. */
export interface Entry {
  readonly mends: readonly [Finding, ...Finding[]];
  readonly alternatives: readonly Alternative[];
  readonly index: number;
  /** What it took the place of, for touching the same paths: they count again where none of its ways helps. */
  readonly replaced?: readonly Entry[] | undefined;
}

/** The way that an entry goes. */
export const chosen = ({ alternatives, index }: Entry): Alternative => {
  const alternative = alternatives[index];
  if (alternative === undefined) throw new RangeError(`there are ${alternatives.length} ways, not ${index + 1}`);
  return alternative;
};

/** What a search has come to. */
export interface Found {
  readonly entries: readonly Entry[];
  readonly blocked: readonly Blocked[];
  readonly model: Checkpoint;
  readonly survey: Survey;
}

/** The changes of some entries; folders that several make are made by the first. */
export const assemble = (entries: readonly Entry[]): readonly (readonly Change[])[] => {
  const made = new Set<string>();
  return entries.map((entry) =>
    chosen(entry).changes.filter((change) => {
      if (change.kind !== 'create-folder') return true;
      const isNew = !made.has(change.path);
      made.add(change.path);
      return isNew;
    }),
  );
};

/** A finding by its code and path. */
export const keyOf = ({ code, path }: Pick<Finding, 'code' | 'path'>): string => `${code}\0${path}`;
