import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageFromJson } from '../../src/agent/json-message.ts';
import { DEFAULT_VERSION } from '../../src/agent/version.ts';
import { type Opened, openPath, openSource } from '../../src/checkpoint/open.ts';
import type { Mode, Severities } from '../../src/findings/finding.ts';
import type { Verdict } from '../../src/recovery/simulate.ts';
import type { SlaveInfo } from '../../src/schema/index.ts';
import type { Source } from '../../src/source/source.ts';
import type { Verification, VerifyOptions } from '../../src/verify/verification.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { fileMember, tarWith } from '../support/archives.ts';
import type { Edit } from '../support/cases.ts';
import { applyEdits, HOME, loadTree, TREES } from '../support/trees.ts';
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
  /** The info that the agent starts with, as JSON, and its policy. */
  readonly agentInfo?: { readonly policy: 'equal' | 'additive'; readonly info: object };
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
  /** Members that are added to an archive of the tree. */
  readonly members?: readonly { readonly name: string; readonly text: string }[];
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

/** What is predicted of a fixture. */
export const verifyFixture = (fixture: Fixture): Verification =>
  verifyCheckpoint(openFixture(fixture), optionsOf(fixture.tree, fixture.options));

/** The tree of a fixture, with its damage. */
export const openFixture = (fixture: Fixture): Opened => {
  if (fixture.members !== undefined) return archiveOf(fixture);
  const edited = applyEdits(loadTree(fixture.tree), fixture.edits);
  return opened(fixture.special === undefined ? edited : withSpecial(edited, fixture.special), fixture.options);
};

/** The archive of the tree, with more members behind its own. */
const archiveOf = ({ tree, members = [] }: Fixture): Opened => {
  const added = members.map(({ name, text }) => fileMember(name, text));
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-test-'));
  try {
    const file = path.join(folder, 'archive');
    fs.writeFileSync(file, tarWith(fs.readFileSync(path.join(TREES, `${tree}.tar`)), added));
    return openPath(file, { workDir: HOME });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
};

/** What is predicted of a fixture's tree without its damage, on its own host. */
export const verifyIntact = ({ tree }: Fixture): Verification =>
  verifyCheckpoint(opened(loadTree(tree)), optionsOf(tree));

const opened = (source: Source, { workDir = HOME }: FixtureOptions = {}): Opened =>
  openSource(source, { workDir: workDir ?? undefined });

/** How a fixture's tree is verified. */
export const optionsOf = (tree: string, options: FixtureOptions = {}): VerifyOptions => {
  const { bootId = bootIdOf(tree) } = options;
  return {
    ownBootId: options.ownBootId === true ? bootIdOf(tree) : undefined,
    version: version(options.version ?? DEFAULT_VERSION),
    bootId: bootId ?? undefined,
    rebooted: options.rebooted,
    sandboxes: options.sandboxes ?? 'auto',
    launcher: options.launcher,
    agentInfo: options.agentInfo && { ...options.agentInfo, info: infoOf(options.agentInfo.info) },
  };
};

const infoOf = (json: object): SlaveInfo => {
  const read = messageFromJson('mesos.SlaveInfo', json);
  if (!read.ok) throw new Error(read.message);
  return read.value;
};
