import type { FindingCode } from '../../findings/catalogue.ts';
import type { Finding } from '../../findings/finding.ts';
import * as names from '../../layout/names.ts';
import { resourcePaths } from '../../recovery/state/resources.ts';
import type { Tree } from '../../source/links.ts';
import { baseName } from '../../source/source.ts';
import { joined, taskLogCuts } from '../log-cuts.ts';
import {
  type Alternative,
  type Bench,
  bytesAt,
  cut,
  type Mender,
  placeIn,
  putFile,
  readerOf,
  setAside,
} from '../mend/bench.ts';
import { spansOf } from '../mend/logs.ts';
import { hasAbove } from '../scope.ts';
import { type RebuildAgentInfo, rebuiltAgent } from './agent-info.ts';
import { fromCopies } from './copies.ts';
import { emptyPid, rebuiltFramework } from './framework.ts';
import { relinkAgent, relinkRun } from './links.ts';
import { salvageLog } from './log.ts';

/** One way to keep more: of a finding, by what is here and in copies. */
type Salvager = (
  finding: Finding,
  bench: Bench,
  copies: readonly Tree[],
  earlier: readonly Finding[],
) => readonly Alternative[];

/** The file itself, from a copy. */
const restore: Salvager = ({ path }, bench, copies) => fromCopies(path, bench, copies);

/** What changes by the hour is likely not to be what it was. */
const restoreStale: Salvager = ({ path }, bench, copies) => fromCopies(path, bench, copies, { certainty: 'suspect' });

const restoreFramework: Salvager = ({ path }, bench, copies) => [
  ...fromCopies(path, bench, copies),
  ...rebuiltFramework(path, bench),
];

const restorePid: Salvager = ({ path }, bench, copies) => [
  ...fromCopies(path, bench, copies),
  ...emptyPid(path, bench),
];

const linkRun: Salvager = ({ path }, bench) => relinkRun(path, bench);

const linkAgent: Salvager = (_finding, bench) => relinkAgent(bench);

/** A slave.info below a `latest` that is no link is none of an agent's. */
const restoreAgent: Salvager = (finding, bench, copies) => {
  const { latest } = bench.found;
  const isNoLink = latest.kind === 'found' && latest.target === undefined;
  return isNoLink ? relinkAgent(bench) : restore(finding, bench, copies, []);
};

/** Without the file, or with one that says nothing, the agent falls back to `resources.info`, if that says more. */
const fallBack: Salvager = (finding, bench, copies) => {
  const { info } = bench.found.resources;
  const holdsAny = info.kind === 'records' && info.ending.kind === 'clean' && info.values.length > 0;
  if (!holdsAny) return restoreStale({ ...finding, path: resourcePaths.state }, bench, copies, []);
  // Where the file is damaged, that is what is done anyway.
  if (finding.code === 'resource-state-damaged') return [];
  return setAside(bench, resourcePaths.state, {
    what: 'set aside resources_and_operations.state, so that resources.info is read',
    salvage: true,
  });
};

/** What is whole behind a bad record, or the log of a copy; whichever keeps more comes first. */
const keepLog: Salvager = (finding, bench, copies, earlier) => {
  const { path } = finding;
  if (baseName(path) !== names.TASK_UPDATES) return [];
  const cuts = taskLogCuts(readerOf(bench), path, 'link');
  const found: { readonly records: number; readonly alternatives: readonly Alternative[] }[] = [];
  const end = cuts?.tail?.offset ?? cuts?.size ?? 0;
  const prefix = cuts === undefined ? Buffer.alloc(0) : bytesAt(bench.base, path, end);
  for (const tree of copies) {
    const bytes = bytesAt(tree, path);
    const whole = taskLogCuts(readerOf({ ...bench, base: tree }), path, 'link');
    const isFuller = bytes !== undefined && prefix?.equals(bytes.subarray(0, end)) === true && bytes.length > end;
    if (!isFuller || whole?.tail !== undefined || (whole?.acknowledgements.length ?? 0) > 0) continue;
    const what = `take ${names.TASK_UPDATES} from ${tree.source.name}`;
    found.push({ records: bytes.length - end, alternatives: putFile(bench, path, bytes, { what, salvage: true }) });
  }
  const behind = keptBehind(finding, bench, earlier, cuts);
  if (behind !== undefined) found.push(behind);
  return found.toSorted((a, b) => b.records - a.records).flatMap(({ alternatives }) => alternatives);
};

/** A log of more bytes is not looked through. */
const MOST_BYTES = 512 * 1024 * 1024;

const keptBehind = (
  finding: Finding,
  bench: Bench,
  earlier: readonly Finding[],
  cuts: ReturnType<typeof taskLogCuts>,
): { readonly records: number; readonly alternatives: readonly Alternative[] } | undefined => {
  const { path } = finding;
  if (cuts?.tail === undefined || cuts.size > MOST_BYTES) return undefined;
  const { agent = '', framework = '', executor = '', task = '' } = placeIn(path);
  const bytes = bytesAt(bench.base, path);
  const written = bench.base.source.modified(path);
  const kept = bytes && salvageLog(bytes, cuts.tail.offset, { agent, framework, executor, task }, written);
  if (kept === undefined) return undefined;
  const others = spansOf(cuts, [finding, ...earlier]).filter((span) => span !== cuts.tail);
  const spans = joined([...kept.spans, ...others]);
  const gone = spans.reduce((sum, { length }) => sum + length, 0);
  const records = kept.kept === 1 ? '1 record' : `${kept.kept} records`;
  return {
    records: cuts.tail.length - kept.spans.reduce((sum, { length }) => sum + length, 0),
    alternatives: cut(bench, path, spans, {
      what: `cut just the ${gone} bad bytes out of task.updates, and keep ${records} behind`,
      loses: 'what the bad bytes were',
      salvage: true,
      certainty: kept.isExact ? 'exact' : 'suspect',
    }),
  };
};

/** What can be kept, by finding; of the others nothing more can. */
const salvagers: Partial<Record<FindingCode, Salvager>> = {
  'agent-latest-missing': linkAgent,
  'agent-latest-dangling': linkAgent,
  'agent-latest-unresolvable': linkAgent,
  'agent-info-missing': restoreAgent,
  'agent-info-empty': restoreAgent,
  'agent-info-damaged': restoreAgent,
  'agent-attribute-unsupported': restoreAgent,
  'framework-info-missing': restoreFramework,
  'framework-info-empty': restoreFramework,
  'framework-info-damaged': restoreFramework,
  'framework-id-taken': restoreFramework,
  'framework-not-checkpointing': restore,
  'framework-pid-missing': restorePid,
  'framework-pid-empty': restorePid,
  'framework-pid-unreadable': restorePid,
  'run-latest-missing': linkRun,
  'run-latest-dangling': linkRun,
  'run-latest-unresolvable': linkRun,
  'run-latest-names-no-run': linkRun,
  'executor-info-missing': restore,
  'executor-info-empty': restore,
  'executor-info-damaged': restore,
  'generated-marker-unreadable': restore,
  'generated-marker-malformed': restore,
  'forked-pid-missing': restore,
  'forked-pid-empty': restore,
  'forked-pid-unreadable': restore,
  'forked-pid-malformed': restore,
  'libprocess-pid-empty': restore,
  'libprocess-pid-unreadable': restore,
  'libprocess-pid-malformed': restore,
  'connection-unknown': ({ path }, bench, copies) => {
    const pid = `${path}/${names.PIDS}/${names.LIBPROCESS_PID}`;
    return bench.base.source.kindOf(pid) === undefined ? fromCopies(pid, bench, copies) : [];
  },
  'task-info-missing': restore,
  'task-info-empty': restore,
  'task-info-damaged': restore,
  'task-executor-mismatch': restore,
  'task-id-mismatch': restore,
  'unallocated-resources': restore,
  'star-reservation': (finding, bench, copies, earlier) =>
    finding.path === resourcePaths.state
      ? fallBack(finding, bench, copies, earlier)
      : restore(finding, bench, copies, []),
  'task-updates-missing': keepLog,
  'task-updates-unopenable': keepLog,
  'task-updates-torn': keepLog,
  'task-updates-bad-record': keepLog,
  'task-updates-unreadable': keepLog,
  'acknowledgement-uuid-invalid': keepLog,
  'update-uuid-invalid': keepLog,
  'record-oversized': (finding, bench, copies, earlier) =>
    baseName(finding.path) === names.TASK_UPDATES
      ? keepLog(finding, bench, copies, earlier)
      : restore(finding, bench, copies, earlier),
  'resource-state-damaged': fallBack,
  'resource-state-empty': fallBack,
  'resource-state-zero-filled': fallBack,
  'volume-gids-damaged': restoreStale,
  'device-state-damaged': restoreStale,
};

/** What `--salvage` adds to the ways in which a finding is mended; nothing below some folders. */
export const salvageWith =
  (copies: readonly Tree[], left: ReadonlySet<string>, rebuild?: RebuildAgentInfo): Mender =>
  (finding, bench, earlier) =>
    hasAbove(left, finding.path)
      ? []
      : [
          ...(salvagers[finding.code]?.(finding, bench, copies, earlier) ?? []),
          ...rebuiltAgent(finding, bench, rebuild),
        ];
