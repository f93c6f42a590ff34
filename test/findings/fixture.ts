import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DEFAULT_VERSION } from '../../src/agent/version.ts';
import { openSource } from '../../src/checkpoint/open.ts';
import type { Mode, Severities } from '../../src/findings/finding.ts';
import type { Verdict } from '../../src/recovery/simulate.ts';
import type { Source } from '../../src/source/source.ts';
import type { Verification, VerifyOptions } from '../../src/verify/verification.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import type { Edit } from '../support/cases.ts';
import { applyEdits, HOME, loadTree } from '../support/trees.ts';
import { bootIdOf, version } from '../support/verify.ts';
import { type Special, withSpecial } from './special.ts';

/** How a fixture is verified; what is left out is as it is mostly. */
export interface FixtureOptions {
  readonly version?: string;
  /** The host's; null where it is not known, left out where it is the checkpointed one. */
  readonly bootId?: string | null;
  readonly rebooted?: boolean;
  readonly sandboxes?: VerifyOptions['sandboxes'];
  readonly launcher?: VerifyOptions['launcher'];
  /** Where the tree lives; null where its links tell. */
  readonly workDir?: string | null;
  /** This machine is the agent's own host. */
  readonly ownBootId?: boolean;
}

/** A damaged tree for a code, and what is found in it. */
export interface Fixture {
  readonly about: string;
  readonly tree: string;
  readonly edits: readonly Edit[];
  /** What edits cannot do. */
  readonly special?: Special;
  readonly options?: FixtureOptions;
  readonly path: string;
  readonly offset?: number;
  readonly record?: number;
  readonly severity: Severities;
  /** The verdicts of the starts, one after the other. */
  readonly starts: Readonly<Record<Mode, readonly Verdict[]>>;
}

const FOLDER = fileURLToPath(new URL('../../fixtures/findings/', import.meta.url));

/** The codes that have a fixture, sorted. */
export const fixtureCodes: readonly string[] = fs
  .readdirSync(FOLDER)
  .map((name) => name.replace(/\.json$/, ''))
  .sort();

export const readFixture = (code: string): Fixture => JSON.parse(fs.readFileSync(`${FOLDER}${code}.json`, 'utf8'));

/** What is foretold of a fixture. */
export const verifyFixture = (fixture: Fixture): Verification => {
  const edited = applyEdits(loadTree(fixture.tree), fixture.edits);
  const source = fixture.special === undefined ? edited : withSpecial(edited, fixture.special);
  return verifyTree(source, fixture.tree, fixture.options);
};

/** What is foretold of a fixture's tree without its damage, on its own host. */
export const verifyIntact = ({ tree }: Fixture): Verification => verifyTree(loadTree(tree), tree);

const verifyTree = (source: Source, tree: string, options: FixtureOptions = {}): Verification => {
  const { bootId = bootIdOf(tree), workDir = HOME } = options;
  return verifyCheckpoint(openSource(source, { workDir: workDir ?? undefined }), {
    ownBootId: options.ownBootId === true ? bootIdOf(tree) : undefined,
    version: version(options.version ?? DEFAULT_VERSION),
    bootId: bootId ?? undefined,
    rebooted: options.rebooted,
    sandboxes: options.sandboxes ?? 'auto',
    launcher: options.launcher,
  });
};
