import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lookWhetherUndone } from '../../src/apply/actions.ts';
import { undoJournal, whyNotUndone } from '../../src/apply/journal-actions.ts';
import { findJournal, type JournalPlace } from '../../src/apply/journals.ts';
import { stateOfJournal, statesOf } from '../../src/apply/standing.ts';
import type { Change } from '../../src/repair/plan/change.ts';
import type { PlannedChange } from '../../src/repair/plan/plan.ts';
import { bytesOf } from '../../src/text/lossless.ts';
import { temporaryFolder } from '../support/trees.ts';
import { quickly } from './calls.ts';
import {
  AGENT,
  apply,
  CHANGES,
  FakeProcesses,
  fingerprint,
  makeTree,
  outline,
  planned,
  resume,
  standings,
  targetAt,
  undo,
} from './support.ts';

quickly();

/** Applies a plan, which is refused with a message; the tree is as it was. */
const refused = async (folder: string, steps: readonly PlannedChange[], journal?: string): Promise<string> => {
  const before = fingerprint(folder);
  const error = await apply(folder, steps, new FakeProcesses().start(), journal === undefined ? {} : { journal }).then(
    () => new Error('was applied'),
    (thrown: Error) => thrown,
  );
  expect(fingerprint(folder)).toEqual(before);
  expect(fs.existsSync(`${folder}/mesos-ckpt`)).toBe(false);
  return `${error.name}: ${error.message}`;
};

describe('a plan that leads out of the tree is refused', () => {
  const absent = { kind: 'absent' } as const;
  it.each<readonly [string, Change]>([
    ['above it', { kind: 'set-aside', path: 'meta/../../etc/passwd' }],
    ['by an absolute path', { kind: 'set-aside', path: '/etc/passwd' }],
    ['elsewhere in the work_dir', { kind: 'set-aside', path: 'volumes/data' }],
    ['to the journals', { kind: 'set-aside', path: 'mesos-ckpt/x' }],
    ['to the journals in meta', { kind: 'set-aside', path: 'meta/.mesos-ckpt/x' }],
    ['to the whole of it', { kind: 'set-aside', path: 'meta' }],
    ['by an empty name', { kind: 'set-aside', path: 'meta//x' }],
    ['by a name that is too long', { kind: 'set-aside', path: `meta/x/${'\u00e9'.repeat(200)}` }],
    ['by a 0', { kind: 'set-aside', path: 'meta/x\0y' }],
    ['by what a file is to be like', { kind: 'create-file', path: 'meta/x', bytes: Buffer.alloc(0), like: '../x' }],
  ])('%s', async (_, change) => {
    const before = change.kind === 'create-file' ? absent : ({ kind: 'other' } as const);
    expect(await refused(makeTree(), [{ change, before }])).toMatch(
      /^Refusal: step 1 of the plan (.*not a path|.*of the journals)/s,
    );
  });
});

describe('a link is never followed for writing', () => {
  it('on the way to what is changed', async () => {
    const folder = makeTree();
    const outside = temporaryFolder();
    fs.mkdirSync(`${outside}/S1`);
    fs.writeFileSync(`${outside}/S1/slave.info`, 'theirs');
    fs.renameSync(`${folder}/meta/slaves`, `${folder}/meta/real`);
    fs.symlinkSync(outside, `${folder}/meta/slaves`);
    const steps = planned(folder, [{ kind: 'set-aside', path: `${AGENT}/slave.info` }]);
    expect(await refused(folder, steps)).toMatch(/meta\/slaves is a link, and links are not followed/);
    expect(fs.readFileSync(`${outside}/S1/slave.info`, 'utf8')).toBe('theirs');
  });

  it('at the end: the link itself is what goes', async () => {
    const folder = makeTree();
    const outside = temporaryFolder();
    fs.writeFileSync(`${outside}/file`, 'theirs');
    fs.rmSync(`${folder}/${AGENT}/latest`);
    fs.symlinkSync(`${outside}/file`, `${folder}/${AGENT}/latest`);
    const own = new FakeProcesses().start();
    const { place } = await apply(folder, planned(folder, [{ kind: 'set-aside', path: `${AGENT}/latest` }]), own);
    expect(fs.readlinkSync(`${place.path}/kept/1`)).toBe(`${outside}/file`);
    await undo(place, own);
    expect(fs.readFileSync(`${outside}/file`, 'utf8')).toBe('theirs');
  });

  it('where a cut was planned for a file that is a link by now', async () => {
    const folder = makeTree();
    const steps = planned(folder, CHANGES.slice(0, 1));
    fs.renameSync(`${folder}/${AGENT}/torn`, `${folder}/${AGENT}/other`);
    fs.symlinkSync('other', `${folder}/${AGENT}/torn`);
    expect(await refused(folder, steps)).toMatch(/^TreeChanged: .*torn is a link to other, and was a file of 8 bytes/);
  });

  it('where the folder of journals is one', async () => {
    const folder = makeTree();
    const outside = temporaryFolder();
    fs.symlinkSync(outside, `${folder}/mesos-ckpt`);
    const error = await apply(folder, planned(folder, CHANGES), new FakeProcesses().start()).catch((e: Error) => e);
    expect(String(error)).toMatch(/the folder of journals, .*mesos-ckpt, cannot be used: it is not a folder/);
    expect(fs.readdirSync(outside)).toEqual([]);
  });

  it('but on the way to the work_dir, where operators put them', async () => {
    const folder = makeTree();
    const before = fingerprint(folder);
    const link = `${temporaryFolder()}/link`;
    fs.symlinkSync(folder, link);
    const own = new FakeProcesses().start();
    await apply(link, planned(folder, CHANGES), own);
    const place = findJournal(`${link}/mesos-ckpt/2026-01-02T03-04-05Z`);
    await undo(place, own);
    expect(fingerprint(folder)).toEqual(before);
  });
});

describe('a tree that has changed since the plan was made is left alone', () => {
  it.each<readonly [string, (agent: string) => void, RegExp]>([
    ['in its bytes', (agent) => fs.writeFileSync(`${agent}/log`, 'first|BAD|second|BAD|THIRD'), /other bytes/],
    ['in its size', (agent) => fs.appendFileSync(`${agent}/log`, 'x'), /log has 27 bytes, and had 26/],
    ['in its times', (agent) => fs.utimesSync(`${agent}/log`, 1, 1), /log was written again, with the same bytes/],
    ['by a file that is gone', (agent) => fs.rmSync(`${agent}/bad.info`), /bad.info is nothing, and was a file of 0/],
    ['below a folder', (agent) => fs.writeFileSync(bytesOf(`${agent}/job [1]*\udcff/new`), ''), /holds other/],
    ['by another link', (agent) => relink(`${agent}/latest`, '/x'), /latest is a link to \/x, and was a link to \/now/],
    ['by its whole folder', (agent) => fs.renameSync(agent, `${agent}x`), /torn is nothing.*; .*log is nothing/],
  ])('%s', async (_, change, message) => {
    const folder = makeTree();
    const steps = planned(folder, CHANGES);
    change(`${folder}/${AGENT}`);
    expect(await refused(folder, steps)).toMatch(message);
  });

  it('and names no more places than fit', async () => {
    const folder = makeTree();
    for (let i = 0; i < 30; i++) fs.writeFileSync(`${folder}/${AGENT}/f${i}`, 'x');
    const steps = planned(
      folder,
      Array.from({ length: 30 }, (_, i) => ({ kind: 'set-aside', path: `${AGENT}/f${i}` })),
    );
    for (let i = 0; i < 30; i++) fs.writeFileSync(`${folder}/${AGENT}/f${i}`, 'yy');
    expect(await refused(folder, steps)).toMatch(/; and 20 more$/);
  });

  it('also where it changes between two steps: what was done is taken back', async () => {
    const folder = makeTree();
    const steps = planned(folder, CHANGES);
    const onStep = (done: number): void => {
      if (done === 6) relink(`${folder}/${AGENT}/latest`, '/raced');
    };
    const error = await apply(folder, steps, new FakeProcesses().start(), { onStep }).catch((e: Error) => e);
    expect(String(error)).toMatch(/latest is a link to \/raced, .*: what was done has been taken back/);
    expect(standings(folder)).toEqual(['rolled-back']);
    expect(fs.readFileSync(`${folder}/${AGENT}/log`, 'utf8')).toBe('first|BAD|second|BAD|third');
  });
});

const relink = (at: string, target: string): void => {
  fs.rmSync(at);
  fs.symlinkSync(target, at);
};

describe('an undo refuses to overwrite', () => {
  it.each<readonly [string, (agent: string) => void, RegExp]>([
    ['what was written to a cut file', (agent) => fs.appendFileSync(`${agent}/log`, 'new'), /log was written to since/],
    ['what was written to a made file', (agent) => fs.appendFileSync(`${agent}/bad.info`, 'x'), /bad.info was written/],
    ['a link that leads elsewhere', (agent) => relink(`${agent}/latest`, '/run/2'), /latest is a link to \/run\/2/],
    [
      'what was put into a made folder',
      (agent) => fs.writeFileSync(bytesOf(`${agent}/job [1]*\udcff/more`), ''),
      /holds more by now/,
    ],
  ])('%s', async (_, change, message) => {
    const folder = makeTree();
    const own = new FakeProcesses().start();
    const { place } = await apply(folder, planned(folder, CHANGES), own);
    change(`${folder}/${AGENT}`);
    const before = outline(folder);
    await expect(undo(place, own)).rejects.toThrow(message);
    expect(lookWhetherUndone(place).problem?.message).toMatch(message);
    expect(outline(folder)).toEqual(before);
    expect(standings(folder)).toEqual(['applied']);
  });

  it('what lies where something was set aside', async () => {
    const folder = makeTree();
    const own = new FakeProcesses().start();
    const { place } = await apply(folder, planned(folder, [{ kind: 'set-aside', path: `${AGENT}/slave.info` }]), own);
    fs.writeFileSync(`${folder}/${AGENT}/slave.info`, 'of the agent that started since');
    await expect(undo(place, own)).rejects.toThrow(/slave.info is a file of 31 bytes, which would be overwritten/);
    expect(fs.readFileSync(`${folder}/${AGENT}/slave.info`, 'utf8')).toMatch(/since$/);
    fs.rmSync(`${folder}/${AGENT}/slave.info`);
    expect(await undo(place, own)).toMatchObject({ ending: 'undone' });
  });

  it('with what is not what was taken', async () => {
    const folder = makeTree();
    const own = new FakeProcesses().start();
    const { place } = await apply(folder, planned(folder, [{ kind: 'set-aside', path: `${AGENT}/slave.info` }]), own);
    fs.writeFileSync(`${place.path}/kept/1`, 'false');
    await expect(undo(place, own)).rejects.toThrow(/what the journal kept of .*slave.info is not what was taken/);
  });

  it('with what has another size, without reading it', async () => {
    const folder = makeTree();
    const own = new FakeProcesses().start();
    const { place } = await apply(folder, planned(folder, [{ kind: 'set-aside', path: `${AGENT}/slave.info` }]), own);
    // To read so many zeros takes an hour.
    fs.truncateSync(`${place.path}/kept/1`, 8 * 1024 ** 4);
    await expect(undo(place, own)).rejects.toThrow(/what the journal kept of .*slave.info is not what was taken/);
  });

  it('whose file is larger than any journal', async () => {
    const folder = makeTree();
    const own = new FakeProcesses().start();
    const { place } = await apply(folder, planned(folder, [{ kind: 'set-aside', path: `${AGENT}/slave.info` }]), own);
    fs.truncateSync(`${place.path}/journal.jsonl`, 3 * 1024 ** 3);
    await expect(undo(place, own)).rejects.toThrow(/journal\.jsonl has 3221225472 bytes: no journal is that large/);
    expect(standings(folder)).toEqual(['unreadable']);
  });

  it('where the folder is gone that something was taken from', async () => {
    const folder = makeTree();
    const own = new FakeProcesses().start();
    const { place } = await apply(folder, planned(folder, [{ kind: 'set-aside', path: `${AGENT}/slave.info` }]), own);
    fs.renameSync(`${folder}/${AGENT}`, `${folder}/gone`);
    await expect(undo(place, own)).rejects.toThrow(/meta\/slaves\/S1, which held .*slave.info, is gone/);
  });
});

describe('of two journals the newer is taken back first', () => {
  /** A path is set aside, rebuilt, and set aside again; between them, another one. */
  const several = async (path: string, again: string) => {
    const folder = makeTree();
    const own = new FakeProcesses().start();
    const takeAway = (at: string, second: number) =>
      apply(folder, planned(folder, [{ kind: 'set-aside', path: `${AGENT}/${at}` }]), own, {
        now: () => new Date(Date.UTC(2026, 0, 2, 3, 4, second)),
      });
    const first = await takeAway(path, 1);
    const other = await takeAway('bad.info', 2);
    fs.mkdirSync(bytesOf(`${folder}/${AGENT}/${path}`), { recursive: true });
    fs.writeFileSync(bytesOf(`${folder}/${AGENT}/${again}`), 'new');
    const second = await takeAway(again, 3);
    return { folder, own, first: first.place, other: other.place, second: second.place };
  };

  it.each([['of one path', 'job [1]*\udcff', 'job [1]*\udcff/task']])(
    '%s, and others whenever',
    async (_, path, again) => {
      const { folder, own, first, other, second } = await several(path, again);
      const problemOf = (place: JournalPlace) => whyNotUndone(stateOfJournal(place));
      const why = `${second.path}, which is newer, has changed ${AGENT}/${again}: take that back first`;
      expect(problemOf(first)).toBe(why);
      await expect(undoJournal(first.path, { processes: own.folder })).rejects.toThrow(why);
      expect(problemOf(other)).toBe(undefined);
      await undoJournal(other.path, { processes: own.folder });
      await undoJournal(second.path, { processes: own.folder });
      expect(problemOf(first)).toMatch(/which would be overwritten/);
      fs.rmSync(bytesOf(`${folder}/${AGENT}/${path}`), { recursive: true });
      expect(problemOf(first)).toBe(undefined);
      await undoJournal(first.path, { processes: own.folder });
      expect(standings(folder)).toEqual(['undone', 'undone', 'undone']);
    },
  );
});

describe('a journal is not trusted', () => {
  const tampered = async (change: (text: string) => string): Promise<string> => {
    const folder = makeTree();
    const own = new FakeProcesses().start();
    const { place } = await apply(folder, planned(folder, CHANGES), own);
    const before = outline(folder);
    const file = `${place.path}/journal.jsonl`;
    fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')));
    const error = await undo(place, own).then(
      () => new Error('was undone'),
      (thrown: Error) => thrown,
    );
    expect(outline(folder)).toEqual(before);
    return error.message;
  };

  it.each<readonly [string, (text: string) => string, RegExp]>([
    ['to stay in the tree', (text) => text.replaceAll(`"${AGENT}/bad.info"`, '"meta/../../bad.info"'), /not a path/],
    ['to be JSON', (text) => `{${text}`, /line 1: no object of JSON/],
    ['to be of this form', (text) => text.replace('"schemaVersion":1', '"schemaVersion":2'), /a journal of form 2/],
    ['to be whole', (text) => text.split('\n').slice(0, 4).join('\n'), /lines are missing/],
    [
      'to name kinds that there are',
      (text) => text.replace('"kind":"cut"', '"kind":"rm"'),
      /line 2: change\.kind: it is not one of set-aside/,
    ],
    ['to know sizes', (text) => text.replace(/"size":\d+/, '"size":-1'), /line 2: before\.size: it is not a count/],
    ['to name a meta', (text) => text.replace('"meta":"meta"', '"meta":"../etc"'), /not the first line/],
  ])('%s', async (_, change, message) => {
    expect(await tampered(change)).toMatch(message);
  });

  it('to be of the tree that it names', async () => {
    const victim = makeTree();
    const folder = makeTree();
    const own = new FakeProcesses().start();
    const elsewhere = `${temporaryFolder()}/journal`;
    const { place } = await apply(folder, planned(folder, CHANGES), own, { journal: elsewhere });
    expect(findJournal(elsewhere)).toEqual(place);
    const file = `${elsewhere}/journal.jsonl`;
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(`"workDir":"${folder}"`, `"workDir":"${victim}"`));
    expect(() => findJournal(elsewhere)).toThrow(/does not know it/);
  });

  it('to have a log that is whole: the tree tells', async () => {
    const folder = makeTree();
    const before = fingerprint(folder);
    const own = new FakeProcesses().start();
    const { place } = await apply(folder, planned(folder, CHANGES), own);
    const file = `${place.path}/journal.jsonl`;
    const text = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, `${text.slice(0, text.indexOf('{"log"'))}{"log":"step","st`);
    expect(statesOf(targetAt(folder))[0]?.standing).toEqual({ kind: 'unfinished', direction: 'apply', done: 9 });
    expect(await resume(place, own)).toMatchObject({ ending: 'applied', done: 9 });
    await undo(place, own);
    expect(fingerprint(folder)).toEqual(before);
  });
});

describe('a journal elsewhere', () => {
  it('is found from the tree, and from itself', async () => {
    const folder = makeTree();
    const before = fingerprint(folder);
    const own = new FakeProcesses().start();
    const journal = `${temporaryFolder()}/journal`;
    const { place } = await apply(folder, planned(folder, CHANGES), own, { journal });
    expect(place.path).toBe(fs.realpathSync(journal));
    expect(fs.readdirSync(`${folder}/mesos-ckpt/${place.id}`)).toEqual(['elsewhere']);
    expect(findJournal(`${folder}/mesos-ckpt/${place.id}`)).toEqual(place);
    expect(standings(folder)).toEqual(['applied']);
    await undo(findJournal(journal), own);
    expect(fingerprint(folder)).toEqual(before);
  });

  it.each<readonly [string, (folder: string) => string, RegExp]>([
    ['that is not empty', () => temporaryFolder(), /is not empty/],
    ['in meta', (folder) => `${folder}/meta/x`, /is in meta, which is the agent's/],
    ['below what is not there', (folder) => `${folder}/a/b`, /no journal can be made in .*a\/b: no such file/],
  ])('is not made %s', async (_, at, message) => {
    const folder = makeTree();
    const journal = at(folder);
    if (!journal.startsWith(folder)) fs.writeFileSync(`${journal}/x`, '');
    const error = await apply(folder, planned(folder, CHANGES), new FakeProcesses().start(), { journal }).catch(
      (e: Error) => e,
    );
    expect(String(error)).toMatch(message);
  });
});
