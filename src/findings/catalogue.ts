import { agent } from './entries/agent.ts';
import { boot } from './entries/boot.ts';
import { executor } from './entries/executor.ts';
import { framework } from './entries/framework.ts';
import { operations } from './entries/operations.ts';
import { other } from './entries/other.ts';
import { resources } from './entries/resources.ts';
import { run } from './entries/run.ts';
import { task } from './entries/task.ts';
import { tree } from './entries/tree.ts';
import type { CatalogueEntry, Entries, Group } from './entry.ts';

export type { CatalogueEntry } from './entry.ts';

/** Every kind of finding, by code. A code is never renamed. */
export const catalogue = {
  ...tree,
  ...boot,
  ...agent,
  ...framework,
  ...executor,
  ...run,
  ...task,
  ...resources,
  ...operations,
  ...other,
} as const satisfies Entries;

/** The code of a kind of finding. */
export type FindingCode = keyof typeof catalogue;

/** The codes of what ends a start, in one mode at least: by their rows, so that none is forgotten where they are listed. */
export type FatalCode = {
  [C in FindingCode]: (typeof catalogue)[C] extends { readonly newAgent: 'in either mode' }
    ? never
    : (typeof catalogue)[C]['severity'] extends { readonly strict: 'fatal' } | { readonly nonStrict: 'fatal' }
      ? C
      : never;
}[FindingCode];

/** The groups of the catalogue, in its order. */
export const groups: readonly Group[] = [
  { title: 'The tree', entries: tree },
  { title: 'Boot id', entries: boot },
  { title: 'Agent', entries: agent },
  { title: 'Frameworks', entries: framework },
  { title: 'Executors', entries: executor },
  { title: 'Runs', entries: run },
  { title: 'Tasks', entries: task },
  { title: 'Resources', entries: resources },
  { title: 'Operations', entries: operations },
  { title: 'Other state', entries: other },
];

/** Every code, in the order of the catalogue. */
export const allCodes: readonly FindingCode[] = Object.keys(catalogue) as FindingCode[];

/** What is known of a code. */
export const entryOf = (code: FindingCode): CatalogueEntry => catalogue[code];
