import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import type { Captured } from '../../src/snapshot/captured.ts';
import { Blanker } from '../../src/snapshot/redact/blank.ts';
import { redact } from '../../src/snapshot/redact/redact.ts';
import { gistOf, sourceOf } from '../../src/snapshot/snapshot.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { damageTree, faults } from '../support/damage.ts';
import { check, randomly, seed } from '../support/random.ts';
import { MASKS } from '../support/samples.ts';
import { HOME } from '../support/trees.ts';
import { HEAD } from '../support/verify.ts';
import { entriesOf } from './entries.ts';
import { leaksIn, type Planted, planted } from './planted.ts';

const all = planted();

/** What is predicted of entries. */
const gist = (entries: readonly Captured[]): string => {
  const source = sourceOf('', entries, { folders: [], count: 0 }, false);
  return gistOf(verifyCheckpoint(openSource(source, { workDir: HOME }), { version: HEAD, bootId: 'x' }));
};

const contents = (entries: readonly Captured[]): Buffer => Buffer.concat(entries.map(({ bytes }) => bytes));

it('are in every secret place of every file', () => {
  expect(all.length).toBeGreaterThan(50);
  for (const { source, path, secrets, label } of all) {
    const bytes = entriesOf(source).find((each) => each.path === path)?.bytes ?? Buffer.alloc(0);
    for (const secret of secrets) expect(bytes.includes(secret), label).toBe(true);
  }
});

describe('secrets are blanked, and nothing else, and verdicts kept', () => {
  it.each(all.map((each) => [each.label, each] as const))('%s', (_label, { source, path, secrets }) => {
    const before = entriesOf(source);
    const { entries, unsure, values } = redact(before);
    expect(leaksIn(contents(entries), secrets)).toEqual([]);
    expect(unsure).toEqual([]);
    expect(values).toBeGreaterThan(0);
    expect(gist(entries)).toEqual(gist(before));
    for (const [i, entry] of entries.entries()) {
      expect(entry.bytes.length).toBe(before[i]?.bytes.length);
      if (entry.path !== path) expect(entry.bytes).toEqual(before[i]?.bytes);
    }
  });
});

/** Other bytes in a file among entries. */
const withBytes = (entries: readonly Captured[], path: string, bytes: Buffer): readonly Captured[] =>
  entries.map((entry) => (entry.path === path ? { ...entry, bytes, size: bytes.length } : entry));

/** The file with the secrets, and what its damaged copies are given with. */
const bedOf = ({ source, path }: Planted): { readonly bytes: Buffer; readonly entries: readonly Captured[] } => {
  const entries = entriesOf(source);
  return { entries, bytes: entries.find((each) => each.path === path)?.bytes ?? Buffer.alloc(0) };
};

/** All take too long: some of them, others at each run. */
const some = (every: number): readonly (readonly [string, Planted])[] =>
  all.filter((_, i) => i % every === seed % every).map((each) => [`${each.label} (seed ${seed})`, each]);

describe('a file that is damaged gives nothing away', () => {
  it.each(some(40))('each byte of it: %s', (_label, each) => {
    const { bytes, entries } = bedOf(each);
    const alone = entries.filter(({ path, kind }) => path === each.path || kind === 'folder');
    for (let at = 0; at < bytes.length; at++) {
      for (const mask of [...MASKS, 0x08, 0x10, 0x18, 0x38]) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ mask;
        const leaks = leaksIn(contents(redact(withBytes(alone, each.path, changed)).entries), each.secrets);
        if (leaks.length > 0) expect(leaks, `byte ${at} ^ ${mask}`).toEqual([]);
      }
    }
  });

  it.each(some(20))('cut, or with a part of it lost: %s', (_label, each) => {
    const { bytes, entries } = bedOf(each);
    const alone = entries.filter(({ path, kind }) => path === each.path || kind === 'folder');
    for (let at = 0; at < bytes.length; at++) {
      const without = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + (at % 7))]);
      const longer = Buffer.concat([bytes, bytes.subarray(at)]);
      const zeroed = Buffer.from(bytes).fill(0, at, Math.min(bytes.length, at + 16));
      for (const damaged of [bytes.subarray(0, at), bytes.subarray(at), without, longer, zeroed]) {
        const { entries: kept } = redact(withBytes(alone, each.path, damaged));
        const leaks = leaksIn(contents(kept), each.secrets);
        if (leaks.length > 0) expect(leaks, `at ${at}`).toEqual([]);
        expect(kept.find(({ path }) => path === each.path)?.bytes.length).toBe(damaged.length);
      }
    }
  });

  it.each(some(40))('and has the same verdicts: %s', (_label, each) => {
    const { bytes, entries } = bedOf(each);
    let others = 0;
    let tries = 0;
    for (let at = 0; at < bytes.length; at += 5) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (MASKS[at % MASKS.length] ?? 1);
      for (const damaged of [changed, bytes.subarray(0, at)]) {
        const before = withBytes(entries, each.path, damaged);
        tries++;
        if (gist(redact(before).entries) !== gist(before)) others++;
      }
    }
    expect(tries).toBeGreaterThan(10);
    expect(others).toBe(0);
  });
});

describe('what is no message', () => {
  const file = (path: string, bytes: Buffer | string): Captured => ({
    ...{ path, kind: 'file', mode: 0o644, uid: 0, gid: 0, modifiedNs: 0n, failure: undefined, target: '' },
    bytes: Buffer.from(bytes as Buffer),
    size: bytes.length,
  });
  const redacted = (path: string, bytes: Buffer | string): string =>
    redact([file(path, bytes)]).entries[0]?.bytes.toString('latin1') ?? '';

  it.each([
    ['meta/boot_id', '639c455c-b101-450c-b966-f6b6c154af4d', '639c455c-b101-450c-b966-f6b6c154af4d'],
    ['meta/boot_id', 'password', '********'],
    ['forked.pid', '4711', '4711'],
    ['forked.pid', '4711 \n', '4711 \n'],
    ['forked.pid', 'hunter2', '*******'],
    ['forked.pid', '\0\0\0\0', '\0\0\0\0'],
    ['framework.pid', 'scheduler-1@10.0.0.1:8080', 'scheduler-1@10.0.0.1:8080'],
    ['framework.pid', 'scheduler-1@10.0.0.1:8080 hunter2', 'scheduler-1@10.0.0.1:8080********'],
    ['libprocess.pid', 'hunter2', '*******'],
    ['executor.sentinel', 'hunter2', '*******'],
    ['Ab3xYz', 'hunter2\0\0x', '*******\0\0*'],
    ['resource_provider_registry/000003.log', 'hunter2', '*******'],
    ['task.info', 'hunter2', 'hunt***'],
    ['slave.info', '\x05\0\0', '\x05\0\0'],
    ['__proto__', 'hunter2', '*******'],
  ])('is blanked: %s, %j', (path, bytes, wanted) => {
    expect(redacted(path, bytes)).toBe(wanted);
  });

  it('stays different where the agent compares it', () => {
    const blanker = new Blanker();
    const blanked = ['secret one', 'secret two', 'secret one', 'x'].map((text) => {
      const bytes = Buffer.from(text);
      blanker.compared(bytes, { what: 'compared', start: 0, end: bytes.length });
      return bytes.toString();
    });
    expect(blanked).toEqual(['**********', '*********1', '**********', '2']);
  });
});

describe('with any damage', () => {
  it(randomly('nothing of the secrets is left, and no length is another', 60), () => {
    check(
      60,
      fc.property(fc.nat(), faults, (which, faulty) => {
        const each = all[which % all.length];
        if (each === undefined) return;
        const { source } = damageTree(each.source, faulty);
        const before = entriesOf(source);
        const { entries } = redact(before);
        expect(leaksIn(contents(entries), each.secrets)).toEqual([]);
        expect(entries.map(({ bytes }) => bytes.length)).toEqual(before.map(({ bytes }) => bytes.length));
      }),
    );
  });
});
