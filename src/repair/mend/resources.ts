import { AgentAbort } from '../../agent/agent-abort.ts';
import { applyCheckpointedResource, applyCheckpointedResources } from '../../agent/checkpointed-resources.ts';
import { upgradeResources } from '../../agent/reservation-format.ts';
import { TooManyResources } from '../../agent/resource-sum.ts';
import { Resources } from '../../agent/resources.ts';
import type { SequenceFile } from '../../checkpoint/files.ts';
import { encodeField, encodeRecord } from '../../format/encode.ts';
import { frameAt, framesOf, type Span } from '../../format/frames.ts';
import { walk } from '../../format/walk.ts';
import { isStarReserved } from '../../recovery/star-reservation.ts';
import { resourcePaths } from '../../recovery/state/resource-files.ts';
import { rulesOf } from '../../recovery/versions.ts';
import { messageType, type Resource } from '../../schema/index.ts';
import { beneathReservations } from '../adopt/fits.ts';
import { bytesAt, cut, putFile, setAside } from './alternatives.ts';
import type { Alternative, Mender, Workspace } from './mender.ts';

const CHANGE_LOST = 'the change of resources that was under way';
const EMPTIED = 'leave resources.info empty, so that the change in resources.target is made';
const BEFORE_LOST = 'what was reserved before the change of resources that is under way';
const ALL_LOST = 'all dynamic reservations and persistent volumes (their data stays)';

/** The agent falls back to `resources.info`, which holds the same resources. */
export const mendState: Mender = (_finding, workspace) => {
  const { info } = workspace.found.resources;
  const isWhole = info.kind === 'records' && info.ending.kind === 'clean';
  return setAside(
    workspace,
    resourcePaths.state,
    isWhole
      ? {
          what: 'set aside resources_and_operations.state, so that resources.info is read',
          loses: 'pending operations',
        }
      : { loses: ALL_LOST },
  );
};

/**
 * A target that cannot be read. Where the agent would commit the change from `resources.target` all the same, it needs the
 * name to be there, and gets it with the same resources.
 */
export const mendStateTarget: Mender = (_finding, workspace) => {
  const { state, info, target } = workspace.model.resources;
  const isCommitted = state.kind === 'absent' && info.kind !== 'absent' && target.kind === 'records';
  const rebuilt = isCommitted
    ? putFile(workspace, resourcePaths.stateTarget, stateOf(workspace), {
        what: 'replace resources_and_operations.target by the resources in resources.target',
        loses: 'pending operations',
      })
    : [];
  return [...rebuilt, ...setAside(workspace, resourcePaths.stateTarget, { loses: CHANGE_LOST })];
};

/** A `ResourceState` record with the resources of `resources.target`, byte for byte. */
const stateOf = (workspace: Workspace): Buffer => {
  const bytes = bytesAt(workspace.base, resourcePaths.target) ?? Buffer.alloc(0);
  const { records } = framesOf(bytes);
  const fields = records.map(({ start, end }) => encodeField(RESOURCES_FIELD, bytes.subarray(start, end)));
  return encodeRecord(Buffer.concat(fields));
};

const STATE = messageType('mesos.internal.slave.ResourceState');
const RESOURCES_FIELD = STATE.fields.find((field) => field?.name === 'resources')?.number ?? 0;

/**
 * Half of a change is there. Where `resources.target` is missing, the agent has what it says from the other file, and
 * commits the change once there is one of that name; a lone `resources.target` is what no agent of today commits.
 */
export const mendIncompleteTarget: Mender = ({ path }, workspace) => {
  const lone = path === resourcePaths.target ? resourcePaths.stateTarget : resourcePaths.target;
  const dropped = setAside(workspace, lone, { loses: CHANGE_LOST });
  if (path !== resourcePaths.target) return dropped;
  const bytes = bytesAt(workspace.base, resourcePaths.stateTarget) ?? Buffer.alloc(0);
  const { state, start, end } = frameAt(bytes, 0);
  const walked = state === 'record' ? walk(STATE, bytes, start, end) : undefined;
  if (walked?.isWhole !== true || !walked.fields.every(({ isPlain }) => isPlain)) return dropped;
  const own = walked.fields.filter(({ field }) => field?.number === RESOURCES_FIELD);
  const records = own.map((each) => encodeRecord(bytes.subarray(each.start, each.end)));
  const made = putFile(workspace, path, Buffer.concat(records), {
    what: 'make resources.target of the resources in resources_and_operations.target',
  });
  return [...made, ...dropped];
};

/** `resources.target` that cannot be read: the change is not made. In 1.4 it is cut like a log. */
export const mendTarget: Mender = (_finding, workspace) => {
  const { target } = workspace.model.resources;
  const asLog = rulesOf(workspace.assumed.version).resourcesAreLogs && target.kind === 'records';
  const tail = asLog && target.end < target.size ? [{ offset: target.end, length: target.size - target.end }] : [];
  return [
    ...cut(workspace, resourcePaths.target, tail, { loses: 'the resources after it' }),
    ...setAside(workspace, resourcePaths.target, { loses: CHANGE_LOST }),
  ];
};

/**
 * `resources.info`: what is wrong is cut out of it, record by record, so that the reservations and volumes in the others
 * live on; with the file they would all go.
 */
export const mendResourcesInfo: Mender = (_finding, workspace) => {
  const { info } = workspace.found.resources;
  const asLog = rulesOf(workspace.assumed.version).resourcesAreLogs;
  // The agent goes on to the target, but not where there is no file at all.
  const isEmptied = workspace.model.resources.target.kind !== 'absent';
  const gone = [
    ...(isEmptied
      ? putFile(workspace, resourcePaths.info, Buffer.alloc(0), { what: EMPTIED, loses: BEFORE_LOST })
      : []),
    ...setAside(workspace, resourcePaths.info, { loses: ALL_LOST }),
  ];
  if (info.kind !== 'records' || info.ending.kind === 'unreadable') return gone;
  const spans: Span[] = info.end < info.size ? [{ offset: info.end, length: info.size - info.end }] : [];
  const kept = recordsOf(workspace, info).filter(({ value, span }) => {
    const isWrong = isStarReserved(value);
    if (isWrong) spans.push(span);
    return !isWrong;
  });
  if (kept.length === 0 && !asLog) return gone;
  return [...cut(workspace, resourcePaths.info, spans, { loses: lossOf(spans, info) }), ...gone];
};

const lossOf = (spans: readonly Span[], info: SequenceFile<Resource>): string =>
  info.kind === 'records' && spans.length > 0 ? 'the reservations and volumes in these bytes' : '';

/** The records of `resources.info`, with their places in the tree as it is. */
const recordsOf = (
  { found }: Workspace,
  info: SequenceFile<Resource> & { readonly kind: 'records' },
): readonly { readonly value: Resource; readonly span: Span }[] => {
  const asItIs = found.resources.info;
  if (asItIs.kind !== 'records') return [];
  const { offsets, end } = asItIs;
  return info.values.slice(0, offsets.length).map((value, i) => {
    const offset = offsets[i] as number;
    return { value, span: { offset, length: (offsets[i + 1] ?? end) - offset } };
  });
};

/**
 * Resources that do not fit the agent's own. First the change that was under way is given up; then `resources.info` is
 * fallen back to, where that fits, or as many of its records as do.
 */
export const mendIncompatible: Mender = (_finding, workspace) => {
  // What is reserved is not given up because a flag names less.
  if (beneathReservations(workspace) !== undefined) return [];
  const rules = rulesOf(workspace.assumed.version);
  const { state, stateTarget, info } = workspace.model.resources;
  const isState = rules.stateIsRead && state.kind !== 'absent';
  const alternatives: Alternative[] = [];
  if (workspace.start.state.resources.target !== undefined) {
    const target = isState && stateTarget.kind !== 'absent' ? resourcePaths.stateTarget : resourcePaths.target;
    alternatives.push(...setAside(workspace, target, { loses: CHANGE_LOST }));
  }
  const withoutState = isState ? setAside(workspace, resourcePaths.state, { loses: 'pending operations' }) : [];
  const [first] = withoutState;
  const lead = first === undefined ? [] : first.changes;
  const own = (workspace.assumed.agentInfo?.info ?? workspace.start.state.agent?.info)?.resources ?? [];
  const cuts = info.kind === 'records' && info.ending.kind === 'clean' ? unfitting(workspace, info, own) : undefined;
  if (cuts !== undefined && cuts.length === 0) alternatives.push(...withoutState);
  const rest = [
    ...(cuts === undefined || cuts.length === 0 ? [] : cut(workspace, resourcePaths.info, cuts)),
    ...setAside(workspace, resourcePaths.info),
  ];
  for (const each of rest) {
    const isCut = each.changes[0].kind === 'cut';
    alternatives.push({
      changes: [...lead, ...each.changes] as unknown as Alternative['changes'],
      what: [first?.what, each.what].filter((what) => what !== undefined).join(', and '),
      loses: isCut ? 'the reservations and volumes that do not fit' : ALL_LOST,
    });
  }
  if (info.kind === 'absent') {
    alternatives.push(...withoutState.map((each) => ({ ...each, loses: ALL_LOST })));
  }
  return alternatives;
};

/** The records that do not fit the agent's own resources beside those before them. */
const unfitting = (
  workspace: Workspace,
  info: SequenceFile<Resource> & { readonly kind: 'records' },
  own: readonly Resource[],
): readonly Span[] | undefined => {
  try {
    const total = Resources.of(upgradeResources(own));
    const left = total.changing();
    const kept: Resource[] = [];
    const spans: Span[] = [];
    for (const { value, span } of recordsOf(workspace, info)) {
      // What is invalid or empty is none.
      const all = [...Resources.of(upgradeResources([value]))];
      if (all.every((resource) => applyCheckpointedResource(left, resource))) kept.push(value);
      else spans.push(span);
    }
    if (kept.length === 0 && spans.length > 0) return undefined;
    // The agent adds up what is alike before it looks whether it fits.
    return applyCheckpointedResources(total, Resources.of(upgradeResources(kept))).ok ? spans : undefined;
  } catch (error) {
    // Where it takes too long to find them, all of them go.
    if (error instanceof AgentAbort || error instanceof TooManyResources) return undefined;
    throw error;
  }
};

/** Operations that the agent cannot take up: the file that it reads them from goes. */
export const mendOperations: Mender = (_finding, workspace) => {
  const { stateTarget } = workspace.model.resources;
  const fromTarget = rulesOf(workspace.assumed.version).stateTargetIsRead && stateTarget.kind !== 'absent';
  return fromTarget
    ? setAside(workspace, resourcePaths.stateTarget, { loses: `${CHANGE_LOST}, and its operations` })
    : setAside(workspace, resourcePaths.state, { loses: 'pending operations' });
};
