import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { undoJournal } from '../../src/apply/journal-actions.ts';
import { statesOf } from '../../src/apply/standing.ts';
import type { Change } from '../../src/repair/plan/change.ts';
import { bytesOf } from '../../src/text/lossless.ts';
import {
  bareHosts,
  bashHosts,
  mustRun,
  runOnCopy,
  runScript,
  scriptFile,
  scriptHosts,
  withFunctions,
} from './script-support.ts';
import {
  AGENT,
  apply,
  CHANGES,
  FakeProcesses,
  fingerprint,
  forget,
  makeTree,
  outline,
  planned,
  settle,
  standings,
  targetAt,
} from './support.ts';

const hosts = scriptHosts();

/** What `--apply` makes of a tree of these changes. */
const applied = async (folder: string, changes: readonly Change[]): Promise<readonly string[]> => {
  const { place } = await apply(folder, planned(folder, changes), new FakeProcesses().start());
  const after = outline(folder);
  await undoJournal(place.path, { force: true });
  forget(folder);
  return after;
};

/** Times that a step leaves, besides those of the folders that it changes and of what it makes. */
const timeOf = (folder: string, path: string): bigint =>
  fs.lstatSync(bytesOf(`${folder}/${path}`), { bigint: true }).mtimeNs;

describe.each([...hosts, ...bashHosts(), ...bareHosts()])('a script on a host with $name', (host) => {
  it('comes to the same as --apply, and takes it back to the byte, as mesos-ckpt does', async () => {
    const folder = makeTree();
    const before = fingerprint(folder);
    const outlined = outline(folder);
    const expected = await applied(folder, CHANGES);
    const time = timeOf(folder, `${AGENT}/log`);
    const file = scriptFile(folder, planned(folder, CHANGES));
    expect(fingerprint(folder)).toEqual(before);

    expect(mustRun(host, file, 'check', folder)).toContain('nothing was changed');
    expect(fs.existsSync(`${folder}/mesos-ckpt`)).toBe(false);
    expect(fingerprint(folder)).toEqual(before);

    const said = mustRun(host, file, 'apply', folder);
    expect(said).toContain('Done: 9 of 9 steps.');
    expect(outline(folder)).toEqual(expected);
    expect(timeOf(folder, `${AGENT}/log`)).toBe(time);
    expect(standings(folder)).toEqual(['applied']);

    expect(mustRun(host, file, 'apply', folder)).toContain('carried out already');
    expect(mustRun(host, file, 'check', folder)).toContain('carried out already');
    expect(outline(folder)).toEqual(expected);

    expect(mustRun(host, file, 'undo', folder)).toContain('what was changed is as it was, to the byte');
    expect(fingerprint(folder)).toEqual(before);
    expect(standings(folder)).toEqual(['undone']);
    expect(mustRun(host, file, 'undo', folder)).toContain('taken back already');

    mustRun(host, file, 'apply', folder);
    expect(outline(folder)).toEqual(expected);
    expect(standings(folder)).toEqual(['undone', 'applied']);

    // Of this journal, mesos-ckpt takes back as much.
    const state = statesOf(targetAt(folder)).at(-1);
    const done = await undoJournal(state?.place.path ?? '', { force: true });
    expect(done).toMatchObject({ ending: 'undone', done: 0, of: 9 });
    expect(done.notes).toEqual([]);
    if (host.isExact) expect(fingerprint(folder)).toEqual(before);
    else expect(outline(folder)).toEqual(outlined);
    expect(standings(folder)).toEqual(['undone', 'undone']);
    expect(mustRun(host, file, 'undo', folder)).toContain('taken back already');
  });

  it('takes back what --apply of the same plan did', async () => {
    const folder = makeTree();
    const before = outline(folder);
    const steps = planned(folder, CHANGES);
    const file = scriptFile(folder, steps);
    await apply(folder, steps, new FakeProcesses().start());
    mustRun(host, file, 'undo', folder);
    expect(outline(folder)).toEqual(before);
    expect(standings(folder)).toEqual(['undone']);
  });

  it('refuses a tree that has changed, and names the places', () => {
    const folder = makeTree();
    const file = scriptFile(folder, planned(folder, CHANGES));
    fs.writeFileSync(`${folder}/${AGENT}/log`, 'first|BAD|second|BAD|thirD');
    fs.appendFileSync(`${folder}/${AGENT}/torn`, '!');
    fs.rmSync(`${folder}/${AGENT}/latest`);
    fs.writeFileSync(bytesOf(`${folder}/${AGENT}/job [1]*\udcff/more`), '');
    const before = fingerprint(folder);
    for (const command of ['check', 'apply']) {
      const { code, err } = runOnCopy(host, file, command, folder);
      expect(code).toBe(3);
      expect(err).toContain('has other bytes than it had');
      expect(err).toContain('has 9 bytes, and had 8');
      expect(err).toContain('is nothing, and was a link');
      expect(err).toContain('holds other names, sizes or links than it did');
      expect(err).toContain('the tree is not as the plan saw it in 4 places: nothing was changed');
      expect(fingerprint(folder)).toEqual(before);
      expect(fs.existsSync(`${folder}/mesos-ckpt`)).toBe(false);
    }
  });

  it('does not overwrite what was written since, when it takes back', async () => {
    const folder = makeTree();
    const steps = planned(folder, CHANGES);
    const file = scriptFile(folder, steps);
    await apply(folder, steps, new FakeProcesses().start());
    fs.appendFileSync(`${folder}/${AGENT}/log`, 'new');
    fs.writeFileSync(bytesOf(`${folder}/${AGENT}/job [1]*\udcff/newer`), '');
    const before = fingerprint(folder);
    const { code, err } = runOnCopy(host, file, 'undo', folder);
    expect(code).toBe(3);
    expect(err).toContain('what was written would be lost');
    expect(err).toContain('holds something by now');
    expect(err).toContain('nothing was taken back');
    expect(fingerprint(folder)).toEqual(before);
  });

  it('takes back what it did where a step cannot be done', () => {
    const folder = makeTree();
    const file = scriptFile(folder, planned(folder, CHANGES));
    const latest = `${folder}/${AGENT}/latest`;
    // Behind the fifth step, somebody takes away what the eighth is about.
    const mv = `mv() {
  command mv "$@" || return 1
  for last in "$@"; do :; done
  case $last in */kept/5) rm -f '${latest}' ;; esac
}
`;
    const { code, err } = runOnCopy(host, withFunctions(file, mv), 'apply', folder);
    expect(code).toBe(3);
    expect(err).toContain('step 8 (set aside meta/slaves/S1/latest): it is nothing, and was a link');
    expect(err).toContain('what was done has been taken back');
    expect(standings(folder)).toEqual(['rolled-back']);
    fs.symlinkSync('/nowhere', latest);
    expect(mustRun(host, file, 'apply', folder)).toContain('Done');
  });
});

describe('more than is looked at with one process', () => {
  const MANY = 70;

  /** Files, each with a time and a size of its own, and a folder of as many: all of them go. */
  const manyIn = (folder: string): readonly Change[] => {
    fs.mkdirSync(`${folder}/${AGENT}/full`);
    for (let i = 1; i <= MANY; i++) {
      fs.writeFileSync(`${folder}/${AGENT}/full/f ${i}`, 'x'.repeat(i));
      fs.writeFileSync(`${folder}/${AGENT}/n'${i}`, `${i}`);
    }
    settle(folder);
    const names = ['full', ...Array.from({ length: MANY }, (_, i) => `n'${i + 1}`)];
    return names.map((name) => ({ kind: 'set-aside', path: `${AGENT}/${name}` }));
  };

  it.each(hosts)('is compared to the last of it, under $name', (host) => {
    const folder = makeTree();
    const file = scriptFile(folder, planned(folder, manyIn(folder)));
    expect(mustRun(host, file, 'check', folder)).toContain(`step ${MANY + 1} of ${MANY + 1} would`);
    fs.writeFileSync(`${folder}/${AGENT}/n'1`, '2');
    fs.writeFileSync(`${folder}/${AGENT}/n'${MANY}`, '00');
    fs.appendFileSync(`${folder}/${AGENT}/full/f ${MANY}`, 'x');
    const { code, err } = runOnCopy(host, file, 'check', folder);
    expect(code).toBe(3);
    expect(err).toContain('step 1 (set aside meta/slaves/S1/full): it holds other names, sizes or links than it did');
    expect(err).toContain("step 2 (set aside meta/slaves/S1/n'1): it has other bytes than it had");
    expect(err).toContain(`step ${MANY + 1} (set aside meta/slaves/S1/n'${MANY}): it has other bytes than it had`);
    expect(err).toContain('in 3 places');
  });

  it.each(hosts.slice(0, 1))('goes, and is recorded with the time of each, under $name', (host) => {
    const folder = makeTree();
    const steps = planned(folder, manyIn(folder));
    const before = fingerprint(folder);
    const file = scriptFile(folder, steps);
    expect(mustRun(host, file, 'apply', folder)).toContain(`Done: ${MANY + 1} of ${MANY + 1} steps.`);
    const [state] = statesOf(targetAt(folder));
    expect(state?.record?.steps.map((step) => step.before)).toEqual(steps.map((step) => step.before));
    mustRun(host, file, 'undo', folder);
    expect(fingerprint(folder)).toEqual(before);
  });
});

describe.each(hosts.map((host, turn) => ({ ...host, turn })))(
  'names that are made to harm, under $name',
  ({ turn, ...host }) => {
    const NAMES = [
      ' blank  blank ',
      '-rf',
      '--',
      "it's",
      'a "quoted" name',
      '$(touch harmed)',
      '`touch harmed`',
      '$'.concat('{HOME}'),
      'a\nb',
      'a\n',
      '\n',
      'tab\there',
      '\u001b[31mred\u001b[0m',
      '*',
      '[a-z]?',
      'back\\slash\\n',
      '%s%n',
      '~',
      '#comment',
      'a;b&c|d>e<f',
      '!history',
      '.hidden',
      '..two',
      'é\u202etxt.exe',
      '\udc81\udc82\udc83\udc84\udc85\udc86\udc87\udc88',
      '\u0001\u007f\udcff',
      'x'.repeat(255),
    ];

    it('are names, and no more', { timeout: 400_000 }, async () => {
      const folder = makeTree();
      const changes: Change[] = [];
      for (const [i, name] of NAMES.entries()) {
        const at = `${AGENT}/${name}`;
        fs.mkdirSync(bytesOf(`${folder}/${at}`));
        fs.writeFileSync(bytesOf(`${folder}/${at}/${name}`), `one ${i} two`);
        fs.mkdirSync(bytesOf(`${folder}/${at}/gone`));
        fs.writeFileSync(bytesOf(`${folder}/${at}/gone/${name}`), '');
        fs.symlinkSync(bytesOf(name), bytesOf(`${folder}/${at}/gone/l`));
        // Each shell starts with another kind, so that each name meets several.
        const kinds: readonly Change[] = [
          { kind: 'cut', path: `${at}/${name}`, spans: [{ offset: 2, length: 3 }] },
          { kind: 'create-link', path: `${at}/linked`, target: `/x/${name}`, like: at },
          { kind: 'set-aside', path: `${at}/gone` },
          { kind: 'create-file', path: `${at}/made`, bytes: bytesOf(`${name}\0%-\\'`), like: `${at}/${name}` },
        ];
        changes.push(kinds[(i + turn) % kinds.length] as Change);
      }
      const before = fingerprint(folder);
      const expected = await applied(folder, changes);
      const file = scriptFile(folder, planned(folder, changes));
      expect(fs.readFileSync(file, 'utf8')).toMatch(/^[\n -~é]*$/);
      const said = mustRun(host, file, 'apply', folder);
      expect(said).toMatch(/^[\n -~é]*$/);
      expect(outline(folder)).toEqual(expected);
      mustRun(host, file, 'undo', folder);
      expect(fingerprint(folder)).toEqual(before);
      expect(fs.existsSync('harmed') || fs.existsSync(`${folder}/harmed`)).toBe(false);
    });

    it('of the work_dir are names, too, and mesos-ckpt reads them in the journal', async () => {
      for (const name of ['it\'s $(a) `b` \\ "c" é\n', '-rf', '\udc81\u0001\udcff']) {
        const folder = makeTree();
        const steps = planned(folder, CHANGES);
        const file = scriptFile(folder, steps, { home: `${folder}/${name}` });
        fs.mkdirSync(bytesOf(`${folder}/${name}`));
        fs.renameSync(`${folder}/meta`, bytesOf(`${folder}/${name}/meta`));
        // Without the name of a work_dir, that of the plan is taken.
        const { code, err } = runScript(host, file, ['--force']);
        expect({ code, err }).toEqual({ code: 0, err: '' });
        const [state] = statesOf(targetAt(`${folder}/${name}`));
        expect(state?.standing.kind).toBe('applied');
        expect(state?.record?.header.workDir).toBe(`${folder}/${name}`);
        expect(runScript(host, file, ['undo', '--force']).code).toBe(0);
      }
    });
  },
);
