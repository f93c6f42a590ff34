import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FOLDERS } from '../../src/layout/folders.ts';
import { fileIn, filesOf, kindNamed, rowOf } from '../../src/layout/kinds.ts';
import { isComeUpon, type PlaceParts, pathOf, placeOf } from '../../src/layout/place.ts';
import { loadTree, treeNames } from '../support/trees.ts';
import { pathsOf } from '../support/walk.ts';

const RUN = 'meta/slaves/A/frameworks/F/executors/E/runs/R';
const ids = { agent: 'A', framework: 'F', executor: 'E', run: 'R' };

describe('a path and its place', () => {
  it.each([
    ['', { folder: 'work_dir', below: '' }],
    ['meta', { folder: 'meta', below: '' }],
    ['meta/boot_id', { folder: 'meta', below: 'boot_id', file: 'boot_id' }],
    ['meta/slaves', { folder: 'meta', below: 'slaves' }],
    ['meta/slaves/latest', { folder: 'meta', below: 'slaves/latest', file: 'slaves/latest' }],
    ['meta/slaves/latest/slave.info', { folder: 'agent', agent: 'latest', below: 'slave.info', file: 'slave.info' }],
    ['meta/resources/resources.info', { folder: 'resources', below: 'resources.info', file: 'resources.info' }],
    ['meta/volume_gid_manager/volume_gids', { folder: 'meta', file: 'volume_gids' }],
    [
      'meta/slaves/A/operations/O/operation.updates',
      { folder: 'operation', operation: 'O', file: 'operation.updates' },
    ],
    ['meta/slaves/A/frameworks/latest', { folder: 'framework', framework: 'latest', below: '' }],
    [
      'meta/slaves/A/resource_providers/T/N/P/resource_provider.state',
      { folder: 'provider', providerType: 'T', providerName: 'N', provider: 'P', file: 'resource_provider.state' },
    ],
    ['meta/slaves/A/frameworks/F/executors/E/runs/latest', { folder: 'executor', executor: 'E', file: 'runs/latest' }],
    [`${RUN}/pids/forked.pid`, { folder: 'run', ...ids, below: 'pids/forked.pid', file: 'forked.pid' }],
    [`${RUN}/tasks/T/task.updates`, { folder: 'task', ...ids, task: 'T', file: 'task.updates' }],
    [`${RUN}/task.updates`, { folder: 'run', below: 'task.updates', file: undefined }],
    [RUN.slice(5), { folder: 'run', ...ids, isSandbox: true, below: '' }],
    [`${RUN.slice(5)}/executor.sentinel`, { folder: 'run', isSandbox: true, file: undefined }],
    ['slaves', { folder: 'work_dir', isSandbox: true, below: 'slaves' }],
    ['mesos-ckpt/2026', { folder: 'work_dir', below: 'mesos-ckpt/2026' }],
  ])('%s', (path, place) => {
    expect(placeOf(path)).toMatchObject(place);
    expect(pathOf(placeOf(path))).toBe(path);
  });

  it.each(treeNames)('are the same both ways for all of %s', (tree) => {
    for (const path of pathsOf(loadTree(tree))) expect(pathOf(placeOf(path))).toBe(path);
  });

  it.each(treeNames)('every file of %s lies where its row says', (tree) => {
    for (const path of pathsOf(loadTree(tree))) {
      const { isSandbox, file, folder } = placeOf(path);
      const named = kindNamed(path);
      if (!isSandbox && named !== undefined) expect([path, file]).toEqual([path, named]);
      if (file !== undefined) expect([path, rowOf(file).of]).toEqual([path, folder]);
    }
  });
});

describe('a path that a reader comes upon', () => {
  it.each([
    ['meta/slaves/latest', true],
    ['meta/slaves/A/frameworks/F/executors', true],
    [RUN, true],
    [RUN.slice(5), true],
    [`${RUN}/a stray`, true],
    [`${RUN}/pids/forked.pid`, true],
    [`${RUN}/pids/a stray`, true],
    [`${RUN}/pids/a stray/below`, false],
    [`${RUN}/a stray/below`, false],
    ['meta/slaves/A/frameworks/F/executors/E/executor.info/executor.info', false],
    ['meta/slaves/A/frameworks/F/executors/E/runs/latest', true],
    ['meta/slaves/A/frameworks/F/executors/E/runs/latest/tasks/T/task.info', false],
    ['meta/slaves/A/frameworks/F/executors/E/runs/latest/executor.info', false],
  ])('%s: %s', (path, isThere) => expect(isComeUpon(path)).toBe(isThere));

  it.each(treeNames)('all files and links of %s', (tree) => {
    for (const path of pathsOf(loadTree(tree))) {
      if (placeOf(path).file !== undefined) expect([path, isComeUpon(path)]).toEqual([path, true]);
    }
  });
});

const name = fc.string({ minLength: 1, maxLength: 5, unit: fc.constantFrom('a', '.', '*', ' ', '\n', '\ud800') });
const known = fc.constantFrom(
  'meta',
  'slaves',
  'frameworks',
  'executors',
  'runs',
  'tasks',
  'latest',
  'pids',
  'resources',
);

it('any path is the path of its place', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(known, name, fc.constantFrom('boot_id', 'task.info')), { maxLength: 14 }),
      (parts) => {
        const path = parts.join('/');
        expect(pathOf(placeOf(path))).toBe(path);
      },
    ),
  );
});

const kinds = Object.keys(FOLDERS) as readonly (keyof typeof FOLDERS)[];
const idNames = Object.values(FOLDERS).flatMap((row) => [...row.ids]);
const anyIds = fc.record(Object.fromEntries(idNames.map((each) => [each, name])));

it('any place is the place of its path, with each of its files', () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds), anyIds, (folder, all) => {
      const path = pathOf({ ...all, folder } as unknown as PlaceParts);
      const place = placeOf(path);
      expect(place).toMatchObject({ folder, isSandbox: false, below: '' });
      for (const [id, value] of Object.entries(all)) {
        expect([undefined, value]).toContain((place as unknown as Record<string, unknown>)[id]);
      }
      for (const kind of filesOf(folder).values()) {
        expect(placeOf(fileIn(path, kind))).toMatchObject({ folder, file: kind });
      }
    }),
  );
});
