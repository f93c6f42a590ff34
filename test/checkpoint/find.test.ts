import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Opened, type OpenOptions, openPath } from '../../src/checkpoint/open.ts';
import { fileWith, tar } from '../support/archives.ts';
import { run } from '../support/session.ts';
import { HOME, materialise, temporaryFolder } from '../support/trees.ts';
import { AGENT, AGENT_ID, MARATHON } from '../verify/places.ts';

/** Marathon's tree with sandboxes, in a folder of its own under `at`. */
const treeAt = (at: string): { readonly outer: string; readonly root: string } => {
  const outer = temporaryFolder();
  const root = path.join(outer, at);
  fs.mkdirSync(path.dirname(root), { recursive: true });
  fs.renameSync(materialise('marathon'), root);
  return { outer, root };
};

const summary = ({ level, path: at, tree, instead }: Opened) => ({
  level,
  at,
  folder: tree.source.name,
  said: instead !== undefined,
});

/** A path, what is opened where a part will do, and where it will not. */
interface Row {
  readonly given: string;
  readonly part: readonly [level: Opened['level'], path: string];
}

const RUN = MARATHON.web.run;
const IN_CHECKPOINT: readonly Row[] = [
  { given: '', part: ['work_dir', ''] },
  { given: 'meta', part: ['meta', 'meta'] },
  { given: 'meta/slaves', part: ['work_dir', ''] },
  { given: 'meta/resources', part: ['work_dir', ''] },
  { given: 'meta/boot_id', part: ['work_dir', ''] },
  { given: 'meta/slaves/latest', part: ['agent', AGENT] },
  { given: `${AGENT}/slave.info`, part: ['agent', AGENT] },
  { given: 'meta/slaves/latest/frameworks', part: ['agent', AGENT] },
  { given: `${MARATHON.framework}/executors`, part: ['framework', MARATHON.framework] },
  { given: `${MARATHON.web.path}/runs`, part: ['executor', MARATHON.web.path] },
  { given: `${MARATHON.web.path}/runs/latest/pids`, part: ['run', RUN] },
  { given: `${RUN}/tasks`, part: ['run', RUN] },
  { given: MARATHON.web.task, part: ['task', MARATHON.web.task] },
  { given: `${MARATHON.web.task}/task.updates`, part: ['task', MARATHON.web.task] },
  { given: 'slaves', part: ['work_dir', ''] },
  { given: `${RUN.slice('meta/'.length)}/sub/folder`, part: ['run', RUN] },
];

describe('a path in a checkpoint', () => {
  it.each(IN_CHECKPOINT)('$given is the part that it lies in, or all of it', ({ given, part: [level, at] }) => {
    const { root } = treeAt('slave');
    fs.mkdirSync(`${root}/${RUN.slice('meta/'.length)}/sub/folder`, { recursive: true });
    fs.mkdirSync(`${root}/meta/resources`);
    const asked = path.join(root, given);
    const isPart = level !== 'work_dir' && level !== 'meta';
    const folder = path.join(root, at);
    expect(summary(openPath(asked))).toEqual({
      level,
      at,
      folder,
      said: folder !== asked && !asked.endsWith('latest'),
    });
    const wanted = isPart ? { level: 'work_dir', at: '', folder: root, said: true } : { level, at, folder };
    expect(summary(openPath(asked, { whole: true }))).toMatchObject(wanted);
  });

  it('is known in a meta that is called otherwise', () => {
    const { outer, root } = treeAt('slave');
    const meta = path.join(outer, 'copy');
    fs.renameSync(`${root}/meta`, meta);
    const inMeta = (at: string): string => at.replace(/^meta/, meta);
    for (const [given, level, at] of [
      [meta, 'meta', 'meta'],
      [`${meta}/slaves`, 'meta', 'meta'],
      [inMeta(`${RUN}/tasks`), 'run', RUN],
    ] as const) {
      expect(summary(openPath(given))).toMatchObject({ level, at, folder: inMeta(at) });
      expect(summary(openPath(given, { whole: true }))).toMatchObject({ level: 'meta', at: 'meta', folder: meta });
    }
  });

  it('is one of the copy, where the work_dir that its links name is here too', () => {
    const { outer, root } = treeAt('slave');
    const copy = path.join(outer, 'copy');
    fs.cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
    for (const tree of [root, copy]) {
      fs.rmSync(`${tree}/meta/slaves/latest`);
      fs.symlinkSync(`${root}/${AGENT}`, `${tree}/meta/slaves/latest`);
    }
    expect(openPath(`${copy}/meta/slaves/latest`).tree.source.name).toBe(`${copy}/${AGENT}`);
  });
});

describe('a path above a work_dir', () => {
  it.each([
    ['as a DC/OS host has it', 'slave'],
    ['two folders further down', 'mesos/slave'],
  ])('is that work_dir: %s', (_what, at) => {
    const { outer, root } = treeAt(at);
    fs.mkdirSync(`${outer}/isolators`);
    for (const options of [{}, { whole: true }] satisfies OpenOptions[]) {
      expect(summary(openPath(outer, options))).toEqual({ level: 'work_dir', at: '', folder: root, said: true });
    }
  });

  it('is so by a link to either, too', () => {
    const { outer, root } = treeAt('slave');
    const links = temporaryFolder();
    fs.symlinkSync(outer, `${links}/link`);
    expect(summary(openPath(`${links}/link`))).toMatchObject({ folder: root, said: true });
    expect(summary(openPath(links))).toMatchObject({ folder: root, said: true });
  });

  it('names the work_dirs where there are several', () => {
    const { outer, root } = treeAt('a');
    fs.cpSync(root, `${outer}/b`, { recursive: true, verbatimSymlinks: true });
    expect(() => openPath(outer)).toThrow(`${outer}: it holds 2 checkpoints: ${outer}/a, ${outer}/b; give one of them`);
    // A link to one of them makes no third.
    fs.rmSync(`${outer}/b`, { recursive: true });
    fs.symlinkSync(root, `${outer}/b`);
    expect(openPath(outer).tree.source.name).toBe(root);
  });

  it.each(['slaves', 'volumes', 'meta.before', 'mesos-ckpt'])(
    'is a work_dir without a meta where it has %s',
    (name) => {
      const { outer } = treeAt('backup');
      fs.mkdirSync(path.join(outer, name));
      expect(summary(openPath(outer))).toEqual({ level: 'work_dir', at: '', folder: outer, said: false });
    },
  );

  it('is the agent that latest names where it is a copy of meta/slaves alone', () => {
    const { outer, root } = treeAt('slave');
    const slaves = path.join(outer, 'copy');
    fs.renameSync(`${root}/meta/slaves`, slaves);
    fs.mkdirSync(`${slaves}/other`);
    fs.copyFileSync(`${slaves}/${AGENT_ID}/slave.info`, `${slaves}/other/slave.info`);
    expect(summary(openPath(slaves))).toMatchObject({ level: 'agent', at: AGENT, said: true });
    expect(() => openPath(slaves, { whole: true })).toThrow('no more than the folder of one agent');
    fs.rmSync(`${slaves}/latest`);
    expect(() => openPath(slaves)).toThrow('it holds 2 folders of agents');
  });
});

describe('an archive that begins a level off', () => {
  it.each([
    [['.'], 'work_dir', 'slave'],
    [['-C', 'slave', '.'], 'work_dir', undefined],
    [['-C', 'slave/meta', '.'], 'meta', undefined],
    [['-C', 'slave/meta', 'slaves'], 'meta', undefined],
    [['-C', 'slave/meta/slaves', '.'], 'agent', AGENT_ID],
    [['-C', `slave/${AGENT}`, '.'], 'agent', undefined],
    [['-C', `slave/${MARATHON.web.path}`, '.'], 'executor', undefined],
  ])('%j is a %s', (way, level, above) => {
    const { outer } = treeAt('slave');
    const file = fileWith(tar(['-C', outer, '-cf', '-', ...way]));
    const opened = openPath(file);
    expect(opened.level).toBe(level);
    expect(opened.instead?.split(': ')[1]).toBe(above);
    const isWhole = level === 'work_dir' || level === 'meta';
    if (isWhole) expect(openPath(file, { whole: true }).level).toBe(level);
    else expect(() => openPath(file, { whole: true })).toThrow(`the folder of one ${level}`);
  });
});

describe('every command', () => {
  it.each([
    ['verify', []],
    ['inspect', []],
    ['prune', []],
    ['prune', ['--apply']],
    ['snapshot', ['--force', '-o']],
    ['undo', ['--list']],
  ])('%s %j says which checkpoint it reads', async (command, options) => {
    const { outer, root } = treeAt('slave');
    const output = command === 'snapshot' ? [path.join(temporaryFolder(), 'snapshot')] : [];
    const ran = (at: string) => run([command, at, ...options, ...output]);
    const itself = await ran(root);
    const above = await ran(outer);
    expect([above.err, above.exitCode]).toEqual([
      `mesos-ckpt: ${outer}: not a work_dir itself; reading the one below it: ${root}\n`,
      itself.exitCode,
    ]);
    const within = await ran(path.join(root, 'meta/slaves'));
    expect([within.err, within.exitCode]).toEqual([
      `mesos-ckpt: ${root}/meta/slaves: it lies in a checkpoint, which is read whole: ${root}\n`,
      itself.exitCode,
    ]);
  });
});

describe('inspect', () => {
  it('shows the only agent where latest is missing', async () => {
    const { root } = treeAt('slave');
    const before = JSON.parse((await run(['inspect', root, '--json'])).out);
    fs.rmSync(`${root}/meta/slaves/latest`);
    const { agent, checkpoint } = JSON.parse((await run(['inspect', root, '--work-dir', HOME, '--json'])).out);
    expect([checkpoint.latest, agent]).toEqual([null, before.agent]);
    fs.mkdirSync(`${root}/meta/slaves/other`);
    expect(JSON.parse((await run(['inspect', root, '--json'])).out).agent).toBeNull();
  });
});
