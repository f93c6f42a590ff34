import { type CatalogueEntry, groups } from '../../findings/catalogue.ts';
import type { Example } from '../../findings/example.ts';
import { examples } from '../../findings/generated/examples.ts';
import { SEVERITIES, type Severity } from '../../findings/severity.ts';
import type { PreflightCheck } from '../../preflight/checks/check.ts';
import { checkGroups } from '../../preflight/checks/index.ts';
import type { Exit } from '../../preflight/exits/exit.ts';
import { exitGroups } from '../../preflight/exits/index.ts';

/** A finding, with all that is known of it. */
export interface FindingTopic {
  readonly kind: 'finding';
  readonly code: string;
  readonly group: string;
  readonly entry: CatalogueEntry;
  /** Where in the agent's source it is met. */
  readonly source: readonly string[];
  readonly example: Example | undefined;
  readonly related: readonly string[];
}

/** A check of preflight, with all that is known of it. */
export interface CheckTopic {
  readonly kind: 'check';
  readonly code: string;
  readonly group: string;
  readonly check: PreflightCheck;
  /** The ways in which an agent ends that it finds. */
  readonly exits: readonly Exit[];
  readonly related: readonly string[];
}

/** What can be explained. */
export type Topic = FindingTopic | CheckTopic;

const findings = (): readonly FindingTopic[] =>
  groups.flatMap(({ title, source, entries }) =>
    Object.entries(entries).map(
      ([code, entry]): FindingTopic => ({
        kind: 'finding',
        code,
        group: title,
        entry,
        source,
        example: examples[code],
        related: relatedTo(code, Object.keys(entries), textsOf(entry)),
      }),
    ),
  );

const checks = (): readonly CheckTopic[] =>
  checkGroups.flatMap(({ title, checks: all }) =>
    all.map(
      (check): CheckTopic => ({
        kind: 'check',
        code: check.code,
        group: title,
        check,
        exits: exitGroups.flatMap(({ exits }) => exits.filter((exit) => exit.check === check.code)),
        related: all.map(({ code }) => code).filter((code) => code !== check.code),
      }),
    ),
  );

/** Everything that can be explained: findings in the order of the catalogue, then checks in that of preflight. */
export const topics = (): readonly Topic[] => [...findings(), ...checks()];

const textsOf = ({ explanation, consequence, remedy }: CatalogueEntry): string =>
  [explanation, consequence.strict, consequence.nonStrict, remedy].join(' ');

/** Codes about the same thing, `task-info-`, and those that a text names. */
const relatedTo = (code: string, inGroup: readonly string[], text: string): readonly string[] => {
  const subject = code.split('-').slice(0, 2).join('-');
  return inGroup.filter((other) => other !== code && (other.startsWith(`${subject}-`) || text.includes(other)));
};

/** The worse of the severities of a finding. */
export const worstSeverity = ({ severity }: CatalogueEntry): Severity =>
  SEVERITIES.find((each) => severity.strict === each || severity.nonStrict === each) ?? 'note';

/** Topics whose code is near to what was typed: with a word in common, or a few letters apart. */
export const nearest = (typed: string, all: readonly Topic[]): readonly string[] => {
  const words = typed
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2);
  const scored = all
    .map(({ code }) => ({
      code,
      hits: words.filter((word) => code.split('-').some((part) => part.startsWith(word))).length,
    }))
    .filter(({ hits }) => hits > 0)
    .sort((a, b) => b.hits - a.hits);
  return scored.filter(({ hits }) => hits === scored[0]?.hits).map(({ code }) => code);
};
