import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openPath } from '../../src/checkpoint/open.ts';
import type { Mode } from '../../src/findings/finding.ts';
import type { Verification, VerifyOptions } from '../../src/verify/verification.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { HOME, materialise } from '../support/trees.ts';
import { bootIdOf } from '../support/verify.ts';
import { AGENT, MARATHON, VOLUMES } from './places.ts';
import { predict, remove, symlink, writeText } from './predict.ts';

const MODES: readonly Mode[] = ['strict', 'nonStrict'];
const LATEST = 'meta/slaves/latest';
const RUN_LATEST = `${VOLUMES.first.path}/runs/latest`;

const at = (root: string, workDir?: string, assumed: VerifyOptions = {}): Verification =>
  verifyCheckpoint(openPath(root, { workDir }), { bootId: bootIdOf('marathon'), sandboxes: 'ignore', ...assumed });

const codesOf = ({ findings }: Verification): readonly string[] => findings.map(({ code }) => code);
const verdicts = (verification: Verification): readonly string[] =>
  MODES.flatMap((mode) => verification[mode].starts.map(({ verdict }) => verdict));

describe('a work_dir that was moved', () => {
  it('refuses in its new place, in either mode', () => {
    const root = materialise('marathon');
    const moved = at(root, root);
    expect(moved.inPlace).toBe(true);
    expect(verdicts(moved)).toEqual(['refuses', 'refuses', 'refuses', 'refuses']);
    expect(moved.strict.starts[0]?.messages).toEqual(['Failed to find latest agent: No such file or directory']);
    expect(moved.strict.exitCode).toBe(2);
    // What the next start would meet is told as well, and what is at stake is counted.
    expect(codesOf(moved).filter((code) => code.endsWith('-latest-elsewhere'))).toHaveLength(5);
    expect(moved.strict.impact.executors.atStake.length).toBeGreaterThan(0);
  });

  it('gives the command that mends the link', () => {
    const root = materialise('marathon');
    const found = at(root, root).findings.find(({ code }) => code === 'agent-latest-elsewhere');
    expect(found?.message).toContain(`ln -sfn ${root}/${AGENT} ${root}/${LATEST}`);
  });

  it('refuses over the runs once slaves/latest was rebuilt', () => {
    const root = materialise('marathon');
    fs.rmSync(`${root}/${LATEST}`);
    fs.symlinkSync(`${root}/${AGENT}`, `${root}/${LATEST}`);
    // It needs no --work-dir: slaves/latest says where it lives now.
    for (const verification of [at(root), at(root, root)]) {
      expect(verification.inPlace).toBe(true);
      expect(verdicts(verification)).toEqual(['refuses', 'refuses', 'refuses', 'refuses']);
      expect(verification.strict.starts[0]?.messages).toHaveLength(4);
      expect(verification.strict.starts[0]?.messages[0]).toMatch(
        /Failed to find latest run of executor .*: No such file/,
      );
    }
  });

  it('recovers once every link was rebuilt', () => {
    const root = materialise('marathon');
    const again = (link: string, target: string): void => {
      fs.rmSync(`${root}/${link}`);
      fs.symlinkSync(`${root}/${target}`, `${root}/${link}`);
    };
    again(LATEST, AGENT);
    for (const executor of [MARATHON.web, MARATHON.api, MARATHON.nightly, MARATHON.cache]) {
      again(`${executor.path}/runs/latest`, executor.run);
    }
    expect(verdicts(at(root))).toEqual(verdicts(at(materialise('marathon'))));
    expect(verdicts(at(root))).toEqual(['recovers', 'recovers']);
  });

  it('loses the executor since 1.12, which notes it', () => {
    const edits = [remove(RUN_LATEST), symlink(RUN_LATEST, `/srv/old/${VOLUMES.first.run}`)];
    const { strict, findings } = predict('volumes', edits, { version: '1.12' });
    expect(strict.starts.map(({ verdict }) => verdict)).toEqual(['recovers']);
    expect(strict.exitCode).toBe(1);
    expect(strict.impact.executors.forgotten.map(({ executor }) => executor)).toEqual([VOLUMES.first.id]);
    const severity = { strict: 'loss', nonStrict: 'loss' };
    expect(findings).toContainEqual(expect.objectContaining({ code: 'run-latest-elsewhere', severity }));
  });
});

describe('a link by hand that leaves the work_dir', () => {
  it.each([
    ['to the name that is here, is taken to lead nowhere', `/mnt/${AGENT.slice('meta/slaves/'.length)}`, 'refuses'],
    ['to another, is taken to lead there', '/mnt/other', 'new-agent'],
  ])('slaves/latest %s', (_what, target, verdict) => {
    const { strict } = predict('volumes', [remove(LATEST), symlink(LATEST, target)]);
    expect([strict.starts[0]?.verdict, strict.exitCode]).toEqual([verdict, 2]);
  });

  it.each([
    ['to the name that is here, is taken to lead nowhere', `/mnt/${VOLUMES.first.run.slice(-36)}`, 'refuses'],
    ['to another, is taken to lead there', '/usr', 'aborts'],
  ])('runs/latest %s', (_what, target, verdict) => {
    const { strict } = predict('volumes', [remove(RUN_LATEST), symlink(RUN_LATEST, target)]);
    expect([strict.starts[0]?.verdict, strict.exitCode]).toEqual([verdict, 2]);
  });
});

describe('a copy', () => {
  it('answers as in place, wherever it is, with or without --work-dir', () => {
    const root = materialise('marathon');
    for (const verification of [at(root), at(root, HOME), at(root, `${HOME}/`)]) {
      expect(verdicts(verification)).toEqual(['recovers', 'recovers']);
      expect([verification.home, verification.inPlace]).toEqual([HOME, false]);
    }
  });

  it("says so on its agent's own host, where the work_dir may have been moved", () => {
    const ownBootId = bootIdOf('marathon');
    const own = { bootId: undefined, ownBootId };
    const root = materialise('marathon');
    expect(codesOf(at(root, undefined, own))).toContain('place-assumed');
    expect(codesOf(at(root, HOME, own))).not.toContain('place-assumed');
    expect(codesOf(at(root, undefined, { ...own, ownBootId: 'another' }))).not.toContain('place-assumed');
    expect(at(root, undefined, own).boot).toMatchObject({ rebooted: false, assumed: false });
  });
});

describe('a tree that no link places', () => {
  const unlinked = (): string => {
    const root = materialise('marathon');
    for (const entry of fs.readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (entry.endsWith('/latest') && fs.lstatSync(`${root}/${entry}`).isSymbolicLink()) fs.rmSync(`${root}/${entry}`);
    }
    return root;
  };
  const judged = (root: string, ownBootId: string, workDir?: string): Verification =>
    verifyCheckpoint(openPath(root, { workDir, ownBootId }), { ownBootId });

  it('is a copy, which the boot of whoever reads it says nothing about', () => {
    const copy = judged(unlinked(), 'a86a9e6c-0000-4000-8000-000000000000');
    expect([copy.inPlace, copy.boot.rebooted, copy.boot.assumed]).toEqual([false, false, true]);
    expect(codesOf(copy)).toContain('boot-id-assumed');
    expect(codesOf(copy)).not.toContain('host-rebooted');
  });

  it('is in place where it holds the boot id of this host, or is said to be', () => {
    const root = unlinked();
    const own = judged(root, bootIdOf('marathon'));
    expect([own.inPlace, own.home, own.boot.rebooted, own.boot.assumed]).toEqual([true, root, false, false]);
    expect(codesOf(own)).not.toContain('place-assumed');
    expect(judged(root, 'another', root).inPlace).toBe(true);
  });
});

describe('below meta/slaves', () => {
  it('a file in place of the folder ends the start of any agent', () => {
    const { strict, nonStrict } = predict('volumes', [remove('meta/slaves'), writeText('meta/slaves', 'x')]);
    expect([strict.exitCode, nonStrict.exitCode]).toEqual([2, 2]);
  });

  it('the folder of an agent whose name begins with a dot is told', () => {
    const { findings } = predict('volumes', [writeText('meta/slaves/.old/slave.info', 'x')]);
    expect(findings).toContainEqual(expect.objectContaining({ code: 'hidden-entry', path: 'meta/slaves/.old' }));
  });
});
