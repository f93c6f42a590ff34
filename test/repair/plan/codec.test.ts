import { describe, expect, it } from 'vitest';
import { openSource } from '../../../src/checkpoint/open.ts';
import { BadPlan } from '../../../src/repair/plan/check-plan.ts';
import { planJson, readPlan } from '../../../src/repair/plan/codec.ts';
import { planRepair } from '../../../src/repair/plan-repair.ts';
import { HOME } from '../../support/trees.ts';
import { bootIdOf } from '../../support/verify.ts';
import { bytesOf, DB, DB1, DB2, logOf, volumesWith, writing } from '../trees.ts';

const bad = Buffer.from('01000000ff', 'hex');
const base = volumesWith();
const tree = volumesWith(
  writing(logOf(base, DB1), Buffer.concat([bytesOf(base, logOf(base, DB1)), bad])),
  writing(`${DB2}/executor.info`, bad),
  { op: 'remove', path: `${DB1}/runs/latest` },
  { op: 'remove', path: `${DB}/framework.pid` },
);
const { plan } = planRepair(openSource(tree, { workDir: HOME }), {
  bootId: bootIdOf('volumes'),
  salvage: true,
});
if (plan === undefined) throw new Error('no plan');

type Json = { [key: string]: Json } & Json[];

/** The plan as a file has it, to be changed. */
const file = (): Json => JSON.parse(JSON.stringify(planJson(plan))) as Json;

/** The place of the first change of a kind. */
const changeOf = (json: Json, kind: string): Json => {
  const found = [...(json['steps'] ?? [])]
    .flatMap((step) => [...(step['changes'] ?? [])])
    .find((change) => (change['kind'] as unknown) === kind);
  if (found === undefined) throw new Error(`no change is a ${kind}`);
  return found;
};

/** Puts a path in the place of another, wherever the plan has it. */
const moved = (json: Json, kind: string, to: string): Json => {
  const from = changeOf(json, kind)['path'] as unknown as string;
  return JSON.parse(JSON.stringify(json).replaceAll(JSON.stringify(from), JSON.stringify(to))) as Json;
};

describe('a plan file', () => {
  it('is read back as the plan that it was', () => {
    expect(plan.steps.map(({ changes }) => changes.map(({ kind }) => kind))).toEqual(
      expect.arrayContaining([['cut'], ['set-aside'], ['create-link'], ['create-file']]),
    );
    expect(readPlan(JSON.stringify(file()))).toEqual(plan);
  });

  it.each([
    '/etc/passwd',
    '../meta/slaves/x',
    'meta/slaves/../../../etc/passwd',
    'meta/./slaves/x',
    'meta//slaves/x',
    'meta/slaves/x/',
    '',
    'meta',
    'meta/slaves',
    'slaves/x/y',
    'elsewhere/x/y',
    'meta/slaves/a\0b',
    `meta/slaves/${'x/'.repeat(3000)}y`,
  ])('with the path %j is refused', (path) => {
    for (const kind of ['set-aside', 'cut', 'create-file', 'create-link']) {
      expect(() => readPlan(JSON.stringify(moved(file(), kind, path)))).toThrow(BadPlan);
    }
  });

  it.each(['/etc/passwd', '/var/lib/mesos/meta/slaves/x', '/var/lib/mesos/../../etc', 'latest', ''])(
    'with a link to %j is refused',
    (target) => {
      const json = file();
      Object.assign(changeOf(json, 'create-link'), { target });
      expect(() => readPlan(JSON.stringify(json))).toThrow(/target/);
    },
  );

  const wrong: readonly (readonly [what: string, at: RegExp, change: (json: Json) => unknown])[] = [
    ['another kind', /kind/, (json) => Object.assign(json, { kind: 'x' })],
    ['a version of the form that is to come', /schemaVersion/, (json) => Object.assign(json, { schemaVersion: 2 })],
    ['a start that is not strict', /strict/, (json) => Object.assign(json, { strict: false })],
    ['a work_dir that is none', /workDir/, (json) => Object.assign(json, { workDir: 'x' })],
    ['a work_dir that leads up', /workDir/, (json) => Object.assign(json, { workDir: '/var/../etc' })],
    ['a version that is none', /mesosVersion/, (json) => Object.assign(json, { mesosVersion: '0.1' })],
    [
      'a launcher that is none',
      /launcher: it is not one of posix, linux/,
      (json) => Object.assign(json, { launcher: 'x' }),
    ],
    ['a text for a truth', /rebooted: it is neither true nor false/, (json) => Object.assign(json, { rebooted: 'no' })],
    ['steps that are not list', /steps: it is not a list/, (json) => Object.assign(json, { steps: {} })],
    ['a field that is not known', /: extra: no such field is known/, (json) => Object.assign(json, { extra: 1 })],
    [
      'a field that is not known in a change',
      /steps\[\d\]\.changes\[0\]\.mode: no such field is known/,
      (json) => Object.assign(changeOf(json, 'cut'), { mode: 1 }),
    ],
    [
      'a change of another kind',
      /changes\[0\]\.kind: it is not one of set-aside, cut, create-file, create-link, create-folder/,
      (json) => Object.assign(changeOf(json, 'cut'), { kind: 'delete' }),
    ],
    [
      'a number that occurs twice',
      /steps\[1\]\.id: '1' occurs twice/,
      (json) => Object.assign(json['steps']?.[1] ?? {}, { id: '1' }),
    ],
    [
      'a number that is none',
      /steps\[0\]\.id: it is not a number as text/,
      (json) => Object.assign(json['steps']?.[0] ?? {}, { id: 'x' }),
    ],
    [
      'a finding that is none',
      /code/,
      (json) => Object.assign(json['steps']?.[0]?.['mends']?.[0] ?? {}, { code: 'x' }),
    ],
    [
      'nothing that it mends',
      /steps\[0\]\.mends: it is empty/,
      (json) => Object.assign(json['steps']?.[0] ?? {}, { mends: [] }),
    ],
    ['a field that is missing', /launcher: it is missing/, (json) => Reflect.deleteProperty(json, 'launcher')],
    [
      'a change without a path',
      /changes\[0\]\.path: it is missing/,
      (json) => Reflect.deleteProperty(changeOf(json, 'cut'), 'path'),
    ],
    [
      'a change that is not an object',
      /steps\[0\]\.changes\[0\]: it is not an object/,
      (json) => json['steps']?.[0]?.['changes']?.splice(0, 1, null as never),
    ],
    ['a field whose name is not Unicode', /not Unicode/, (json) => Object.assign(json, { '\ud800': 1 })],
    ['no change', /changes/, (json) => Object.assign(json['steps']?.[0] ?? {}, { changes: [] })],
    [
      'spans behind the end',
      /spans: a span reaches past the end of the file, which has \d+ bytes/,
      (json) => Object.assign(changeOf(json, 'cut'), { spans: [{ offset: 1e9, length: 1 }] }),
    ],
    [
      'spans of nothing',
      /spans\[0\]\.length: it is less than 1/,
      (json) => Object.assign(changeOf(json, 'cut'), { spans: [{ offset: 1, length: 0 }] }),
    ],
    [
      'spans out of order',
      /in order/,
      (json) =>
        Object.assign(changeOf(json, 'cut'), {
          spans: [
            { offset: 4, length: 2 },
            { offset: 5, length: 1 },
          ],
        }),
    ],
    [
      'spans that are not counts',
      /count/,
      (json) => Object.assign(changeOf(json, 'cut'), { spans: [{ offset: -1, length: 1.5 }] }),
    ],
    ['bytes that are not base64', /base64/, (json) => Object.assign(changeOf(json, 'create-file'), { bytes: '%%' })],
    ['a path that was not looked at', /not in touched/, (json) => json['touched']?.splice(0, 1)],
    ['a path that is looked at for nothing', /no step touches it/, (json) => json['steps']?.splice(0, 1)],
    ['a path that is looked at twice', /occurs twice/, (json) => json['touched']?.push(json['touched'][0] as Json)],
    [
      'a digest that is none',
      /before\.sha256: it is not a SHA-256 in hex/,
      (json) => {
        const at = json['touched']?.findIndex((each) => (each['before']?.['kind'] as unknown) === 'file') ?? -1;
        Object.assign(json['touched']?.[at]?.['before'] ?? {}, { sha256: 'x' });
      },
    ],
    [
      'a file made where one is',
      /changes\[\d\]: something is there, and no earlier step sets it aside/,
      (json) => {
        const path = changeOf(json, 'create-file')['path'] as unknown;
        const touched = json['touched']?.find((each) => (each['path'] as unknown) === path);
        Object.assign(touched ?? {}, { before: { kind: 'link', target: 'x' } });
      },
    ],
    [
      'a cut of what is not there',
      /changes\[0\]: the plan found nothing there/,
      (json) => {
        const path = changeOf(json, 'cut')['path'] as unknown;
        const touched = json['touched']?.find((each) => (each['path'] as unknown) === path);
        Object.assign(touched ?? {}, { before: { kind: 'absent' } });
      },
    ],
  ];

  it.each(wrong)('with %s is refused, and says where', (_what, at, change) => {
    const json = file();
    change(json);
    expect(() => readPlan(JSON.stringify(json))).toThrow(BadPlan);
    expect(() => readPlan(JSON.stringify(json))).toThrow(at);
  });

  it.each(['', '{', '[]', 'null', '1', '"x"', '{}'])('that is %j is refused', (text) => {
    expect(() => readPlan(text)).toThrow(BadPlan);
  });
});
