import type { FindingCode } from '../../findings/catalogue.ts';
import type { Finding } from '../../findings/finding.ts';
import { encodeField, encodeMessage, encodeRecord } from '../../format/encode.ts';
import { frameAt } from '../../format/frames.ts';
import { fileIn } from '../../layout/kinds.ts';
import { placeOf } from '../../layout/place.ts';
import { resourcePaths } from '../../recovery/state/resource-files.ts';
import { rulesOf } from '../../recovery/versions.ts';
import { messageType } from '../../schema/index.ts';
import type { Tree } from '../../source/links.ts';
import { originOf } from '../../source/overlay.ts';
import { baseName, type Source } from '../../source/source.ts';
import { count, sizeText } from '../../text/words.ts';
import { bytesAt, bytesBeforeZeros, cut, putFile, readerOf, setAside } from '../mend/alternatives.ts';
import { joined, taskLogCuts } from '../mend/log-cuts.ts';
import { lostIn, spansOf } from '../mend/logs.ts';
import type { Alternative, Mender, Workspace } from '../mend/mender.ts';
import type { SalvageOptions } from '../options.ts';
import { hasAbove } from '../search/scope.ts';
import { rebuiltAgent } from './agent-info.ts';
import { agentIdIn, fromCopies } from './copies.ts';
import { emptyPid, rebuiltFramework } from './framework.ts';
import { relinkAgent, relinkRun } from './links.ts';
import { type SalvagedLog, salvageLog } from './log.ts';

/** One way to keep more: of a finding, by what is here and in copies. */
type Salvager = (
  finding: Finding,
  workspace: Workspace,
  copies: readonly Tree[],
  earlier: readonly Finding[],
) => readonly Alternative[];

/** The file itself, from a copy. */
const restore: Salvager = ({ path }, workspace, copies) => fromCopies(path, workspace, copies);

/** What changes by the hour is likely not to be what it was. */
const restoreStale: Salvager = ({ path }, workspace, copies) =>
  fromCopies(path, workspace, copies, { certainty: 'suspect' });

const restoreFramework: Salvager = ({ path }, workspace, copies) => [
  ...fromCopies(path, workspace, copies),
  ...rebuiltFramework(path, workspace),
];

const restorePid: Salvager = ({ path }, workspace, copies) => [
  ...fromCopies(path, workspace, copies),
  ...emptyPid(path, workspace),
];

/**
 * Before 1.5.0 the id in slave.info has to be the name of its folder: a file of a copy has it, or it is written behind the rest,
 * where it counts.
 */
const giveOwnId: Salvager = ({ path }, workspace, copies) => {
  const { agent } = placeOf(path);
  const info = workspace.model.agent?.info;
  const bytes = bytesAt(workspace.base, path);
  const isCompared = rulesOf(workspace.assumed.version).folderIdIsCompared;
  if (!isCompared || agent === undefined || info?.kind !== 'whole' || info.value.id?.value === agent) return [];
  const { start, end } = frameAt(bytes ?? Buffer.alloc(0), 0);
  if (bytes === undefined) return [];
  const id = encodeField(ID_FIELD, encodeMessage(messageType('mesos.SlaveID'), { value: agent }));
  const made = Buffer.concat([encodeRecord(Buffer.concat([bytes.subarray(start, end), id])), bytes.subarray(end)]);
  return [
    ...fromCopies(path, workspace, copies),
    ...putFile(workspace, path, made, {
      what: 'give slave.info the id that its folder has',
      salvage: true,
      certainty: 'suspect',
    }),
  ];
};

const ID_FIELD = messageType('mesos.SlaveInfo').fields.find((field) => field?.name === 'id')?.number ?? 0;

const linkRun: Salvager = ({ path }, workspace) => relinkRun(path, workspace);

/** Without the file, or with one that says nothing, the agent falls back to `resources.info`, if that says more. */
const fallBack: Salvager = (finding, workspace, copies) => {
  const { info } = workspace.found.resources;
  const holdsAny = info.kind === 'records' && info.ending.kind === 'clean' && info.values.length > 0;
  if (!holdsAny) return restoreStale({ ...finding, path: resourcePaths.state }, workspace, copies, []);
  // Where the file is damaged, that is what is done anyway.
  if (finding.code === 'resource-state-damaged') return [];
  return setAside(workspace, resourcePaths.state, {
    what: 'set aside resources_and_operations.state, so that resources.info is read',
    salvage: true,
  });
};

/** What is whole behind a bad record, or the log of a copy; whichever keeps more comes first. */
const keepLog: Salvager = (finding, workspace, copies, earlier) => {
  const { path } = finding;
  if (baseName(path) !== 'task.updates') return [];
  const origin = copies.length === 0 ? untouched(workspace, path) : undefined;
  if (origin?.has(path) === true) return [];
  const cuts = taskLogCuts(readerOf(workspace), path, 'link');
  const found: { readonly records: number; readonly alternatives: readonly Alternative[] }[] = [];
  const end = cuts?.tail?.offset ?? cuts?.size ?? 0;
  const isCompared = copies.length > 0 && cuts !== undefined;
  const prefix = isCompared ? bytesAt(workspace.base, path, end) : Buffer.alloc(0);
  for (const tree of copies) {
    const bytes = bytesAt(tree, path);
    const whole = taskLogCuts(readerOf({ ...workspace, base: tree }), path, 'link');
    const isFuller = bytes !== undefined && prefix?.equals(bytes.subarray(0, end)) === true && bytes.length > end;
    if (!isFuller || whole?.tail !== undefined || (whole?.acknowledgements.length ?? 0) > 0) continue;
    const what = `take task.updates from ${tree.source.name}`;
    found.push({ records: bytes.length - end, alternatives: putFile(workspace, path, bytes, { what, salvage: true }) });
  }
  const behind = keptBehind(finding, workspace, earlier, cuts);
  if (behind !== undefined) found.push(behind);
  else origin?.add(path);
  return found.toSorted((a, b) => b.records - a.records).flatMap(({ alternatives }) => alternatives);
};

/** By the source of the tree that is planned for, and the agent's id: logs behind whose first bad record nothing can be kept. */
const inVain = new WeakMap<Source, Map<string, Set<string>>>();

/**
 * The logs that were looked through in vain, where this one is as it was: each level of a plan, and each look at what is left, comes upon the
 * same ones. Undefined where it was changed, or links show it.
 */
const untouched = ({ base, found, model }: Workspace, path: string): Set<string> | undefined => {
  const origin = found.links.length + model.links.length === 0 ? originOf(base.source, path) : undefined;
  if (origin === undefined) return undefined;
  const folder = placeOf(path).agent ?? '';
  const agent = agentIdIn(base, folder) ?? folder;
  const byAgent = inVain.get(origin) ?? new Map<string, Set<string>>();
  inVain.set(origin, byAgent);
  const logs = byAgent.get(agent) ?? new Set();
  byAgent.set(agent, logs);
  return logs;
};

/** A log of more bytes is not looked through. */
const MOST_BYTES = 512 * 1024 * 1024;

const keptBehind = (
  finding: Finding,
  workspace: Workspace,
  earlier: readonly Finding[],
  cuts: ReturnType<typeof taskLogCuts>,
): { readonly records: number; readonly alternatives: readonly Alternative[] } | undefined => {
  const { path } = finding;
  if (cuts?.tail === undefined || cuts.size > MOST_BYTES) return undefined;
  const { agent: folder = '', framework = '', executor = '', task = '' } = placeOf(path);
  const agent = agentIdIn(workspace.base, folder) ?? folder;
  const bytes = bytesBeforeZeros(workspace.base, path);
  const written = workspace.base.source.modified(path);
  const kept =
    bytes &&
    salvageLog(bytes, { size: cuts.size, from: cuts.tail.offset }, { agent, framework, executor, task }, written);
  if (kept === undefined) return undefined;
  const others = spansOf(cuts, [finding, ...earlier]).filter((span) => span !== cuts.tail);
  const spans = joined([...kept.spans, ...others]);
  const gone = spans.reduce((sum, { length }) => sum + length, 0);
  const records = count(kept.kept, 'record');
  return {
    records: cuts.tail.length - kept.spans.reduce((sum, { length }) => sum + length, 0),
    alternatives: cut(workspace, path, spans, {
      what: `cut just the ${gone} invalid bytes out of task.updates, and keep ${records} after them`,
      loses: lostBytesText(workspace, path, kept, gone),
      salvage: true,
      certainty: kept.isExact ? 'exact' : 'suspect',
    }),
  };
};

/** What bad bytes were, as far as the lengths of the records tell. */
const lostBytesText = (workspace: Workspace, path: string, kept: SalvagedLog, bytes: number): string => {
  const lost = lostIn(workspace, path);
  const size = sizeText(bytes);
  if (lost?.whole !== true || !kept.isExact) return `what was in ${size} that cannot be read`;
  const updates = lost.updates - kept.keptUpdates;
  return updates > 0 ? `${count(updates, 'update')} (${size})` : `${size}, which are not update`;
};

/** What can be kept, by finding; of the others nothing more can. */
const salvagers: Partial<Record<FindingCode, Salvager>> = {
  'agent-info-changed': giveOwnId,
  'agent-info-missing': restore,
  'agent-info-empty': restore,
  'agent-info-damaged': restore,
  'agent-attribute-unsupported': restore,
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
  'rewritten-id-invalid': restore,
  'generated-marker-unreadable': restore,
  'generated-marker-malformed': restore,
  'forked-pid-missing': restore,
  'forked-pid-empty': restore,
  'forked-pid-unreadable': restore,
  'forked-pid-malformed': restore,
  'libprocess-pid-empty': restore,
  'libprocess-pid-unreadable': restore,
  'libprocess-pid-malformed': restore,
  'connection-unknown': ({ path }, workspace, copies) => {
    const pid = fileIn(path, 'libprocess.pid');
    return workspace.base.source.kindOf(pid) === undefined ? fromCopies(pid, workspace, copies) : [];
  },
  'task-info-missing': restore,
  'task-info-empty': restore,
  'task-info-damaged': restore,
  'task-executor-mismatch': restore,
  'task-id-mismatch': restore,
  'unallocated-resources': restore,
  'star-reservation': (finding, workspace, copies, earlier) =>
    finding.path === resourcePaths.state
      ? fallBack(finding, workspace, copies, earlier)
      : restore(finding, workspace, copies, []),
  'task-updates-missing': keepLog,
  'task-updates-unopenable': keepLog,
  'task-updates-torn': keepLog,
  'task-updates-bad-record': keepLog,
  'task-updates-unreadable': keepLog,
  'acknowledgement-uuid-invalid': keepLog,
  'update-uuid-invalid': keepLog,
  'record-oversized': (finding, workspace, copies, earlier) =>
    baseName(finding.path) === 'task.updates'
      ? keepLog(finding, workspace, copies, earlier)
      : restore(finding, workspace, copies, earlier),
  'resource-state-damaged': fallBack,
  'resource-state-empty': fallBack,
  'resource-state-zero-filled': fallBack,
  'volume-gids-damaged': restoreStale,
  'device-state-damaged': restoreStale,
};

const NO_AGENT: ReadonlySet<FindingCode> = new Set([
  'agent-latest-missing',
  'agent-latest-dangling',
  'agent-latest-unresolvable',
]);
const NO_INFO: ReadonlySet<FindingCode> = new Set([
  'agent-info-missing',
  'agent-info-empty',
  'agent-info-damaged',
  'agent-attribute-unsupported',
]);

/** Whether it is `slaves/latest` that is wrong: a slave.info below one that is no link is none of an agent's. */
const isOfLatest = ({ code }: Finding, { found: { latest } }: Workspace): boolean =>
  NO_AGENT.has(code) || (NO_INFO.has(code) && latest.kind === 'found' && latest.target === undefined);

/** Whether something may be kept of what a finding is about: of others `salvageWith` is not to be asked. */
export const isSalvaged = ({ code }: Finding): boolean =>
  salvagers[code] !== undefined || NO_AGENT.has(code) || NO_INFO.has(code);

/** What `--salvage` adds to the ways in which a finding is mended; nothing below some folders. */
export const salvageWith =
  (options: SalvageOptions, left: ReadonlySet<string>): Mender =>
  (finding, workspace, earlier) => {
    if (hasAbove(left, finding.path)) return [];
    const { copies = [], rebuildAgentInfo } = options;
    const own = isOfLatest(finding, workspace)
      ? relinkAgent(workspace, options)
      : (salvagers[finding.code]?.(finding, workspace, copies, earlier) ?? []);
    return [...own, ...rebuiltAgent(finding, workspace, rebuildAgentInfo)];
  };
