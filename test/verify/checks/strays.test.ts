import { describe, expect, it } from 'vitest';
import { checkStrays } from '../../../src/verify/checks/strays.ts';
import { applyEdits, loadTree, treeNames } from '../../support/trees.ts';
import { loadCheckpoint } from '../../support/verify.ts';
import { AGENT, OPERATIONS, VOLUMES } from '../places.ts';
import { mkdir, remove, symlink, writeText } from '../predict.ts';
import { brief, checked } from './run-check.ts';

const { first, framework } = VOLUMES;

/** The folders in which the agent writes files of its own choice of names. */
const FOLDERS = ['meta', 'meta/resources', AGENT, framework, first.path, first.run, `${first.run}/pids`, first.task];

describe('checkStrays', () => {
  it.each(treeNames.filter((tree) => tree !== 'ids'))('finds nothing in %s', (tree) => {
    expect(brief(checked(checkStrays, tree))).toEqual([]);
  });

  it.each(FOLDERS)('finds what no agent writes in %s', (folder) => {
    const of = (name: string, kind: 'file' | 'folder' | 'link'): readonly string[] => {
      const path = `${folder}/${name}`;
      const edit = kind === 'file' ? writeText(path, 'x') : kind === 'folder' ? mkdir(path) : symlink(path, 'x');
      return brief(checked(checkStrays, 'volumes', [edit]));
    };
    expect(of('notes.txt', 'file')).toEqual([`unknown-entry ${folder}/notes.txt`]);
    expect(of('backup', 'folder')).toEqual([`unknown-entry ${folder}/backup`]);
    expect(of('aB3xYz', 'link')).toEqual([`unknown-entry ${folder}/aB3xYz`]);
    expect(of('aB3xYz', 'folder')).toEqual([`unknown-entry ${folder}/aB3xYz`]);
    expect(of('aB3xYz', 'file')).toEqual([`temporary-file ${folder}/aB3xYz`]);
    expect(of('aB3xYzz', 'file')).toEqual([`unknown-entry ${folder}/aB3xYzz`]);
    expect(of('aB3.Yz', 'file')).toEqual([`unknown-entry ${folder}/aB3.Yz`]);
    expect(of('.aB3xY', 'file')).toEqual([`unknown-entry ${folder}/.aB3xY`]);
  });

  it('finds it in the folder of an operation', () => {
    const path = `${OPERATIONS.finished}/notes.txt`;
    expect(brief(checked(checkStrays, 'operations', [writeText(path, 'x')]))).toEqual([`unknown-entry ${path}`]);
  });

  it.each([`${AGENT}/frameworks`, `${framework}/executors`, `${first.path}/runs`, `${first.run}/tasks`])(
    'finds what the agent does not see in %s, and takes all else for an id',
    (folder) => {
      expect(brief(checked(checkStrays, 'volumes', [mkdir(`${folder}/.hidden`)]))).toEqual([
        `hidden-entry ${folder}/.hidden`,
      ]);
      expect(brief(checked(checkStrays, 'volumes', [writeText(`${folder}/.hidden`, '')]))).toEqual([
        `unknown-entry ${folder}/.hidden`,
      ]);
      expect(brief(checked(checkStrays, 'volumes', [mkdir(`${folder}/aB3xYz`)]))).toEqual([]);
    },
  );

  it('says what a stray is', () => {
    const [found] = checked(checkStrays, 'volumes', [symlink(`${AGENT}/notes`, 'x')]);
    expect(found?.message).toBe('no agent writes a link of this name here');
  });

  it('finds the folders of other agents', () => {
    const others = ['meta/slaves/S1', 'meta/slaves/S2', 'meta/slaves/.S3'].map(mkdir);
    expect(brief(checked(checkStrays, 'volumes', others))).toEqual([
      'hidden-entry meta/slaves/.S3',
      'other-agent meta/slaves/S1',
      'other-agent meta/slaves/S2',
    ]);
    // Where none is named, it may be the one that runs.
    expect(brief(checked(checkStrays, 'volumes', [remove('meta/slaves/latest')]))).toEqual([]);
  });

  it('knows what other parts of the agent keep there', () => {
    const known = [
      mkdir(`${AGENT}/resource_provider_registry`),
      mkdir(`${AGENT}/resource_providers`),
      mkdir('meta/volume_gid_manager'),
      mkdir('meta/device_manager'),
    ];
    expect(loadCheckpoint(applyEdits(loadTree('volumes'), known)).strays).toEqual([]);
    expect(brief(checked(checkStrays, 'volumes', known))).toEqual([]);
  });
});
