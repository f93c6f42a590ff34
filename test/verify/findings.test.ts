import { describe, expect, it } from 'vitest';
import type { FindingCode } from '../../src/findings/catalogue.ts';
import { alike } from '../../src/findings/entry.ts';
import type { Finding, Severities } from '../../src/findings/finding.ts';
import { jsonLine, shown } from '../../src/text/escape.ts';
import { worstFirst } from '../../src/verify/worst-first.ts';
import type { Edit } from '../support/cases.ts';
import { AGENT, MARATHON, OPERATIONS, PODS, STATE, STATE_TARGET, VOLUMES } from './places.ts';
import {
  type Assumed,
  bytesOf,
  mkdir,
  predict,
  remove,
  rename,
  symlink,
  toFolder,
  truncate,
  writeBytes,
  writeText,
  zeros,
} from './predict.ts';

const { first, second } = VOLUMES;
const { web, webBefore, cache } = MARATHON;

const findingsOf = (tree: string, edits: readonly Edit[], assumed: Assumed = {}): readonly Finding[] =>
  predict(tree, edits, assumed).findings;

/** The findings at or below a path. */
const below = (findings: readonly Finding[], path: string): readonly Finding[] =>
  findings.filter((finding) => finding.path === path || finding.path.startsWith(`${path}/`));

const codesOf = (findings: readonly Finding[]): readonly FindingCode[] => findings.map(({ code }) => code);

describe('worstFirst', () => {
  const found = (code: FindingCode, severity: Severities, path: string): Finding => ({
    code,
    severity,
    path,
    message: 'x',
  });
  const findings = [
    found('unknown-entry', alike('note'), 'a'),
    found('vanished', alike('loss'), 'b'),
    found('task-info-damaged', { strict: 'fatal', nonStrict: 'counted' }, 'c'),
    found('agent-info-missing', alike('fatal'), 'd'),
    found('unknown-entry', alike('note'), 'e'),
  ];
  const order = (mode: 'strict' | 'nonStrict'): string =>
    worstFirst(findings, mode)
      .map(({ path }) => path)
      .join('');

  it('goes by the severities of a mode, and leaves those alike in their order', () => {
    expect(order('strict')).toBe('cdbae');
    expect(order('nonStrict')).toBe('dcbae');
  });

  it('leaves the list as it is', () => {
    expect(findings.map(({ path }) => path).join('')).toBe('abcde');
  });
});

describe('what is found', () => {
  it('is nothing in a tree where all is well, but that it has no sandboxes', () => {
    expect(codesOf(findingsOf('volumes', []))).toEqual(['sandboxes-not-seen']);
    expect(findingsOf('volumes', [], { sandboxes: 'ignore' })).toEqual([]);
  });

  it('is said once of a file that is read twice', () => {
    const damaged = findingsOf('operations', [truncate(STATE, 50)]);
    expect(codesOf(below(damaged, STATE))).toEqual(['resource-state-damaged']);
  });

  it('is said of every place', () => {
    const damaged = findingsOf('volumes', [truncate(`${first.task}/task.info`), truncate(`${second.task}/task.info`)]);
    expect(damaged.filter(({ code }) => code === 'task-info-empty').map(({ path }) => path)).toEqual([
      `${first.task}/task.info`,
      `${second.task}/task.info`,
    ]);
  });

  it('is all that is wrong, not only what ends a start first', () => {
    const codes = codesOf(
      findingsOf('volumes', [
        truncate(STATE, 50),
        ...toFolder(`${VOLUMES.framework}/framework.pid`),
        truncate(`${AGENT}/slave.info`, 300),
        remove(`${first.path}/executor.info`),
      ]),
    );
    expect(codes).toEqual(expect.arrayContaining(['resource-state-damaged', 'framework-pid-unreadable']));
  });

  it('without forked.pid is just that: libprocess.pid and http.marker are not looked at', () => {
    const edits = [remove(`${first.run}/pids/forked.pid`), remove(`${first.run}/pids/libprocess.pid`)];
    expect(codesOf(below(findingsOf('volumes', edits), first.run))).toEqual(['forked-pid-missing']);
  });

  it('is a range of bytes that begins with the record, for a record that does not parse', () => {
    const path = `${first.path}/executor.info`;
    const [finding] = findingsOf('volumes', [{ op: 'flip', path, offset: 4, mask: 0x05 }]);
    expect(finding).toMatchObject({ path, offset: 0, length: bytesOf('volumes', path).length, record: 1 });
    expect(finding?.message).toContain('at byte 4');
  });
});

describe('severities of a case', () => {
  const damagedLog = writeBytes(`${OPERATIONS.finished}/operation.updates`, Buffer.from('01000000ff', 'hex'));
  const sentinel = writeText(`${first.run}/executor.sentinel`, '');
  const info = `${first.path}/executor.info`;
  const endAll = [sentinel, writeText(`${second.run}/executor.sentinel`, '')];
  const { framework } = VOLUMES;

  it.each<readonly [string, string, readonly Edit[], FindingCode, string, string, string]>([
    [
      'a framework.pid that is none is that of an HTTP framework',
      'volumes',
      [writeText(`${framework}/framework.pid`, 'x')],
      'framework-pid-malformed',
      `${framework}/framework.pid`,
      'note',
      'note',
    ],
    [
      'nothing can be sent to port 0',
      'volumes',
      [writeText(`${framework}/framework.pid`, 'a@10.0.0.1:0')],
      'framework-pid-malformed',
      `${framework}/framework.pid`,
      'loss',
      'loss',
    ],
    [
      'an executor is killed where DNS has no answer',
      'volumes',
      [writeText(`${first.run}/pids/libprocess.pid`, 'a@b.example:1')],
      'pid-host-name',
      `${first.run}/pids/libprocess.pid`,
      'loss',
      'loss',
    ],
    ['all executors of a framework have ended', 'volumes', endAll, 'framework-removed', framework, 'note', 'note'],
    [
      'nobody runs without framework.info',
      'volumes',
      [...endAll, remove(`${framework}/framework.info`)],
      'framework-info-missing',
      `${framework}/framework.info`,
      'note',
      'note',
    ],
    [
      'nobody runs without framework.pid',
      'volumes',
      [...endAll, truncate(`${framework}/framework.pid`)],
      'framework-pid-empty',
      `${framework}/framework.pid`,
      'note',
      'note',
    ],
    [
      'an executor that has ended is skipped',
      'volumes',
      [sentinel, remove(info)],
      'executor-info-missing',
      info,
      'note',
      'note',
    ],
    [
      'an executor that has ended is not named',
      'volumes',
      [sentinel, remove(`${first.path}/runs/latest`)],
      'run-latest-missing',
      `${first.path}/runs/latest`,
      'note',
      'note',
    ],
    [
      'an executor of which no run is left may run',
      'volumes',
      [remove(`${first.path}/runs`)],
      'run-latest-missing',
      `${first.path}/runs/latest`,
      'loss',
      'loss',
    ],
    [
      'a stray file among executors is none',
      'volumes',
      [writeText(`${framework}/executors/stray`, '')],
      'run-latest-missing',
      `${framework}/executors/stray/runs/latest`,
      'note',
      'note',
    ],
    [
      'a task of a run that has ended is skipped',
      'volumes',
      [sentinel, remove(`${first.task}/task.info`)],
      'task-info-missing',
      `${first.task}/task.info`,
      'note',
      'note',
    ],
    [
      'a task of an earlier run is skipped',
      'marathon',
      [remove(`${webBefore.run}/executor.sentinel`), truncate(`${webBefore.task}/task.info`)],
      'task-info-empty',
      `${webBefore.task}/task.info`,
      'note',
      'note',
    ],
    [
      'no agent was here before',
      'volumes',
      [remove('meta/slaves')],
      'agent-latest-missing',
      'meta/slaves/latest',
      'note',
      'note',
    ],
    [
      'operations are lost with an empty target',
      'operations',
      [writeText(STATE_TARGET, '')],
      'resource-target-empty',
      STATE_TARGET,
      'loss',
      'loss',
    ],
    [
      'a log that is left with nothing is not counted',
      'operations',
      [damagedLog],
      'operation-log-bad-record',
      `${OPERATIONS.finished}/operation.updates`,
      'fatal',
      'loss',
    ],
    [
      'a log with an update that waits is deleted',
      'operations',
      [remove(STATE)],
      'operation-folder-unknown',
      OPERATIONS.finished,
      'loss',
      'loss',
    ],
    [
      'an id that is a pattern of itself alone',
      'volumes',
      [rename(first.path, `${framework}/executors/db?1`)],
      'glob-characters',
      `${framework}/executors/db?1`,
      'note',
      'note',
    ],
  ])('%s', (_, tree, edits, code, path, strict, nonStrict) => {
    const found = findingsOf(tree, edits).filter((finding) => finding.code === code && finding.path === path);
    expect(found.map(({ severity }) => severity)).toEqual([{ strict, nonStrict }]);
  });

  it.each(['1.11.0', '1.12.0'])('a link that leads nowhere is noted since 1.12: %s', (version) => {
    const path = `${first.path}/runs/latest`;
    const [found] = below(findingsOf('volumes', [remove(first.run)], { version }), path);
    expect(found?.severity).toEqual(alike(version === '1.12.0' ? 'loss' : 'fatal'));
  });

  it.each<readonly [string, string]>([
    ['forked.pid', 'forked-pid-missing'],
    ['libprocess.pid', 'connection-unknown'],
  ])('%s of a run that is not the latest does not matter', (name, code) => {
    const edits = [remove(`${webBefore.run}/executor.sentinel`), remove(`${webBefore.run}/pids/${name}`)];
    expect(codesOf(below(findingsOf('marathon', edits), webBefore.run))).toEqual([]);
    const latest = below(findingsOf('marathon', [remove(`${web.run}/pids/${name}`)]), web.run);
    expect(codesOf(latest)).toEqual([code]);
  });
});

describe('a file that is a link out of the tree', () => {
  const files: readonly (readonly [string, string, FindingCode])[] = [
    ['volumes', `${AGENT}/slave.info`, 'agent-info-damaged'],
    ['volumes', `${VOLUMES.framework}/framework.info`, 'framework-info-damaged'],
    ['volumes', `${VOLUMES.framework}/framework.pid`, 'framework-pid-unreadable'],
    ['volumes', `${first.path}/executor.info`, 'executor-info-damaged'],
    ['volumes', `${first.path}/executor_generated_for_command_task`, 'generated-marker-unreadable'],
    ['volumes', `${first.run}/pids/forked.pid`, 'forked-pid-unreadable'],
    ['volumes', `${first.run}/pids/libprocess.pid`, 'libprocess-pid-unreadable'],
    ['volumes', `${first.task}/task.info`, 'task-info-damaged'],
    ['volumes', `${first.task}/task.updates`, 'task-updates-unopenable'],
    ['volumes', STATE, 'resource-state-damaged'],
    ['targets', STATE_TARGET, 'resource-target-damaged'],
    ['operations', `${OPERATIONS.finished}/operation.updates`, 'operation-log-unopenable'],
    ['pods', `${AGENT}/drain.config`, 'drain-config-damaged'],
  ];

  it.each(files)('%s: %s', (tree, path, code) => {
    const found = below(findingsOf(tree, [remove(path), symlink(path, '/elsewhere/file')]), path);
    const damage = found.find((finding) => finding.code === code);
    expect(damage?.message).toBe('it is a link that leaves the tree, to /elsewhere/file; it was not followed');
    expect(codesOf(found)).toContain('link-leaves-tree');
  });

  it.each(files)('%s: %s, as a folder, is told by its errno', (tree, path, code) => {
    const damage = below(findingsOf(tree, toFolder(path)), path).find((finding) => finding.code === code);
    expect(damage?.message).toMatch(/^it cannot be (read|opened for writing): Is a directory$/);
  });

  it('of resources.info too', () => {
    const path = 'meta/resources/resources.info';
    const found = findingsOf('legacy', [remove(path), symlink(path, '/elsewhere/file')]);
    expect(found.find(({ code }) => code === 'resources-info-damaged')?.message).toContain('/elsewhere/file');
  });
});

describe('what frameworks chose', () => {
  const text = '12\u001b[31m\u202e\n';
  const found = findingsOf('volumes', [writeText(`${first.run}/pids/forked.pid`, text)]);

  it('is in the message as it is, and escaped where it is shown', () => {
    const [finding] = found;
    expect(finding?.code).toBe('forked-pid-malformed');
    expect(finding?.message).toContain(text);
    expect(shown(finding?.message ?? '')).toContain('12\\x1b[31m\\u202e\\n');
  });

  it('is escaped in JSON, and reads the same', () => {
    const line = jsonLine(found);
    expect(line).not.toMatch(/\p{Cc}|\p{Cf}/u);
    expect(JSON.parse(line)[0].message).toBe(found[0]?.message);
  });
});

describe('damage that ends a start', () => {
  it('is not told as something else besides', () => {
    expect(codesOf(findingsOf('star-reservation', [], { sandboxes: 'ignore' }))).toEqual(['star-reservation']);
  });

  it('of a file of zeros is told with the zeros', () => {
    const path = `${PODS.pid.path}/executor.info`;
    const found = below(findingsOf('pods', [zeros('pods', path)]), path);
    expect(codesOf(found)).toEqual(['executor-info-damaged', 'zero-filled-file']);
    const size = bytesOf('pods', path).length;
    expect(found.map(({ offset, length }) => [offset, length])).toEqual([
      [0, size],
      [0, size],
    ]);
  });
});

it('an executor that has not registered is told of once', () => {
  const found = below(findingsOf('marathon', [mkdir(`${cache.run}/pids`)]), cache.path);
  expect(codesOf(found)).toEqual(['task-updates-missing', 'connection-unknown']);
});
