import { parseInteger } from '../../agent/numbers.ts';
import type { Executor, Run } from '../../checkpoint/model.ts';
import type { Span } from '../../format/frames.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { isOfSandboxes, pathOf, placeOf } from '../../layout/place.ts';
import { livingOf, runningRun } from '../../recovery/living.ts';
import { liveRun } from '../../recovery/startup/containers.ts';
import { resolve } from '../../source/links.ts';
import { join } from '../../source/source.ts';
import type { Change } from '../plan/change.ts';
import { bytesAt, cut, setAside } from './alternatives.ts';
import { executorLoss, ownersOf } from './losses.ts';
import type { Alternative, Mender, Workspace } from './mender.ts';

/** What the agent takes for blanks nowhere: a number with any of these at its ends is none to it. */
const BLANKS: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d]);
/** Of a file of one number more is not looked at. */
const MOST_DIGITS = 4096;

/** A text that is a number but for blanks around it: these are cut off, and the number is what it was. */
export const mendNumber =
  (withoutIt: Mender): Mender =>
  (finding, workspace, earlier) => {
    const bytes = bytesAt(workspace.base, finding.path, MOST_DIGITS + 1);
    const spans = bytes === undefined || bytes.length > MOST_DIGITS ? [] : blanksAround(bytes);
    return [...cut(workspace, finding.path, spans), ...withoutIt(finding, workspace, earlier)];
  };

const blanksAround = (bytes: Buffer): readonly Span[] => {
  let start = 0;
  let end = bytes.length;
  while (start < end && BLANKS.has(bytes[start] ?? 0)) start++;
  while (end > start && BLANKS.has(bytes[end - 1] ?? 0)) end--;
  if (parseInteger(bytes.toString('latin1', start, end)) === undefined) return [];
  return [
    { offset: 0, length: start },
    { offset: end, length: bytes.length - end },
  ].filter(({ length }) => length > 0);
};

/** Without its marker the agent guesses whether an executor is one of its own. */
export const setAsideMarker: Mender = ({ path }, workspace) => setAside(workspace, path);

/** Without its pids the agent cannot reach the executor, and shuts it down. */
export const setAsidePid: Mender = ({ path }, workspace) => {
  const { run, inExecutor } = ownersOf(workspace.found, path);
  const isRunning = inExecutor !== undefined && runningRun(inExecutor)?.id === run;
  const loses = isRunning && !workspace.assumed.rebooted ? executorLoss(workspace.found, path) : '';
  return setAside(workspace, path, { loses });
};

/** The agent aborts without the folder: an empty one is enough, and the executor lives. */
export const makeSandbox: Mender = ({ path }, workspace) => {
  const place = placeOf(path);
  if (place.folder !== 'run') return [];
  const pid = pathOf({ ...place, isSandbox: false, below: 'pids/forked.pid' });
  const folders = foldersTo(workspace, path);
  const [first, ...others] = folders;
  const made: readonly Alternative[] =
    first === undefined
      ? []
      : [
          {
            changes: [first, ...others],
            what: 'make the sandbox, an empty folder',
            loses: 'what was in the sandbox, which is gone already',
          },
        ];
  return [...made, ...setAside(workspace, pid, { loses: executorLoss(workspace.found, pid) })];
};

/** The folders that are missing on the way to one, and it; none where something else is in the way. */
const foldersTo = (workspace: Workspace, path: string): readonly Change[] => {
  const { source } = workspace.base;
  const parts = path.split('/');
  let at = '';
  const changes: Change[] = [];
  for (const name of parts) {
    const next = join(at, name);
    const kind = changes.length > 0 ? undefined : source.kindOf(next);
    if (kind === undefined) {
      changes.push({
        kind: 'create-folder',
        path: next,
        like: changes[0]?.kind === 'create-folder' ? changes[0].like : at,
      });
      at = next;
      continue;
    }
    const resolved = resolve(workspace.base, next);
    if (resolved.kind !== 'found' || resolved.entry !== 'folder' || !isOfSandboxes(resolved.path)) return [];
    at = resolved.path;
  }
  return changes.map((change) =>
    change.kind === 'create-folder' && change.like === '' ? { ...change, like: names.META } : change,
  );
};

/**
 * One pid in several live runs is one too many in all but one of them. The one with the most tasks keeps it; of those
 * alike, the one that was written last, since a pid is given again when its process is gone.
 */
export const mendDuplicatePid: Mender = ({ path }, workspace) => {
  const own = ownersOf(workspace.found, path);
  const pid = pidIn(own.inExecutor?.runs.find(({ id }) => id === own.run));
  const rivals = workspace.start.state.agent?.frameworks
    .flatMap(({ executors }) => executors)
    .flatMap((executor) => {
      const run = liveRun(executor);
      if (run?.forkedPid !== pid || run?.found === undefined) return [];
      const found = ownersOf(workspace.found, executor.path).inExecutor;
      return found === undefined ? [] : [{ found, run: run.found }];
    });
  if (pid === undefined || rivals === undefined || rivals.length < 2)
    return setAsidePid({ path } as never, workspace, []);
  const best = rivals.reduce((a, b) => (isBetter(workspace, b, a) ? b : a));
  const [first, ...others] = rivals
    .filter((rival) => rival !== best)
    .flatMap(({ found, run }) =>
      setAside(workspace, pidPath(run), { loses: executorLoss(workspace.found, found.path) }),
    );
  if (first === undefined) return [];
  // Where a folder of pids is a link to another, two runs have one file.
  const byPlace = new Map([first, ...others].flatMap(({ changes }) => changes).map((change) => [change.path, change]));
  const [change, ...more] = byPlace.values();
  if (change === undefined) return [];
  return [
    {
      changes: [change, ...more],
      what: `set aside forked.pid of ${others.length === 0 ? 'one' : others.length + 1} of ${rivals.length} runs with pid ${pid}`,
      loses: [first, ...others].map(({ loses }) => loses).join(', '),
    },
  ];
};

interface Rival {
  readonly found: Executor;
  readonly run: Run;
}

const isBetter = (workspace: Workspace, a: Rival, b: Rival): boolean => {
  const tasks = livingOf(a.found).tasks - livingOf(b.found).tasks;
  if (tasks !== 0) return tasks > 0;
  const modified = ({ run }: Rival): number => workspace.base.source.modified(pidPath(run)) ?? 0;
  return modified(a) > modified(b);
};

const pidPath = ({ path }: Run): string => fileIn(path, 'forked.pid');

const pidIn = (run: Run | undefined): number | undefined =>
  run?.forkedPid.kind === 'text' ? parseInteger(run.forkedPid.text) : undefined;
