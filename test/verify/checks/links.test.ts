import { describe, expect, it } from 'vitest';
import { checkLinks } from '../../../src/verify/checks/links.ts';
import { treeNames } from '../../support/trees.ts';
import { AGENT, VOLUMES } from '../places.ts';
import { mkdir, remove, symlink, writeText } from '../predict.ts';
import { brief, checked } from './run-check.ts';

const AGENTS = 'meta/slaves/latest';
const RUNS = `${VOLUMES.first.path}/runs/latest`;

describe('checkLinks', () => {
  it.each(treeNames)('finds nothing in %s', (tree) => {
    expect(brief(checked(checkLinks, tree))).toEqual([]);
  });

  it.each([
    [AGENTS, AGENT],
    [RUNS, VOLUMES.first.run],
  ])('tells what %s is', (link, target) => {
    const of = (...edits: Parameters<typeof checked>[2] & object): readonly string[] =>
      brief(checked(checkLinks, 'volumes', [remove(link), ...edits])).filter((line) => line.endsWith(` ${link}`));
    expect(of(mkdir(link))).toEqual([`latest-no-link ${link}`]);
    expect(of(writeText(link, 'x'))).toEqual([`latest-no-link ${link}`]);
    // What is beside it is recovery's to judge.
    expect(of(symlink(link, `/srv/copy/${target}`))).toEqual([]);
    expect(of(symlink(link, '/srv/copy/elsewhere'))).toEqual([`link-leaves-tree ${link}`]);
    expect(of(symlink(link, `/srv/copy/${target}x`))).toEqual([]);
    expect(of(symlink(link, `/var/lib/mesos/${target}`))).toEqual([]);
    expect(of(symlink(link, target.slice(target.lastIndexOf('/') + 1)))).toEqual([]);
    expect(of(symlink(link, 'latest'))).toEqual([]);
    expect(of()).toEqual([]);
  });
});
