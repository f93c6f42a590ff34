import { describe, expect, it } from 'vitest';
import { DEFAULT_VERSION } from '../../../src/agent/version.ts';
import { openSource } from '../../../src/checkpoint/open.ts';
import { rulesOf } from '../../../src/recovery/versions.ts';
import { checkForeignIds, checkPatterns } from '../../../src/verify/checks/ids.ts';
import { verifyCheckpoint } from '../../../src/verify/verify.ts';
import { applyEdits, HOME, loadTree, treeNames } from '../../support/trees.ts';
import { loadCheckpoint, version } from '../../support/verify.ts';
import { bytes, record, sub, updateRecord, uuid } from '../../support/wire.ts';
import { AGENT, AGENT_ID, MARATHON, PODS, SLAVE_INFO, VOLUMES } from '../places.ts';
import { remove, rename, symlink, writeBytes } from '../predict.ts';
import { brief, checked } from './run-check.ts';

const { first } = VOLUMES;

describe('checkForeignIds', () => {
  it.each(treeNames)('finds none in %s', (tree) => {
    expect(brief(checked(checkForeignIds, tree))).toEqual([]);
  });

  it('compares the agent', () => {
    const other = AGENT.replace('-S7', '-S8');
    const link = 'meta/slaves/latest';
    const found = checked(checkForeignIds, 'fresh', [
      rename(AGENT, other),
      remove(link),
      symlink(link, `/var/lib/mesos/${other}`),
    ]);
    expect(brief(found)).toEqual([`foreign-id ${other}/slave.info`]);
    expect(found[0]?.message).toBe(
      `id is '${AGENT_ID}' in the file, and '${AGENT_ID.replace('-S7', '-S8')}' by its folder`,
    );
  });

  it('compares frameworks, and what is in them', () => {
    const framework = `${AGENT}/frameworks/other`;
    const executor = `${framework}/executors/db-docker.1`;
    const task = first.task.replace(VOLUMES.framework, framework);
    const found = checked(checkForeignIds, 'volumes', [
      remove(`${VOLUMES.framework}/executors/db-docker.2`),
      rename(VOLUMES.framework, framework),
    ]);
    expect(brief(found)).toEqual([
      `foreign-id ${framework}/framework.info`,
      `foreign-id ${executor}/executor.info`,
      `foreign-id ${task}/task.info`,
      `foreign-id ${task}/task.updates`,
    ]);
    expect(found.map(({ message }) => message.split(' ', 1)[0])).toEqual([
      'id',
      'framework_id',
      'framework_id',
      'framework_id',
    ]);
  });

  it('compares executors, but not with a command task, which names none', () => {
    const path = `${PODS.framework}/executors/other`;
    const tasks = `${PODS.pid.run.replace(PODS.pid.path, path)}/tasks/node-1-server__b1`;
    const found = brief(checked(checkForeignIds, 'pods', [rename(PODS.pid.path, path)]));
    expect(found).toEqual([
      `foreign-id ${path}/executor.info`,
      `foreign-id ${tasks}/task.info`,
      `foreign-id ${tasks}/task.updates`,
    ]);
    const { api } = MARATHON;
    const other = `${MARATHON.framework}/executors/other`;
    const task = `${other}${api.task.slice(api.path.length)}`;
    // The task of a command executor does not name it; its updates do.
    expect(brief(checked(checkForeignIds, 'marathon', [rename(api.path, other)]))).toEqual([
      `foreign-id ${other}/executor.info`,
      `foreign-id ${task}/task.updates`,
    ]);
  });

  it('compares tasks', () => {
    const other = `${first.run}/tasks/other`;
    const found = checked(checkForeignIds, 'volumes', [rename(first.task, other)]);
    expect(brief(found)).toEqual([`foreign-id ${other}/task.info`, `foreign-id ${other}/task.updates`]);
    expect(found[0]?.message).toBe("task_id is 'db-docker.1' in the file, and 'other' by its folder");
    expect(found[1]).toMatchObject({ offset: 0, record: 1 });
  });

  it('compares updates, and tells of the first', () => {
    const log = `${first.task}/task.updates`;
    const foreign = updateRecord(uuid(1), { task: 'db-docker.1' });
    const found = checked(checkForeignIds, 'volumes', [writeBytes(log, Buffer.concat([foreign, foreign]))]);
    expect(found).toMatchObject([{ path: log, offset: 0, length: foreign.length, record: 1 }]);
    expect(found[0]?.message).toContain("framework_id is 'f'");
  });

  it('compares nothing with what is not there, or cannot be read', () => {
    // A framework's info may have no id: agents up to 0.22 wrote it so.
    const withoutId = record(Buffer.concat([bytes(1, 'user'), bytes(2, 'name')]));
    expect(
      brief(checked(checkForeignIds, 'volumes', [writeBytes(`${VOLUMES.framework}/framework.info`, withoutId)])),
    ).toEqual([]);
    const damaged = record(Buffer.concat([sub(1, bytes(1, 'x')), Buffer.from([0xff])]));
    expect(brief(checked(checkForeignIds, 'volumes', [writeBytes(SLAVE_INFO, damaged)]))).toEqual([]);
  });
});

describe('checkPatterns', () => {
  const place = (id: string): string => `${VOLUMES.framework}/executors/${id}`;
  const LOSS = { strict: 'loss', nonStrict: 'loss' };
  const NOTE = { strict: 'note', nonStrict: 'note' };

  it.each(['volumes', 'marathon', 'pods', 'legacy', 'fresh'])('finds none in %s', (tree) => {
    expect(brief(checked(checkPatterns, tree))).toEqual([]);
  });

  it.each([
    ['db[1]', LOSS, /does not match/],
    ['db\\1', LOSS, /does not match/],
    ['db?1', NOTE, /matches itself alone/],
    ['*1', NOTE, /matches itself alone/],
    ['db*', LOSS, /'db-docker\.2'/],
    ['d?-docker.2x*', NOTE, /matches itself alone/],
    ['db-docker.?', LOSS, /'db-docker\.2'/],
    ['db[', NOTE, /matches itself alone/],
  ])('judges an executor called %s', (id, severity, message) => {
    const found = checked(checkPatterns, 'volumes', [rename(first.path, place(id))]);
    expect(found).toMatchObject([{ code: 'glob-characters', path: place(id), severity }]);
    expect(found[0]?.message).toMatch(message);
  });

  it('finds nothing hidden where there is nothing', () => {
    const found = checked(checkPatterns, 'volumes', [
      rename(first.path, place('db[1]')),
      remove(`${place('db[1]')}/runs`),
    ]);
    expect(found).toMatchObject([{ severity: NOTE }]);
  });

  it('judges frameworks and runs too, and no task, which has nothing below', () => {
    const framework = `${AGENT}/frameworks/f[1]`;
    expect(brief(checked(checkPatterns, 'volumes', [rename(VOLUMES.framework, framework)]))).toEqual([
      `glob-characters ${framework}`,
    ]);
    const run = `${first.path}/runs/r[1]`;
    expect(brief(checked(checkPatterns, 'volumes', [rename(first.run, run)]))).toEqual([`glob-characters ${run}`]);
    expect(brief(checked(checkPatterns, 'volumes', [rename(first.task, `${first.run}/tasks/t[1]`)]))).toEqual([]);
  });

  it('has nothing to judge without an agent', () => {
    expect(brief(checked(checkPatterns, 'ids', [remove('meta/slaves/latest')]))).toEqual([]);
  });

  describe('above all that is listed', () => {
    const at = (home: string): readonly unknown[] => {
      const checkpoint = loadCheckpoint(loadTree('volumes'), 'facts', HOME);
      const found = checkPatterns(checkpoint, { rules: rulesOf(version(DEFAULT_VERSION)), home });
      return found.map(({ code, path, severity }) => [code, path, severity]);
    };

    it.each([
      ['/srv/mesos[1]', LOSS],
      ['/srv[x]/mesos', LOSS],
      ['/srv/a\\b', LOSS],
      ['/srv/mesos?', NOTE],
      ['/srv*/mesos', NOTE],
    ])('judges a work_dir %s', (home, severity) => {
      expect(at(home)).toEqual([['glob-characters-above', '', severity]]);
    });

    it("judges the agent's id", () => {
      const other = `${AGENT}[1]`;
      const link = 'meta/slaves/latest';
      const found = checked(checkPatterns, 'volumes', [
        rename(AGENT, other),
        remove(link),
        symlink(link, `/var/lib/mesos/${other}`),
      ]);
      expect(found).toMatchObject([{ code: 'glob-characters-above', path: other, severity: LOSS }]);
    });

    it('costs every executor, and their operations are not looked at', () => {
      const links = [remove(`${first.path}/runs/latest`), symlink(`${first.path}/runs/latest`, first.run.slice(-36))];
      const { strict } = verifyCheckpoint(
        openSource(
          applyEdits(loadTree('volumes'), [
            remove('meta/slaves/latest'),
            symlink('meta/slaves/latest', AGENT_ID),
            ...links,
          ]),
          {
            workDir: '/srv/mesos[1]',
          },
        ),
      );
      expect([strict.exitCode, strict.starts[0]?.verdict]).toEqual([1, 'recovers']);
      expect(strict.impact.executors.forgotten).toHaveLength(2);
    });
  });
});
