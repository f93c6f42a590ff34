import { describe, expect, it } from 'vitest';
import { openPath } from '../../src/checkpoint/open.ts';
import { FolderHost } from '../../src/host/folder.ts';
import { gatherFacts } from '../../src/preflight/facts/facts.ts';
import { rulesOf } from '../../src/recovery/versions.ts';
import { planRepair } from '../../src/repair/plan-repair.ts';
import { takeSnapshot } from '../../src/snapshot/snapshot.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { temporaryFolder } from '../support/trees.ts';

const SAMPLE = 'fixtures/sample-agent';
const opened = openPath(SAMPLE);
const host = { name: 'n1', bootId: undefined };

describe('a version', () => {
  it('may be text wherever one is taken', () => {
    expect(verifyCheckpoint(opened, { version: '1.9.0' }).version).toEqual([1, 9, 0]);
    expect(planRepair(opened, { version: '1.9' }).plan?.assumed.version).toEqual([1, 9, 0]);
    expect(takeSnapshot(opened, { host, version: '1.4.0' }).verification.version).toEqual([1, 4, 0]);
    expect(rulesOf('1.4.0')).toEqual(rulesOf([1, 4, 0]));
    const { from, to, scenario } = gatherFacts(new FolderHost(temporaryFolder()), { from: '1.3.0', to: '1.2.0' });
    expect([from?.version, to.version, scenario]).toEqual([[1, 3, 0], [1, 2, 0], 'downgrade']);
  });

  it.each(['1.2.0', '1.13.0', 'latest', ''])('that is none which is simulated is a mistake: %j', (version) => {
    const told = expect.objectContaining({
      name: 'TypeError',
      message: `'${version}' is not supported: versions from 1.4.0 to 1.12.0 are`,
    });
    const thrown = (call: () => unknown): unknown => {
      try {
        return call();
      } catch (error) {
        return error;
      }
    };
    expect(thrown(() => verifyCheckpoint(opened, { version }))).toEqual(told);
    expect(thrown(() => planRepair(opened, { version }))).toEqual(told);
    expect(thrown(() => takeSnapshot(opened, { host, version }))).toEqual(told);
    expect(thrown(() => rulesOf(version))).toEqual(told);
  });
});

describe('salvage', () => {
  it('is asked for by true, and refused by false', () => {
    const [plain, more] = [false, true].map((salvage) => planRepair(opened, { salvage }).plan);
    expect(plain?.steps.some(({ salvage }) => salvage)).toBe(false);
    expect(more?.steps.some(({ salvage }) => salvage)).toBe(true);
    expect(planRepair(opened, { salvage: {} }).plan).toEqual(more);
  });
});
