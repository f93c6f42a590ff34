import * as fs from 'node:fs';
import { expect, it } from 'vitest';
import { diskPlaceOf, isInFolder, readMountInfo } from '../../src/source/mounts.ts';
import { temporaryFolder } from '../support/trees.ts';

const table = (text: string) => {
  const file = `${temporaryFolder()}/mountinfo`;
  fs.writeFileSync(file, text);
  return readMountInfo(file);
};

it('reads a table of mounts, with optional fields and escaped names', () => {
  const mounts = table(
    [
      '20 1 8:1 / / rw,relatime shared:1 master:2 - ext4 /dev/sda rw,errors=remount-ro',
      '31 20 8:1 /a\\040b /mnt/c\\134d ro - ext4 /dev/sda rw',
      'nonsense',
      '',
    ].join('\n'),
  );
  expect(mounts).toEqual([
    {
      ...{ id: '20', device: '8:1', root: '/', path: '/', type: 'ext4' },
      options: ['rw', 'relatime', 'rw', 'errors=remount-ro'],
    },
    { id: '31', device: '8:1', root: '/a b', path: '/mnt/c\\d', type: 'ext4', options: ['ro', 'rw'] },
  ]);
  expect(readMountInfo('/nowhere')).toEqual([]);
});

it('tells where a path is on disk, by the last of the deepest mounts', () => {
  const mounts = table(
    [
      '1 0 8:1 / / rw - x x rw',
      '2 1 8:2 /in /mnt rw - x x rw',
      '3 2 8:3 / /mnt rw - x x rw',
      '4 1 8:4 / /m rw - x x rw',
    ].join('\n'),
  );
  expect(diskPlaceOf(mounts, '/mnt/a')).toEqual({ device: '8:3', path: '/a' });
  expect(diskPlaceOf(mounts, '/mntx')).toEqual({ device: '8:1', path: '/mntx' });
  expect(diskPlaceOf(mounts, '/m')).toEqual({ device: '8:4', path: '/' });
  expect(diskPlaceOf(mounts, '/')).toEqual({ device: '8:1', path: '/' });
  expect(diskPlaceOf([], '/a')).toEqual({ device: '', path: '/a' });
});

it('tells what lies in a folder: through links, by bind mounts of it or of a part, and in what is mounted below it', () => {
  const base = fs.realpathSync(temporaryFolder());
  for (const folder of ['meta/slaves', 'bind', 'part', 'other', 'metax']) {
    fs.mkdirSync(`${base}/${folder}`, { recursive: true });
  }
  fs.symlinkSync(`${base}/meta/slaves`, `${base}/link`);
  const mounts = table(
    [
      '1 0 8:1 / / rw - x x rw',
      `2 1 8:1 ${base}/meta ${base}/bind rw - x x rw`,
      `3 1 8:1 ${base}/meta/slaves ${base}/part rw - x x rw`,
      `4 1 8:9 /data ${base}/meta/slaves rw - x x rw`,
      `5 1 8:9 /data/deep ${base}/other rw - x x rw`,
    ].join('\n'),
  );
  const isIn = (path: string): boolean => isInFolder(`${base}/${path}`, `${base}/meta`, mounts);
  const within = ['meta', 'meta/new', 'meta/slaves/x', 'bind/x', 'bind', 'part/x', 'other/x', 'link', 'link/new'];
  expect(within.filter((path) => !isIn(path))).toEqual([]);
  expect(['metax/x', '.', 'x', 'nowhere/x/y'].filter(isIn)).toEqual([]);
  expect(isInFolder(`${base}/meta/x`, `${base}/meta`, [])).toBe(true);
  expect(isInFolder(`${base}/bind/x`, `${base}/meta`, [])).toBe(false);
  expect(isInFolder(`${base}/x`, `${base}/nowhere`, mounts)).toBe(false);
});
