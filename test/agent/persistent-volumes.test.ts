import { describe, expect, test } from 'vitest';
import { AgentAbort } from '../../src/agent/agent-abort.ts';
import { persistentVolumePath, volumeChanges } from '../../src/agent/persistent-volumes.ts';
import { Resources } from '../../src/agent/resources.ts';
import type { Resource, Resource_DiskInfo_Source } from '../../src/schema/index.ts';
import { disk, dynamic, scalar, volume } from './samples.ts';

const on = (source: Resource_DiskInfo_Source): Resource => volume('v', 1, { disk: disk('v', source) });

describe('persistentVolumePath', () => {
  test.each<[string, Resource, string]>([
    ['in the work_dir', volume('v', 1), '/w/volumes/roles/db/v'],
    [
      'of a role below another',
      volume('v', 1, { reservations: [dynamic('a'), dynamic('a/b/c')] }),
      '/w/volumes/roles/a b c/v',
    ],
    ['on a PATH disk', on({ type: 'PATH', path: { root: '/p/' } }), '/p/volumes/roles/db/v'],
    ['on a PATH disk in the work_dir', on({ type: 'PATH', path: { root: 'p' } }), '/w/p/volumes/roles/db/v'],
    ['on a MOUNT disk', on({ type: 'MOUNT', mount: { root: '/m' } }), '/m'],
    ['on a MOUNT disk in the work_dir', on({ type: 'MOUNT', mount: { root: 'm/n' } }), '/w/m/n'],
    [
      'on a CSI volume',
      on({ type: 'MOUNT', id: 'a/b c\u00e9', mount: { root: 'csi' } }),
      '/w/csi/a%2Fb%20c%C3%A9/target',
    ],
    [
      'on a CSI volume below a PATH',
      on({ type: 'PATH', id: 'x', path: { root: '/csi' } }),
      '/csi/x/target/volumes/roles/db/v',
    ],
  ])('%s', (_what, resource, path) => {
    expect(persistentVolumePath('/w', resource)).toBe(path);
    expect(persistentVolumePath('/w/', resource)).toBe(path);
  });

  test.each<[string, Resource]>([
    ['Check failed: volume.reservations_size() > 0 (0 vs. 0)', volume('v', 1, { reservations: [] })],
    ['Check failed: volume.has_disk()', scalar('disk', 1, { reservations: [dynamic('a')] })],
    [
      'Check failed: volume.disk().has_persistence()',
      scalar('disk', 1, { reservations: [dynamic('a')], disk: disk() }),
    ],
    ['CHECK_NONE(roles::validate(role)): is SOME', volume('v', 1, { reservations: [dynamic('/')] })],
    ['Unsupported DiskInfo.Source.type', on({ type: 'RAW' })],
    ['Check failed: volume.disk().source().has_path()', on({ type: 'PATH' })],
    ['Check failed: volume.disk().source().mount().has_root()', on({ type: 'MOUNT', mount: {} })],
  ])('%s', (message, resource) => {
    expect(() => persistentVolumePath('/w', resource)).toThrow(new AgentAbort(message));
  });

  test.each(['', '.', '..', 'a/b', 'a\\b', 'a\n', 'a\x7f', 'x'.repeat(256), '\u00e9'.repeat(128)])(
    'the id %j is not a folder name',
    (id) => {
      expect(() => persistentVolumePath('/w', volume(id, 1))).toThrow(
        'CHECK_NONE(common::validation::validateID(volume.disk().persistence().id())): is SOME',
      );
    },
  );
});

describe('volumeChanges', () => {
  const kept = volume('kept', 10);
  const mount = volume('m', 5, { disk: disk('m', { type: 'MOUNT', mount: { root: '/m' } }) });

  test('goes by paths', () => {
    const committed = Resources.of([kept, volume('old', 20.5), mount, scalar('cpus', 1)]);
    const target = Resources.of([volume('kept', 99), volume('new', 30)]);
    expect(volumeChanges('/w', committed, target)).toEqual({
      created: [{ path: '/w/volumes/roles/db/new', id: 'new', role: 'db', size: '30', isMount: false }],
      deleted: [
        { path: '/w/volumes/roles/db/old', id: 'old', role: 'db', size: '20.5', isMount: false },
        { path: '/m', id: 'm', role: 'db', size: '5', isMount: true },
      ],
    });
  });

  test('nothing to do', () => {
    expect(volumeChanges('/w', Resources.of([kept]), Resources.of([kept]))).toEqual({ created: [], deleted: [] });
  });

  test('a volume that is not reserved ends the agent', () => {
    const loose = Resources.of([volume('v', 1, { reservations: [] })]);
    expect(() => volumeChanges('/w', Resources.none, loose)).toThrow(
      new AgentAbort('Check failed: Resources::isReserved(volume)'),
    );
  });
});
