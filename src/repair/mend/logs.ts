import type { LostRecords } from '../../checkpoint/files.ts';
import type { FindingCode } from '../../findings/catalogue.ts';
import type { Finding } from '../../findings/finding.ts';
import type { Span } from '../../format/frames.ts';
import { baseName } from '../../source/source.ts';
import { count } from '../../text/words.ts';
import { bytesAt, cut, putFile, readerOf, setAside } from './alternatives.ts';
import { type LogCuts, operationLogCuts, taskLogCuts } from './log-cuts.ts';
import { ownersOf } from './losses.ts';
import type { Alternative, Mender, Workspace } from './mender.ts';

/** What each finding wants to be cut out of its log. */
const PARTS: Partial<Record<FindingCode, (cuts: LogCuts) => readonly Span[]>> = {
  'task-updates-bad-record': tailOf,
  'task-updates-unreadable': tailOf,
  'operation-log-bad-record': tailOf,
  'record-oversized': tailOf,
  'acknowledgement-uuid-invalid': ({ acknowledgements }) => acknowledgements,
  'update-uuid-invalid': ({ updates }) => updates,
  'operation-acknowledgement-unexpected': ({ acknowledgements }) => acknowledgements,
  'operation-update-invalid': ({ updates, acknowledgements }) => [...updates, ...acknowledgements],
};

function tailOf({ tail }: LogCuts): readonly Span[] {
  return tail === undefined ? [] : [tail];
}

/**
 * Cuts out of a log what would end a start: bad records alone where the agent can read on behind them, else all behind
 * the first that it cannot read, as the agent does itself. What earlier steps cut out of the same log is cut with it.
 */
export const mendLog: Mender = (finding, workspace, earlier) => {
  const { path } = finding;
  const isTask = baseName(path) === 'task.updates';
  const cuts = (isTask ? taskLogCuts : operationLogCuts)(readerOf(workspace), path, 'link');
  const whole = setAside(workspace, path, {
    loses: isTask ? 'all updates of the task' : 'all updates of the operation',
  });
  if (cuts === undefined) return whole;
  const spans = spansOf(cuts, [finding, ...earlier]);
  const loses = lossOf(workspace, path, cuts, spans);
  if (cuts.ending.kind === 'unreadable' && spans.includes(cuts.tail as Span)) {
    return [...keptPart(workspace, path, cuts, spans, loses), ...whole];
  }
  const everything = spansOf(cuts, [finding, ...earlier, ...ALL]);
  return [
    ...cut(workspace, path, spans, { loses }),
    ...cut(workspace, path, everything, { loses: lossOf(workspace, path, cuts, everything) }),
    ...whole,
  ];
};

/** Where cutting what was found is not enough, all that could end a start is cut. */
const ALL = [{ code: 'update-uuid-invalid' }, { code: 'acknowledgement-uuid-invalid' }] as const;

/** What findings want to be cut out of a log, each span once. */
export const spansOf = (cuts: LogCuts, findings: readonly Pick<Finding, 'code'>[]): readonly Span[] => [
  ...new Set(findings.flatMap(({ code }) => PARTS[code]?.(cuts) ?? [])),
];

/** Bytes that cannot be read cannot be kept in a journal either: the log is made again of those before them. */
const keptPart = (
  workspace: Workspace,
  path: string,
  cuts: LogCuts,
  spans: readonly Span[],
  loses: string,
): readonly Alternative[] => {
  const bytes = bytesAt(workspace.base, path, cuts.tail?.offset ?? 0);
  if (bytes === undefined) return [];
  const kept = Buffer.concat(partsBetween(bytes, spans));
  return putFile(workspace, path, kept, { what: `make ${baseName(path)} again of what can be read of it`, loses });
};

const partsBetween = (bytes: Buffer, spans: readonly Span[]): readonly Buffer[] => {
  const parts: Buffer[] = [];
  let from = 0;
  for (const { offset, length } of spans.toSorted((a, b) => a.offset - b.offset)) {
    parts.push(bytes.subarray(from, offset));
    from = offset + length;
  }
  return [...parts, bytes.subarray(from)];
};

/** What is behind the first bad record of a task's log, as the checkpoint was found. */
export const lostIn = (workspace: Workspace, path: string): LostRecords | undefined => {
  const { task, run, inExecutor } = ownersOf(workspace.found, path);
  const log = inExecutor?.runs.find(({ id }) => id === run)?.tasks.find(({ id }) => id === task)?.updates;
  return log?.kind === 'log' ? log.lost : undefined;
};

const lossOf = (workspace: Workspace, path: string, cuts: LogCuts, spans: readonly Span[]): string => {
  const records = spans.filter((span) => span !== cuts.tail).length;
  const parts: string[] = [];
  if (records > 0) parts.push(records === 1 ? 'an invalid record' : `${records} invalid records`);
  if (cuts.tail !== undefined && spans.includes(cuts.tail)) {
    const lost = lostIn(workspace, path);
    parts.push(lost?.whole === true ? lostText(lost) : `the records in the last ${cuts.tail.length} bytes`);
  }
  return parts.join(', and ');
};

const lostText = ({ records, updates }: LostRecords): string => {
  if (updates > 0) return `${count(updates, 'update')} in ${count(records, 'record')}`;
  return records === 1 ? '1 record, which is not an update' : `${records} records, none of them an update`;
};
