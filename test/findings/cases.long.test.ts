import { describe, expect, it } from 'vitest';
import type { Version } from '../../src/agent/version.ts';
import { openSource } from '../../src/checkpoint/open.ts';
import type { Verification } from '../../src/verify/verification.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { type Case, readCases, readVersionCases, type VersionCase } from '../support/cases.ts';
import { applyEdits, HOME, loadTree, treeNames } from '../support/trees.ts';
import { bootIdOf, HEAD, version } from '../support/verify.ts';
import { contradictions } from './contradictions.ts';

const cases = readCases();
const versionCases = readVersionCases();

/** What is predicted of a case for a version, on the host that it was made for. */
const verify = (each: Case | VersionCase, starting: Version): Verification =>
  verifyCheckpoint(openSource(applyEdits(loadTree(each.tree), each.edits), { workDir: HOME }), {
    version: starting,
    bootId: each.rebooted ? 'another-boot' : bootIdOf(each.tree),
    sandboxes: 'auto',
    launcher: 'linux',
  });

const title = ({ name, rebooted }: Case | VersionCase): string => `${name}${rebooted ? ' (rebooted)' : ''}`;

describe.each(treeNames)('the findings about %s', (tree) => {
  it('agree with the starts of every case', () => {
    const own = cases.filter((each) => each.tree === tree);
    expect(own.length).toBeGreaterThan(0);
    const lines = own.flatMap((each) => contradictions(verify(each, HEAD)).map((line) => `${title(each)}, ${line}`));
    expect(lines).toEqual([]);
  });

  it('agree with them under every version', () => {
    const own = versionCases.filter((each) => each.tree === tree);
    const lines = own.flatMap((each) =>
      Object.keys(each.versions).flatMap((text) =>
        contradictions(verify(each, version(text))).map((line) => `${title(each)}, ${text}, ${line}`),
      ),
    );
    expect(lines).toEqual([]);
  });
});
