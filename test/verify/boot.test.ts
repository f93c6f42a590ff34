import { describe, expect, it } from 'vitest';
import type { TextFile } from '../../src/checkpoint/files.ts';
import { type BootOptions, bootOf } from '../../src/verify/boot.ts';
import { BOOT_ID, VOLUMES } from './places.ts';
import { mkdir, predict, remove, symlink, writeText } from './predict.ts';

const text = (content: string): TextFile => ({ kind: 'text', text: content, zeros: false });
const UUID = '4f3c1f6e-52c1-4d8e-9d0a-2f6b8a1f7c11';
const ABSENT: TextFile = { kind: 'absent', vanished: false };
const FOLDER: TextFile = {
  kind: 'unreadable',
  code: 'EISDIR',
  step: 'read',
  outside: undefined,
  instead: undefined,
  linked: false,
};

describe('bootOf', () => {
  it.each<[string, TextFile, BootOptions, boolean, { rebooted: boolean; assumed: boolean }]>([
    ['the same id', text('a'), { bootId: 'a' }, false, { rebooted: false, assumed: false }],
    ['another id', text('a'), { bootId: 'b' }, false, { rebooted: true, assumed: false }],
    [
      'blanks around the checkpointed id',
      text(' \ta\r\n'),
      { bootId: 'a' },
      false,
      { rebooted: false, assumed: false },
    ],
    ['a blank within it', text('a b'), { bootId: 'a' }, false, { rebooted: true, assumed: false }],
    ['zeros', text('\0\0'), { bootId: 'a' }, false, { rebooted: true, assumed: false }],
    ['an empty file', text(''), { bootId: 'a' }, false, { rebooted: true, assumed: false }],
    ['an empty file, and nothing to compare it with', text('\n'), {}, false, { rebooted: true, assumed: false }],
    ['no file', ABSENT, { bootId: 'a' }, false, { rebooted: false, assumed: false }],
    ['a folder', FOLDER, { bootId: 'a' }, false, { rebooted: false, assumed: false }],
    ['nothing to compare it with', text(UUID), {}, false, { rebooted: false, assumed: true }],
    ['no file, and nothing to compare it with', ABSENT, {}, false, { rebooted: false, assumed: true }],
    [
      'no boot id, and nothing to compare it with',
      text('4f3c1f6e-52c1'),
      {},
      false,
      { rebooted: true, assumed: false },
    ],
    ['the id of this machine, of a copy', text(UUID), { ownBootId: 'b' }, false, { rebooted: false, assumed: true }],
    [
      'the same id of this machine, of a copy',
      text(UUID),
      { ownBootId: UUID },
      false,
      { rebooted: false, assumed: false },
    ],
    ['the id of this machine, in place', text('a'), { ownBootId: 'b' }, true, { rebooted: true, assumed: false }],
    ['the same id of this machine, in place', text('a'), { ownBootId: 'a' }, true, { rebooted: false, assumed: false }],
    [
      'a given id before that of this machine',
      text('a'),
      { bootId: 'a', ownBootId: 'b' },
      true,
      { rebooted: false, assumed: false },
    ],
    ['said to be rebooted', text('a'), { bootId: 'a', rebooted: true }, false, { rebooted: true, assumed: false }],
    ['said to be rebooted, without a file', ABSENT, { rebooted: true }, false, { rebooted: true, assumed: false }],
  ])('%s', (_, file, options, inPlace, expected) => {
    expect(bootOf(file, options, inPlace)).toMatchObject(expected);
  });
});

describe('what is said of it', () => {
  const BOOT_CODES = [
    'boot-id-missing',
    'boot-id-unreadable',
    'boot-id-unwritable',
    'boot-id-assumed',
    'host-rebooted',
    'boot-id-malformed',
  ];
  const codes = (...given: Parameters<typeof predict>): readonly string[] =>
    predict(...given)
      .findings.map(({ code }) => code)
      .filter((code) => BOOT_CODES.includes(code));

  it.each<[string, Parameters<typeof predict>, readonly string[]]>([
    ['nothing on its own host', ['volumes'], []],
    ['rebooted', ['volumes', [], { bootId: 'another' }], ['host-rebooted']],
    ['rebooted as asked for', ['volumes', [], { rebooted: true }], ['host-rebooted']],
    ['assumed', ['volumes', [], { bootId: undefined }], ['boot-id-assumed']],
    ['missing', ['volumes', [remove(BOOT_ID)]], ['boot-id-missing']],
    [
      'missing, with nothing to compare it with',
      ['volumes', [remove(BOOT_ID)], { bootId: undefined }],
      ['boot-id-missing'],
    ],
    ['a link to nothing', ['volumes', [remove(BOOT_ID), symlink(BOOT_ID, 'nothing')]], ['boot-id-unreadable']],
    ['a link to a folder', ['volumes', [remove(BOOT_ID), symlink(BOOT_ID, 'slaves')]], ['boot-id-unreadable']],
    ['a folder', ['volumes', [remove(BOOT_ID), mkdir(BOOT_ID)]], ['boot-id-unwritable']],
    ['empty', ['volumes', [writeText(BOOT_ID, '')]], ['boot-id-malformed', 'host-rebooted']],
    ['no meta at all', ['volumes', [remove('meta')], { rebooted: true }], []],
  ])('%s', (_, given, expected) => {
    expect(codes(...given)).toEqual(expected);
  });

  it('decides whether pids are believed', () => {
    const unreached = [remove(`${VOLUMES.first.run}/pids/libprocess.pid`)];
    expect(predict('volumes', unreached).strict.impact.executors.killed).toHaveLength(1);
    expect(predict('volumes', unreached, { rebooted: true }).strict.impact.executors.killed).toEqual([]);
  });
});
