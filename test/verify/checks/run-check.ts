import { DEFAULT_VERSION } from '../../../src/agent/version.ts';
import type { Finding } from '../../../src/findings/finding.ts';
import { rulesOf } from '../../../src/recovery/versions.ts';
import type { Source } from '../../../src/source/source.ts';
import type { Check } from '../../../src/verify/checks/check.ts';
import type { Edit } from '../../support/cases.ts';
import { applyEdits, HOME, loadTree } from '../../support/trees.ts';
import { loadCheckpoint, version } from '../../support/verify.ts';

/** What a check finds in a tree. */
export const reportOf = (check: Check, source: Source, starting = DEFAULT_VERSION): readonly Finding[] =>
  check(loadCheckpoint(source), { rules: rulesOf(version(starting)), home: HOME });

/** The same of a fixture tree with edits. */
export const checked = (
  check: Check,
  tree: string,
  edits: readonly Edit[] = [],
  starting?: string,
): readonly Finding[] => reportOf(check, applyEdits(loadTree(tree), edits), starting);

/** Codes and paths, a line each. */
export const brief = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ code, path }) => `${code} ${path}`);
