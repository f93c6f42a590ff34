import { describe, expect, it } from 'vitest';
import { attributesFlag } from '../../../src/agent/attributes-flag.ts';
import { withFlags } from '../../../src/agent/flags/values.ts';
import { buildAgentInfo } from '../../../src/agent/info/build.ts';
import { upgradeAgentInfo } from '../../../src/agent/info/check.ts';
import { compareAgentInfo } from '../../../src/agent/info/compare.ts';
import { checkFit } from '../../../src/agent/info/fit.ts';
import { rebuildAgentInfo } from '../../../src/agent/info/rebuild.ts';
import { Resources } from '../../../src/agent/resources.ts';
import { parseResources, resourcesFlag } from '../../../src/agent/resources-flag.ts';
import { checkCompatibility } from '../../../src/index.ts';
import type { SlaveInfo } from '../../../src/schema/index.ts';
import { readCompatCases } from '../../support/cases.ts';
import { agentInfo, disk, dynamic, ranges, scalar, staticFor, textAttribute, volume } from '../samples.ts';
import { type Flags, infoIn, inputOf, type Made } from './support.ts';

const HEAD = [1, 11, 0] as const;

/** The flags that an agent with this info was started with. */
const flagsFor = (info: SlaveInfo): Flags => {
  const names = new Set(info.resources.map(({ name }) => name));
  const zeros = Object.entries({ cpus: '0', mem: '0', disk: '0', ports: '[]' }).filter(([name]) => !names.has(name));
  const attributes = attributesFlag(info.attributes);
  const text = resourcesFlag(upgradeAgentInfo(info).resources, '*');
  return {
    hostname: info.hostname,
    port: String(info.port ?? 5051),
    resources: [text, ...zeros.map((pair) => pair.join(':'))].filter((each) => each !== '').join(';'),
    ...(attributes === undefined || attributes === '' ? {} : { attributes }),
    ...(info.domain === undefined ? {} : { domain: JSON.stringify(info.domain) }),
  };
};

const compare = (previous: SlaveInfo, made: Made) => compareAgentInfo(previous, inputOf(made), HEAD);

describe("the conformance data's pairs, by way of flags", () => {
  const cases = readCompatCases();

  it('have the same verdicts, and the same words', () => {
    const differing = cases.flatMap((each, i) => {
      const [old, now] = [infoIn(Buffer.from(each.old, 'hex')), infoIn(Buffer.from(each.new, 'hex'))];
      const found = compare(old, { flags: flagsFor(now) });
      const wanted = [each.equal, each.additive];
      return [found.equal, found.additive].flatMap((verdict, policy) => {
        const want = wanted[policy];
        const isSame =
          (verdict?.kind === 'compatible') === want?.ok &&
          (want?.message === undefined || (verdict?.kind === 'incompatible' && verdict.message === want.message));
        return isSame ? [] : [{ pair: i + 1, wanted: want, found: verdict }];
      });
    });
    expect(differing).toEqual([]);
    expect(cases).toHaveLength(200);
  });

  it('have a remedy, which the agent accepts, unless no flag can say it', () => {
    let remedied = 0;
    for (const each of cases) {
      const [old, now] = [infoIn(Buffer.from(each.old, 'hex')), infoIn(Buffer.from(each.new, 'hex'))];
      const input = inputOf({ flags: flagsFor(now) });
      for (const { policy, flags } of compareAgentInfo(old, input, HEAD).remedies) {
        const changed = new Map(flags.map(({ name, value }) => [name, value]));
        const built = buildAgentInfo({ ...input, flags: withFlags(input.flags, changed) });
        const again = compareAgentInfo(old, { ...input, flags: withFlags(input.flags, changed) }, HEAD);
        expect(again[policy], JSON.stringify(flags)).toEqual({ kind: 'compatible' });
        expect(built.refusals).toEqual([]);
        remedied += 1;
      }
    }
    expect(remedied).toBeGreaterThan(200);
  });

  it('are rebuilt to files that the agent accepts, under each policy', () => {
    for (const each of cases) {
      const now = infoIn(Buffer.from(each.new, 'hex'));
      const built = buildAgentInfo(inputOf({ flags: flagsFor(now) }));
      for (const policy of ['equal', 'additive'] as const) {
        const rebuilt = rebuildAgentInfo({ agentId: now.id?.value ?? '', built, policy, hasPolicy: true });
        if (!rebuilt.ok) throw new Error(rebuilt.why);
        expect(rebuilt).toMatchObject({ policy, extent: policy === 'equal' ? 'whole' : 'least', flags: [] });
        expect(checkCompatibility(rebuilt.bytes, Buffer.from(each.new, 'hex'), policy)).toEqual({ ok: true });
      }
    }
  });
});

describe('texts of flags', () => {
  it.each([
    [[scalar('cpus', 4.5), scalar('mem', 1024)], 'cpus:4.5;mem:1024'],
    [
      [
        ranges('ports', [
          [1, 5],
          [7, 9],
        ]),
      ],
      'ports:[1-5,7-9]',
    ],
    [[scalar('cpus', 4, { reservations: [staticFor('web')] })], 'cpus(web):4'],
    [[scalar('disk', 10, { disk: disk(undefined, { type: 'MOUNT', mount: { root: '/mnt' } }) })], undefined],
    [[scalar('a b', 1)], undefined],
  ])('give the same resources again', (resources, text) => {
    const flag = resourcesFlag(resources, '*');
    if (text === undefined) expect(flag).toMatch(/^\[\{/);
    else expect(flag).toBe(text);
    const parsed = parseResources(flag, '*');
    expect(parsed.ok && parsed.value.resources.equals(Resources.of(resources))).toBe(true);
    const other = parseResources(resourcesFlag(resources, 'other'), 'other');
    expect(other.ok && other.value.resources.equals(Resources.of(resources))).toBe(true);
  });
});

describe('a comparison', () => {
  const previous = agentInfo({
    resources: [scalar('cpus', 8), scalar('mem', 15360), scalar('disk', 97280), ranges('ports', [[31000, 32000]])],
    attributes: [textAttribute('rack', 'r1')],
    port: 5051,
    checkpoint: true,
  });
  const flags = { hostname: 'n1', attributes: 'rack:r1' };

  it('of what is the same is compatible', () => {
    const found = compare(previous, { flags });
    expect(found).toMatchObject({ policy: 'equal', verdict: { kind: 'compatible' }, differences: [], remedies: [] });
  });

  it('tells each field, and what is gone and added', () => {
    const found = compare(previous, { flags: { hostname: 'n2', attributes: 'rack:r2;zone:a' }, cpus: 16 });
    expect(found.differences).toMatchObject([
      { field: 'hostname', previous: 'n1', current: 'n2', certainty: 'set' },
      { field: 'resources', gone: ['cpus:8'], added: ['cpus:16'], certainty: 'detected' },
      { field: 'attributes', gone: ['rack=r1'], added: ['rack=r2', 'zone=a'] },
    ]);
    expect(found.verdict).toMatchObject({
      kind: 'incompatible',
      message: expect.stringContaining('Incompatible agent info detected.'),
    });
  });

  it('tells the fewest flags: a disk that grew needs one, or another policy', () => {
    expect(compare(previous, { flags, disk: 200 * 2 ** 30 }).remedies).toEqual([
      { policy: 'equal', flags: [{ name: 'resources', value: 'disk:97280' }] },
      { policy: 'additive', flags: [{ name: 'reconfiguration_policy', value: 'additive' }] },
    ]);
    expect(compare(previous, { flags, disk: 50 * 2 ** 30 }).remedies[1]).toEqual({
      policy: 'additive',
      flags: [
        { name: 'reconfiguration_policy', value: 'additive' },
        { name: 'resources', value: 'disk:97280' },
      ],
    });
    expect(
      compare(previous, { flags: { ...flags, reconfiguration_policy: 'additive', port: '1' } }).remedies[0],
    ).toEqual({
      policy: 'additive',
      flags: [{ name: 'port', value: '5051' }],
    });
  });

  it('says to leave out what was not there', () => {
    const domain = '{"fault_domain":{"region":{"name":"eu"},"zone":{"name":"b"}}}';
    expect(compare(previous, { flags: { ...flags, domain } }).remedies[0]).toEqual({
      policy: 'equal',
      flags: [{ name: 'domain', value: undefined }],
    });
    expect(compare(previous, { flags: { ...flags, domain } }).additive).toEqual({ kind: 'compatible' });
  });

  it('is unknown where it hangs on what is not known', () => {
    expect(compare(previous, { flags, disk: null }).verdict).toMatchObject({
      kind: 'unknown',
      likely: undefined,
      because: [{ field: 'resources.disk' }],
    });
    expect(compare(previous, { flags: { attributes: 'rack:r1' } }).verdict).toMatchObject({
      kind: 'unknown',
      likely: 'compatible',
      because: [{ field: 'hostname' }],
    });
    expect(
      compare({ ...previous, hostname: 'n1.example' }, { flags: { attributes: 'rack:r1' } }).verdict,
    ).toMatchObject({ kind: 'unknown', likely: 'incompatible' });
    expect(compare(previous, { flags: { ...flags, reconfiguration_policy: null, port: '1' } }).verdict.kind).toBe(
      'incompatible',
    );
    expect(compare(previous, { flags: { ...flags, reconfiguration_policy: null }, disk: 2 ** 40 }).verdict.kind).toBe(
      'unknown',
    );
  });

  it('takes whatever is not known of what was not there, under additive alone', () => {
    const additive = { ...flags, reconfiguration_policy: 'additive', domain: null };
    expect(compare(previous, { flags: additive }).verdict).toEqual({ kind: 'compatible' });
    const equal = compare(previous, { flags: { ...flags, domain: null } });
    expect(equal.verdict).toMatchObject({ kind: 'unknown', because: [{ field: 'domain' }] });
    expect(equal.remedies).toEqual([
      { policy: 'equal', flags: [{ name: 'domain', value: undefined }] },
      { policy: 'additive', flags: [{ name: 'reconfiguration_policy', value: 'additive' }] },
    ]);
    const domain = { fault_domain: { region: { name: 'eu' }, zone: { name: 'b' } } };
    expect(compare({ ...previous, domain }, { flags: additive }).verdict.kind).toBe('unknown');
    const bare = { ...previous, attributes: [] };
    expect(compare(bare, { flags: { ...additive, attributes: null } }).verdict).toEqual({ kind: 'compatible' });
    expect(compare(previous, { flags: { ...additive, attributes: null } }).verdict.kind).toBe('unknown');
  });

  it('is incompatible where it would be whatever is not known', () => {
    expect(compare(previous, { flags: { ...flags, port: '1' }, disk: null }).verdict.kind).toBe('incompatible');
  });

  it('has no policy before 1.5.0', () => {
    const found = compareAgentInfo(previous, inputOf({ flags, disk: 2 ** 40 }), [1, 4, 3]);
    expect(found).toMatchObject({
      policy: 'equal',
      additive: undefined,
      isCheckedInCleanup: false,
      verdict: { kind: 'incompatible' },
    });
    expect(found.remedies.map(({ policy }) => policy)).toEqual(['equal']);
  });
});

describe('reservations and volumes', () => {
  const reserved = [scalar('cpus', 2, { reservations: [dynamic('db', 'cassandra')] }), volume('v1', 1000)];

  it('fit, or do not, in the words of the agent', () => {
    expect(checkFit(reserved, buildAgentInfo(inputOf({})))).toEqual({ kind: 'fits' });
    const small = checkFit(reserved, buildAgentInfo(inputOf({ flags: { resources: 'cpus:1' } })));
    expect(small).toMatchObject({
      kind: 'does-not-fit',
      message: expect.stringMatching(
        /^Checkpointed resources cpus.* are incompatible with agent resources cpus:1; .*: Incompatible agent resources: cpus:1/,
      ),
    });
  });

  it('are unknown where they depend on a resource that is', () => {
    expect(checkFit(reserved, buildAgentInfo(inputOf({ disk: null })))).toMatchObject({
      kind: 'unknown',
      because: [{ field: 'resources.disk' }],
    });
    expect(checkFit(reserved, buildAgentInfo(inputOf({ disk: null, flags: { resources: 'cpus:1' } }))).kind).toBe(
      'does-not-fit',
    );
  });
});

describe('a slave.info that is rebuilt', () => {
  const rebuild = (made: Made, more: Partial<Parameters<typeof rebuildAgentInfo>[0]> = {}) =>
    rebuildAgentInfo({
      agentId: 'S7',
      built: buildAgentInfo(inputOf(made)),
      policy: 'equal',
      hasPolicy: true,
      ...more,
    });
  const flags = { hostname: 'n1' };

  it('is whole where all is sure and all has to be equal', () => {
    const rebuilt = rebuild({ flags });
    if (!rebuilt.ok) throw new Error(rebuilt.why);
    expect(rebuilt).toMatchObject({ extent: 'whole', policy: 'equal', certainty: 'suspect', flags: [] });
    expect(infoIn(rebuilt.bytes)).toMatchObject({ hostname: 'n1', port: 5051, checkpoint: true, id: { value: 'S7' } });
    expect(infoIn(rebuilt.bytes).resources).toHaveLength(4);
  });

  it('is the least that additive accepts where something is not sure, and says so', () => {
    const rebuilt = rebuild({ flags, disk: null });
    if (!rebuilt.ok) throw new Error(rebuilt.why);
    expect(rebuilt).toMatchObject({ extent: 'least', policy: 'additive', flags: [] });
    expect(infoIn(rebuilt.bytes)).toEqual({
      hostname: 'n1',
      port: 5051,
      checkpoint: true,
      id: { value: 'S7' },
      resources: [],
      attributes: [],
    });
    expect(rebuilt.explanation.join()).toContain('--reconfiguration_policy=additive');
  });

  it('holds an assumed hostname by a flag', () => {
    const rebuilt = rebuild({});
    expect(rebuilt).toMatchObject({
      ok: true,
      extent: 'least',
      policy: 'additive',
      flags: [{ name: 'hostname', value: 'n1' }],
    });
    expect(rebuild({}, { hasPolicy: false })).toMatchObject({
      ok: true,
      extent: 'whole',
      policy: 'equal',
      flags: [{ name: 'hostname', value: 'n1' }],
    });
  });

  it('is none where hostname or port are not known, or the agent would not start', () => {
    expect(rebuild({ flags: { hostname: null } })).toMatchObject({ ok: false, unknown: [{ field: 'hostname' }] });
    expect(rebuild({ flags: { ...flags, port: '0' } })).toMatchObject({ ok: false, unknown: [{ field: 'port' }] });
    expect(rebuild({ flags, disk: null }, { hasPolicy: false })).toMatchObject({
      ok: false,
      unknown: [{ field: 'resources.disk' }],
    });
    expect(rebuild({ flags: { ...flags, resources: 'x' } })).toMatchObject({
      ok: false,
      why: expect.stringContaining('does not start'),
    });
  });
});
