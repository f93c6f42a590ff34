import type { Difference } from '../../compare/compare.ts';
import type { Side } from '../../compare/sides.ts';
import { damageText } from '../../recovery/damage.ts';
import { livingOn } from '../../recovery/living.ts';
import { jsonLine } from '../../text/escape.ts';
import type { Verification } from '../../verify/verification.ts';
import type { Compared } from './compared.ts';
import type { LivingBelow } from './living-below.ts';
import { hasMessages, messagePatch, resourceChanges } from './messages.ts';
import { type Counting, entityKindOf } from './stat.ts';
import { changeText } from './words.ts';

const SCHEMA_VERSION = 1;

/** The document in pieces, as differences are found: see `schema/diff.json`. */
export const diffJsonBegin = (a: Compared, b: Compared): string => {
  const head = jsonLine({ schemaVersion: SCHEMA_VERSION, command: 'diff', a: treeJson(a), b: treeJson(b) });
  return `${head.slice(0, -1)},"differences":[`;
};

/** Behind the last difference. */
export const diffJsonEnd = (counting: Counting): string =>
  `],${jsonLine({ same: counting.isSame, counts: Object.fromEntries(counting.stats), unread: counting.unread }).slice(1)}\n`;

const treeJson = ({ name, verification }: Compared): object => ({
  path: name,
  living: livingOn(verification.checkpoint),
  strict: modeJson(verification, 'strict'),
  nonStrict: modeJson(verification, 'nonStrict'),
});

const modeJson = (verification: Verification, mode: 'strict' | 'nonStrict'): object => ({
  verdict: verification[mode].starts[0]?.verdict ?? null,
  exitCode: verification[mode].exitCode,
});

/** One difference. */
export const differenceJson = (difference: Difference, living: LivingBelow, showSecrets: boolean): string => {
  const { place, path, what, isRead } = difference;
  const ids = place as unknown as Readonly<Record<string, string | undefined>>;
  const resources = resourceChanges(difference);
  return jsonLine({
    entity: {
      kind: entityKindOf(difference),
      agent: ids['agent'] ?? null,
      framework: ids['framework'] ?? null,
      executor: ids['executor'] ?? null,
      run: ids['run'] ?? null,
      task: ids['task'] ?? null,
      operation: ids['operation'] ?? null,
    },
    what,
    path,
    file: difference.kind === 'folder' ? null : (difference.file ?? null),
    read: isRead,
    text: changeText(difference, living),
    holds: difference.kind === 'folder' ? difference.holds : null,
    a: difference.kind === 'folder' ? null : sideJson(difference.a),
    b: difference.kind === 'folder' ? null : sideJson(difference.b),
    resources: resources ?? null,
    patch: hasMessages(difference) ? (messagePatch(difference, showSecrets) ?? null) : null,
  });
};

/** What a tree has in a file: its kind, and what tells it from others of its kind. */
const sideJson = (side: Side): object => {
  switch (side.kind) {
    case 'records':
      return { kind: side.kind, records: side.messages.length, problem: problemOf(side.ending) };
    case 'log': {
      const { kind, updates, acknowledgements, state, ending } = side;
      return { kind, updates, acknowledgements, state: state ?? null, problem: problemOf(ending) };
    }
    default:
      return side;
  }
};

const problemOf = (ending: Parameters<typeof damageText.atEnd>[0]): string | null =>
  ending.kind === 'clean' ? null : damageText.atEnd(ending);
