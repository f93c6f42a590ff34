import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { hostname } from 'node:os';
import * as path from 'node:path';
import type { Applied } from '../../src/apply/actions.ts';
import { applySteps, resumeApply, undoSteps } from '../../src/apply/actions.ts';
import { finishEarlier } from '../../src/apply/earlier.ts';
import type { JournalPlace, Target } from '../../src/apply/journals.ts';
import type { Processes } from '../../src/apply/lock.ts';
import type { Ran, Watch } from '../../src/apply/run.ts';
import { statesOf } from '../../src/apply/standing.ts';
import { withTree } from '../../src/apply/tree.ts';
import type { Change } from '../../src/repair/plan/change.ts';
import { fingerprintOf } from '../../src/repair/plan/fingerprint.ts';
import type { PlannedChange } from '../../src/repair/plan/plan.ts';
import { FolderSource } from '../../src/source/folder.ts';
import { bytesOf, textOf } from '../../src/text/lossless.ts';
import { temporaryFolder } from '../support/trees.ts';

/**
 * All that is to be the same when a plan was taken back: kinds, modes, owners, sizes, times, inodes, links, contents. Not
 * the time of the work_dir itself, which a test changes where it takes the folder of journals away: `modifiedOf` has that.
 */
export const fingerprint = (folder: string): readonly string[] =>
  walk(folder, (at, shown, stats, content) => {
    const { mode, nlink, uid, gid, size, mtimeNs, ino } = stats;
    return [
      shown,
      mode,
      stats.isDirectory() ? '' : nlink,
      uid,
      gid,
      stats.isDirectory() ? '' : size,
      shown === '' ? '' : mtimeNs,
      ino,
      content(at),
    ].join(' ');
  });

/** When a folder was modified. */
export const modifiedOf = (folder: string): bigint => fs.statSync(folder, { bigint: true }).mtimeNs;

/** All that a run which is killed must not break: what is where, whose, and with which bytes. */
export const outline = (folder: string): readonly string[] =>
  walk(folder, (at, shown, stats, content) => [shown, stats.mode, stats.uid, stats.gid, content(at)].join(' '));

/** Whether something is the folder of journals, beside `meta` or in it, or what that is called while it is made. */
const isOurs = (path: string): boolean =>
  /^(\/mesos-ckpt|\/meta\/\.mesos-ckpt|(\/meta)?\/\.mesos-ckpt-[^/]*)$/.test(path);

type Line = (at: Buffer, shown: string, stats: fs.BigIntStats, content: (at: Buffer) => string) => string;

const walk = (folder: string, line: Line): readonly string[] => {
  const lines: string[] = [];
  const visit = (at: Buffer, shown: string): void => {
    const stats = fs.lstatSync(at, { bigint: true });
    lines.push(line(at, shown, stats, (each) => contentOf(each, stats)));
    if (!stats.isDirectory()) return;
    for (const name of fs.readdirSync(at, { encoding: 'buffer' }).sort(Buffer.compare)) {
      if (isOurs(`${shown}/${name}`)) continue;
      visit(Buffer.concat([at, Buffer.from('/'), name]), `${shown}/${textOf(name)}`);
    }
  };
  visit(Buffer.from(folder), '');
  return lines;
};

const contentOf = (at: Buffer, stats: fs.BigIntStats): string => {
  if (stats.isSymbolicLink()) return textOf(fs.readlinkSync(at, { encoding: 'buffer' }));
  return stats.isFile() ? createHash('sha256').update(fs.readFileSync(at)).digest('hex') : '';
};

/** The folder below `meta` that the plans of these tests change. */
export const AGENT = 'meta/slaves/S1';

/** A tree with one of everything that a plan can meet: odd names, modes, owners and times. Gone when the test is over. */
export const makeTree = (): string => {
  const folder = fs.realpathSync(temporaryFolder());
  const put = (name: string, content: string | Buffer, mode = 0o644): void => {
    const at = bytesOf(`${folder}/${AGENT}/${name}`);
    fs.mkdirSync(bytesOf(path.posix.dirname(`${folder}/${AGENT}/${name}`)), { recursive: true });
    fs.writeFileSync(at, content);
    fs.chmodSync(at, mode);
  };
  put('slave.info', 'info', 0o600);
  put('log', 'first|BAD|second|BAD|third', 0o640);
  put('torn', 'whole|to', 0o444);
  put('bad.info', '', 0o604);
  put('job [1]*\udcff/task', 'x');
  put('job [1]*\udcff/runs/a/file', 'y', 0o4755);
  fs.symlinkSync('/nowhere', `${folder}/${AGENT}/latest`);
  fs.chmodSync(`${folder}/${AGENT}`, 0o2751);
  if (process.getuid?.() === 0) fs.chownSync(`${folder}/${AGENT}/log`, 1234, 5678);
  settle(folder);
  return folder;
};

/** Gives all in a tree times of its own, to the microsecond. */
export const settle = (folder: string): void => {
  let time = 1_700_000_000;
  const visit = (at: Buffer): void => {
    const stats = fs.lstatSync(at);
    if (stats.isDirectory()) {
      for (const name of fs.readdirSync(at, { encoding: 'buffer' })) visit(Buffer.concat([at, Buffer.from('/'), name]));
    }
    time += 1.5;
    if (!stats.isSymbolicLink()) fs.utimesSync(at, time, time + 0.123_456_5);
  };
  visit(Buffer.from(folder));
};

/** A change of every kind, and of some that follow each other. */
export const CHANGES: readonly Change[] = [
  { kind: 'cut', path: `${AGENT}/torn`, spans: [{ offset: 6, length: 2 }] },
  {
    kind: 'cut',
    path: `${AGENT}/log`,
    spans: [
      { offset: 6, length: 4 },
      { offset: 17, length: 4 },
    ],
  },
  { kind: 'set-aside', path: `${AGENT}/bad.info` },
  { kind: 'create-file', path: `${AGENT}/bad.info`, bytes: Buffer.from([0, 255, 10]), like: `${AGENT}/log` },
  { kind: 'set-aside', path: `${AGENT}/job [1]*\udcff` },
  { kind: 'create-folder', path: `${AGENT}/job [1]*\udcff`, like: `${AGENT}` },
  {
    kind: 'create-file',
    path: `${AGENT}/job [1]*\udcff/new`,
    bytes: Buffer.alloc(0),
    like: `${AGENT}/job [1]*\udcff`,
  },
  { kind: 'set-aside', path: `${AGENT}/latest` },
  { kind: 'create-link', path: `${AGENT}/latest`, target: '/elsewhere/\udcfe', like: `${AGENT}/slave.info` },
];

/** The steps of changes, with what is there now; what an earlier step takes away is taken as absent. */
export const planned = (folder: string, changes: readonly Change[]): readonly PlannedChange[] => {
  const source = new FolderSource(folder);
  const seen = new Set<string>();
  return changes.map((change) => {
    const isNew = !seen.has(change.path) && ![...seen].some((path) => change.path.startsWith(`${path}/`));
    seen.add(change.path);
    return { change, before: isNew ? fingerprintOf(source, change.path) : { kind: 'absent' } };
  });
};

/** Processes that there are not, so that a test can start and kill some. */
export class FakeProcesses {
  readonly folder = temporaryFolder();
  #last = 100;

  constructor() {
    fs.mkdirSync(`${this.folder}/sys/kernel/random`, { recursive: true });
    fs.writeFileSync(`${this.folder}/sys/kernel/random/boot_id`, 'boot\n');
    fs.mkdirSync(`${this.folder}/self/ns`, { recursive: true });
    fs.symlinkSync('pid:[1]', `${this.folder}/self/ns/pid`);
    fs.mkdirSync(`${this.folder}/1`);
    fs.writeFileSync(`${this.folder}/1/comm`, 'init\n');
  }

  start(): Processes {
    const pid = ++this.#last;
    fs.mkdirSync(`${this.folder}/${pid}`);
    fs.writeFileSync(`${this.folder}/${pid}/stat`, `${pid} (a ) b) S 1 ${'0 '.repeat(17)}${pid}000 0 0`);
    return { folder: this.folder, pid, host: hostname() };
  }

  kill(pid: number): void {
    fs.rmSync(`${this.folder}/${pid}`, { recursive: true, force: true });
  }
}

export const targetAt = (workDir: string): Target => ({ workDir, meta: 'meta' });

/** The time, which does not go on. */
const WATCH: Watch = { pid: 1, now: () => new Date(Date.UTC(2026, 0, 2, 3, 4, 5)) };

/** Applies steps as a process that ends when it is done. */
export const apply = (
  workDir: string,
  steps: readonly PlannedChange[],
  processes: Processes,
  watch: Partial<Watch> & { readonly journal?: string } = {},
): Promise<Applied> =>
  withTree(targetAt(workDir), processes, (tree) =>
    applySteps(tree, steps, { ...WATCH, ...watch, by: 'mesos-ckpt test', host: 'here' }),
  );

export const resume = (place: JournalPlace, processes: Processes, watch: Partial<Watch> = {}): Promise<Ran> =>
  withTree(place.target, processes, (tree) => resumeApply(tree, place, { ...WATCH, ...watch }));

export const undo = (place: JournalPlace, processes: Processes, watch: Partial<Watch> = {}): Promise<Ran> =>
  withTree(place.target, processes, (tree) => undoSteps(tree, place, { ...WATCH, ...watch }));

/** Goes on with what runs that were killed have left, as the next one does. */
export const goOn = (workDir: string, processes: Processes): Promise<unknown> =>
  withTree(targetAt(workDir), processes, (tree) => finishEarlier(tree, WATCH, { unfinished: 'go-on' }));

/** Forgets the journals of a tree that was given back, and what a kill has left of making their folder. */
export const forget = (workDir: string): void => {
  for (const holder of ['', '/meta']) {
    const folder = `${workDir}${holder}`;
    const modified = (Number(modifiedOf(folder) / 1000n) + 0.5) / 1e6;
    for (const name of fs.readdirSync(folder)) {
      if (isOurs(`${holder}/${name}`)) fs.rmSync(`${folder}/${name}`, { recursive: true });
    }
    fs.utimesSync(folder, modified, modified);
  }
};

/** The journals of a tree that are there, and how they stand. */
export const standings = (workDir: string): readonly string[] =>
  statesOf(targetAt(workDir)).map(({ standing }) => standing.kind);
