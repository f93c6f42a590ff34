import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CheckCode } from '../../src/preflight/checks/index.ts';
import { exitGroups } from '../../src/preflight/exits/index.ts';
import { gatherFacts } from '../../src/preflight/facts/facts.ts';
import { runChecks } from '../../src/preflight/preflight.ts';
import { type HostFixture, hostsInMemory, NOW, readHostFixture } from '../support/fixture-hosts.ts';
import { pathIn } from '../support/trees.ts';

const makeHost = hostsInMemory();
const plain = readHostFixture('plain');
const AGENT = 'meta/slaves/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7';
const REGISTRY = `/var/lib/mesos/${AGENT}/resource_provider_registry`;
const EXECUTOR = pathIn('sandboxed', /shop_web\.1f0e[^/]*\/executor\.info$/);
const TORN = { hex: '10000000' };
const edits = (...more: NonNullable<HostFixture['edits']>): Partial<HostFixture> => ({
  edits: [...(plain.edits ?? []), ...more],
});

/** The tree of a finding's fixture: one for each way in which a checkpoint ends a start. */
const damaged = (finding: string): Partial<HostFixture> => {
  const { tree, edits: own } = JSON.parse(readFileSync(`fixtures/findings/${finding}.json`, 'utf8'));
  return { tree, edits: own };
};

/** A host on which an agent ends in one of the ways that the checks say they tell. */
interface Ended {
  readonly number: number;
  readonly what: string;
  readonly host: Partial<HostFixture>;
  readonly flags?: readonly string[];
  readonly version?: string;
}

const ENDED: readonly Ended[] = [
  {
    number: 187,
    what: 'latest leads nowhere',
    host: edits(
      { op: 'remove', path: 'meta/slaves/latest' },
      { op: 'symlink', path: 'meta/slaves/latest', target: '/var/lib/mesos/meta/slaves/gone' },
    ),
  },
  { number: 187, what: 'latest leads into another work_dir', host: { linksTo: '/data/mesos' } },
  { number: 186, what: 'slave.info is torn', host: edits({ op: 'truncate', path: `${AGENT}/slave.info`, size: 9 }) },
  { number: 186, what: 'slave.info is empty', host: edits({ op: 'truncate', path: `${AGENT}/slave.info`, size: 0 }) },
  { number: 186, what: 'an executor.info is torn', host: edits({ op: 'truncate', path: EXECUTOR, size: 9 }) },
  {
    number: 193,
    what: 'CURRENT names a manifest that is gone',
    host: { files: { [`${REGISTRY}/CURRENT`]: 'MANIFEST-000002\n' } },
  },
  { number: 193, what: 'CURRENT is empty', host: { files: { [`${REGISTRY}/CURRENT`]: '' } } },
  { number: 193, what: 'the registry is a file', host: { files: { [REGISTRY]: '' } } },
  {
    number: 193,
    what: 'the manifest is empty',
    host: { files: { [`${REGISTRY}/CURRENT`]: 'MANIFEST-000002\n', [`${REGISTRY}/MANIFEST-000002`]: '' } },
  },
  {
    number: 193,
    what: 'CURRENT has no newline',
    host: { files: { [`${REGISTRY}/CURRENT`]: 'MANIFEST-000002', [`${REGISTRY}/MANIFEST-000002`]: 'x' } },
  },
  ...[
    [192, 'target-unrenamable'],
    [192, 'target-incomplete'],
    [195, 'framework-not-checkpointing'],
    [195, 'task-executor-mismatch'],
    [195, 'task-id-mismatch'],
    [217, 'operation-folder-invalid'],
    [217, 'operation-log-bad-record'],
    [218, 'operation-invalid'],
  ].map(
    ([number, finding]): Ended => ({
      number: Number(number),
      what: `the finding ${finding}`,
      host: damaged(String(finding)),
    }),
  ),
  {
    number: 214,
    what: 'storedImages is torn',
    host: { files: { '/var/lib/mesos/store/docker/storedImages': TORN } },
    flags: [
      '--image_providers=docker',
      '--docker_store_dir=/var/lib/mesos/store/docker',
      '--isolation=filesystem/linux',
    ],
  },
  {
    number: 214,
    what: 'storedImages is torn where it is by default',
    host: { files: { '/tmp/mesos/store/docker/storedImages': TORN } },
    flags: ['--image_providers=DOCKER', '--isolation=filesystem/linux'],
  },
];

const checkOf = (number: number): CheckCode => {
  const exit = exitGroups.flatMap(({ exits }) => exits).find((each) => each.number === number);
  if (exit?.check === undefined) throw new Error(`${number} has no check`);
  return exit.check;
};

describe('an agent that ends', () => {
  it.each(ENDED)('by $number: $what', ({ number, host, flags = [], version = '1.11.0' }) => {
    const fixture = { ...plain, ...host, files: { ...plain.files, ...host.files } };
    const facts = gatherFacts(makeHost(fixture), {
      to: version,
      from: '1.11.0',
      supposed: ['--work_dir=/var/lib/mesos', ...flags],
      now: NOW,
    });
    const [result] = runChecks(facts, { only: [checkOf(number)] }).results;
    expect(result?.verdict, result?.rows.map(({ found }) => found).join('; ')).toBe('fail');
  });
});
