import type { OddMemberAt } from '../checkpoint/archive.ts';
import { type Finding, findingOf } from '../findings/finding.ts';
import { count } from '../text/words.ts';

/** Of an archive that was packed twice, so many members of a code are told one by one. */
const MOST = 50;

const CODES = { replaced: 'archive-member-replaced', 'left out': 'archive-member-left-out' } as const;

/** Members of the archive that replace others, and those that tar cannot unpack. */
export const oddMemberFindings = (members: readonly OddMemberAt[]): readonly Finding[] =>
  (['replaced', 'left out'] as const).flatMap((outcome) => {
    const byPath = new Map(members.filter((each) => each.outcome === outcome).map(({ path, why }) => [path, why]));
    const code = CODES[outcome];
    const told = [...byPath].slice(0, MOST).map(([path, why]) => findingOf(code, { path }, why));
    const more = byPath.size - told.length;
    if (more === 0) return told;
    return [...told, findingOf(code, { path: '' }, `it is so of ${count(more, 'more member')}`)];
  });
