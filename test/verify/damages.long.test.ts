import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Loader, type ReadExecutors } from '../../src/checkpoint/load.ts';
import { openSource } from '../../src/checkpoint/open.ts';
import { framesOf } from '../../src/format/frames.ts';
import { parse, WireFailure } from '../../src/format/parse.ts';
import { shapeOf } from '../../src/format/shape.ts';
import { placeOf } from '../../src/layout/place.ts';
import { briefly } from '../../src/recovery/briefly.ts';
import { rulesOf } from '../../src/recovery/versions.ts';
import { verifyScreen } from '../../src/report/verify/screen.ts';
import { messageType } from '../../src/schema/index.ts';
import type { MemorySource } from '../../src/source/memory.ts';
import { AccessDenied } from '../../src/source/source.ts';
import { received } from '../../src/verify/threads/sent.ts';
import { readShare } from '../../src/verify/threads/share.ts';
import { SHARE, shareNames } from '../../src/verify/threads/work.ts';
import type { Verification, VerifyOptions } from '../../src/verify/verification.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { plainDifferences } from '../checkpoint/update-log/plain.ts';
import type { Edit } from '../support/cases.ts';
import { damageTree, faults } from '../support/damage.ts';
import { problemsIn } from '../support/problems.ts';
import { check, randomly } from '../support/random.ts';
import { applyEdits, HOME, loadTree, treeNames } from '../support/trees.ts';
import { bootIdOf, loadCheckpoint, VERSIONS, version } from '../support/verify.ts';
import { filesOf, pathsOf } from '../support/walk.ts';
import { ackRecord, uuid } from '../support/wire.ts';

const RUNS = 20_000;

type Starting = Required<Pick<VerifyOptions, 'bootId' | 'launcher' | 'sandboxes'>> & { readonly version: string };

const damages = fc.record({
  tree: fc.constantFrom(...treeNames),
  all: faults,
  version: fc.constantFrom(...VERSIONS),
  isRebooted: fc.boolean(),
  launcher: fc.constantFrom('posix', 'linux'),
  sandboxes: fc.constantFrom('auto', 'judge', 'ignore'),
  isShared: fc.boolean(),
  // What takes long is done of one tree in ten.
  extra: fc.constantFrom('long logs', 'screens', ...new Array<undefined>(18).fill(undefined)),
});

/** A task's log with updates and acknowledgements before its own: so many that templates and tables pay. */
const lengthened = (bytes: Buffer): Buffer => {
  const [first] = framesOf(bytes).records;
  const type = shapeOf(messageType('mesos.internal.StatusUpdateRecord'), { update: { uuid: true } });
  const update = first && parse(type, bytes, first.start, first.end);
  if (first === undefined || update === undefined || update instanceof WireFailure) return bytes;
  const { uuid: own } = (update as { update?: { uuid?: Buffer } }).update ?? {};
  if (own === undefined) return bytes;
  const record = bytes.toString('latin1', first.offset, first.end);
  const more = Array.from({ length: 40 }, (_, number) => [
    Buffer.from(
      record.replaceAll(own.toString('latin1'), () => uuid(number).toString('latin1')),
      'latin1',
    ),
    ackRecord(uuid(number)),
  ]);
  return Buffer.concat([...more.flat(), bytes]);
};

const withLongLogs = new Map<string, MemorySource>();

const longLogged = (name: string): MemorySource => {
  const known = withLongLogs.get(name);
  if (known !== undefined) return known;
  const edits: readonly Edit[] = [...filesOf(loadTree(name))]
    .filter(([path]) => path.endsWith('/task.updates'))
    .map(([path, bytes]) => ({ op: 'write', path, hex: lengthened(bytes).toString('hex') }));
  const made = applyEdits(loadTree(name), edits);
  withLongLogs.set(name, made);
  return made;
};

/** Reads executors as several threads do: in shares, with nothing in common, and answers that are messages. */
const inShares =
  (source: MemorySource, { version: starting }: Starting): ReadExecutors =>
  (ids, path, entries, read, isLinked) => {
    if (isLinked) return entries.map((_, number) => read(number));
    const names = shareNames(entries.map(({ name, kind }) => (kind === 'folder' ? name : '')));
    const loader = new Loader({ source, home: HOME }, 'verdict');
    const brief = briefly({ rules: rulesOf(version(starting)), isNamed: false });
    const found = Array.from({ length: Math.ceil(entries.length / SHARE) }, (_, share) =>
      structuredClone(readShare(loader, brief, { ids, path, names }, share)),
    ).flat();
    return found.map((each, number) => (each === undefined ? read(number) : received(each)));
  };

/** A verification, or why there is none. */
const verify = (source: MemorySource, options: VerifyOptions): Verification | string => {
  try {
    return verifyCheckpoint(openSource(source, { workDir: HOME }), options);
  } catch (error) {
    // A folder that is a link out of the tree is not predicted, and that is said.
    if (error instanceof AccessDenied) return error.message;
    throw error;
  }
};

const MODES = ['strict', 'nonStrict'] as const;

/** All that is told of a tree, but for its state, which is not kept in brief. */
const told = ({ findings, boot, ...modes }: Verification): unknown => ({
  findings,
  boot,
  modes: MODES.map((mode) => {
    const { starts, ...rest } = modes[mode];
    return { ...rest, starts: starts.map(({ state, started, ...start }) => start) };
  }),
});

/** The verification of a tree in either way, which must tell the same; undefined where there is none in either. */
const bothWays = (
  source: MemorySource,
  options: Starting,
  isShared: boolean,
): { readonly whole: Verification; readonly brief: Verification } | undefined => {
  const readExecutors = isShared ? inShares(source, options) : undefined;
  const [whole, brief] = [verify(source, options), verify(source, { ...options, brief: true, readExecutors })];
  if (typeof whole === 'string' || typeof brief === 'string') {
    expect(brief).toBe(whole);
    expect(whole).toContain('out of the tree');
    return undefined;
  }
  // The comparison of `expect` takes long, and tells more.
  if (!isDeepStrictEqual(told(brief), told(whole))) expect(told(brief)).toEqual(told(whole));
  return { whole, brief };
};

const screens = (verification: Verification): readonly string[] =>
  MODES.map((mode) => verifyScreen(verification, { mode, width: 80, colour: false, title: undefined }));

const logProblems = (source: MemorySource): readonly string[] =>
  [...filesOf(source)].flatMap(([path, bytes]) => {
    const { agent, framework, executor, task, below } = placeOf(path);
    const isLog = below === 'task.updates' && task !== undefined;
    if (!isLog || agent === undefined || framework === undefined || executor === undefined) return [];
    return plainDifferences(bytes, { agent, framework, executor, task }).map((line) => `${path}: ${line}`);
  });

describe('several faults at once', { timeout: 300_000 }, () => {
  it(randomly('are told in brief, in shares and of the whole alike, and make sense', RUNS), () => {
    const made = new Set<Edit['op']>();
    let [refused, ordinary] = [0, 0];
    check(
      RUNS,
      fc.property(damages, ({ tree, all, isRebooted, isShared, extra, ...rest }) => {
        const { source, edits } = damageTree(extra === 'long logs' ? longLogged(tree) : loadTree(tree), all);
        for (const { op } of edits) made.add(op);
        const options: Starting = { ...rest, bootId: isRebooted ? 'another' : bootIdOf(tree) };
        const found = bothWays(source, options, isShared);
        if (found === undefined) return;
        const { whole, brief } = found;
        expect(problemsIn(whole, source)).toEqual([]);
        if (whole.strict.exitCode > 0) refused++;
        if (brief.checkpoint.agent?.frameworks.some((framework) => framework.ordinary.length > 0) === true) ordinary++;
        if (extra === 'long logs') expect(logProblems(source)).toEqual([]);
        if (extra === 'screens') {
          expect(screens(brief)).toEqual(screens(whole));
          // What is shown of a tree is read by another way.
          expect(loadCheckpoint(source, 'whole').hasMeta && source.kindOf('meta') === undefined).toBe(false);
        }
      }),
    );
    expect([...made].sort()).toEqual(['append', 'flip', 'mkdir', 'remove', 'rename', 'symlink', 'truncate', 'write']);
    expect(refused).toBeGreaterThan(RUNS / 10);
    expect(ordinary).toBeGreaterThan(RUNS / 10);
  });

  it.each([true, false])(
    'are told alike where two runs have one folder of pids, by a link (in shares: %s)',
    (isShared) => {
      const tree = loadTree('marathon');
      const [pids, other] = pathsOf(tree).filter((path) => /\/shop_(api|web)\..*\/pids$/.test(path));
      const source = applyEdits(tree, [
        { op: 'remove', path: pids as string },
        { op: 'symlink', path: pids as string, target: `${HOME}/${other}` },
      ]);
      const how = { version: '1.9.0', bootId: 'another', launcher: 'posix', sandboxes: 'auto' } as const;
      expect(bothWays(source, how, isShared)?.whole.strict.starts[0]?.effects.length).toBeGreaterThan(0);
    },
  );
});
