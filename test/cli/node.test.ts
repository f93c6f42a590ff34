import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/trees.ts';

const BIN = path.resolve('bin/mesos-ckpt.js');

/** Runs the program's first file as if a version of Node did. */
const runBy = (version: string) => {
  const file = path.join(temporaryFolder(), 'older.cjs');
  fs.writeFileSync(
    file,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });
process.argv.splice(1, 1);
require(${JSON.stringify(BIN)});`,
  );
  return spawnSync(process.execPath, [file, BIN, '--version'], { encoding: 'utf8' });
};

describe('an older Node', () => {
  it.each(['18.20.8', '16.20.2', '0.10.48'])('%s is told what to do in one sentence', (version) => {
    const { stdout, stderr, status } = runBy(version);
    expect([stdout, status]).toEqual(['', 3]);
    expect(stderr).toBe(
      `mesos-ckpt: needs Node.js 20 or later, this is ${version}; a host needs none: on a machine with Node 20, ` +
        'ssh HOST sudo sh -s < contrib/collect.sh | mesos-ckpt preflight -\n',
    );
  });

  it('reads the first file, which has nothing that is newer than ES5', () => {
    expect(fs.readFileSync(BIN, 'utf8')).not.toMatch(/=>|`|\b(?:const|let|class|import|export)\b|\?\.|\?\?/);
  });

  it.each(['20.0.0', '22.1.0'])('%s is not', (version) => {
    expect(runBy(version)).toMatchObject({ stderr: '', status: 0 });
  });
});
