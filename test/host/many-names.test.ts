import { describe, expect, it } from 'vitest';
import { readCheckpointAccess } from '../../src/host/checkpoint-access.ts';
import type { Host, HostStat } from '../../src/host/host.ts';
import { known } from '../../src/host/known.ts';
import { readState } from '../../src/preflight/facts/state-files.ts';
import { shorten } from '../../src/text/shorten.ts';

/** More than a call can have arguments. */
const MANY = 300_000;

const NAMES: readonly string[] = Array.from({ length: MANY }, (_, i) => String(i));

const stat = (kind: 'file' | 'folder'): HostStat => ({ kind, mode: 0o777, uid: 0, gid: 0 }) as unknown as HostStat;

describe('a folder of more names than a call can have arguments', () => {
  it('is looked through as far as what the user may do is looked at', () => {
    let looked = 0;
    const host = {
      isOwn: true,
      link: () => undefined,
      stat: (path: string) => {
        looked += 1;
        return stat(path.endsWith('/meta') || !path.startsWith('/w') ? 'folder' : 'file');
      },
      list: () => NAMES,
    } as unknown as Host;
    const user = { uid: 1, groups: new Set([1]), name: 'mesos', isUnbound: false, origin: undefined };
    const access = readCheckpointAccess(host, '/w', known(user));
    expect(access).toEqual(known({ denials: [], looked: 20_000 }));
    // Each with the folders above it, and no more of them than are counted.
    expect(looked).toBeLessThan(20_000 * 6);
  });

  it('is looked for volumes in', () => {
    const host = {
      list: (path: string) => (path === '/w/csi' ? ['type'] : path === '/w/csi/type' ? NAMES : []),
      local: () => undefined,
      stat: () => undefined,
    } as unknown as Host;
    const places = {
      workDir: '/w',
      agent: known(undefined),
      dockerVolumeDir: known('/v'),
      dockerStoreDir: known('/s'),
    };
    expect(readState(host, places).csiVolumes).toEqual(known([]));
  });
});

it('a text of more characters than a call can have arguments is shortened', () => {
  expect(shorten(`${'a'.repeat(MANY)}\\x01${'b'.repeat(MANY)}`, 8)).toMatch(/^a+…b+$/);
});
