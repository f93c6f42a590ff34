import { upgradeResources } from '../../agent/reservation-format.ts';
import { Resources } from '../../agent/resources.ts';
import type { RecordFile, SequenceFile } from '../../checkpoint/files.ts';
import type { ResourceStateFacts, ResourcesFolder } from '../../checkpoint/model.ts';
import { alike } from '../../findings/entry.ts';
import type { Location } from '../../findings/finding.ts';
import type { Resource } from '../../schema/index.ts';
import { errnoText } from '../../source/errno.ts';
import { type Context, refuses } from '../context.ts';
import { damageText } from '../damage.ts';
import { meetFifo, meetFifoLog, meetOversized } from '../no-return.ts';
import { endingText, isFifo, unreadableText } from '../reading.ts';
import { isStarReserved, meetStarReservation } from '../star-reservation.ts';
import type { RecoveredResources } from './recovered.ts';
import { resourceFiles, resourcePaths } from './resource-files.ts';
import { readState } from './resource-state.ts';

/** Recovers the resources: `ResourcesState::recover`. */
export const recoverResources = (context: Context, found: ResourcesFolder): RecoveredResources => {
  const files = resourceFiles(found, context.disk);
  const { stateIsRead, stateTargetIsRead } = context.rules;
  if (stateIsRead && files.state.kind !== 'absent') return recoverFromState(context, files);
  if (stateIsRead && files.stateTarget.kind !== 'absent' && stateTargetIsRead) {
    const detail = 'resources_and_operations.state is not there, so the resources in it are ignored';
    context.meet('target-ignored', { path: resourcePaths.stateTarget }, detail);
  }
  return recoverFromInfo(context, files);
};

const NOTHING: RecoveredResources = { resources: Resources.none, target: undefined, errors: 0 };

const recoverFromState = (context: Context, files: ResourcesFolder): RecoveredResources => {
  meetForgotten(context, files);
  const state = readState(context, 'state', files.state);
  if (state.isDamaged) return { ...NOTHING, errors: state.errors };
  const recovered = { ...NOTHING, resources: collect(state.value?.resources ?? []) };
  if (!context.rules.stateTargetIsRead || files.stateTarget.kind === 'absent') return recovered;
  if (files.stateTarget.kind === 'empty') {
    // The operations are looked for in the target alone where there is one.
    const severity = hasOperations(files.state) ? alike('loss') : undefined;
    context.meet('resource-target-empty', { path: resourcePaths.stateTarget }, 'the file is empty', { severity });
  }
  const target = readState(context, 'stateTarget', files.stateTarget);
  return { ...recovered, target: target.value && collect(target.value.resources), errors: target.errors };
};

/** Meets a state that says nothing, and is read without an error. */
const meetForgotten = (context: Context, { state, info }: ResourcesFolder): void => {
  const path = resourcePaths.state;
  if (state.kind === 'empty') context.meet('resource-state-empty', { path }, 'the file is empty');
  // The state of an agent without reservations and operations is four zero bytes, and no more.
  if (state.kind === 'whole' && state.zeros && (state.size > 4 || holdsAny(info))) {
    const detail = `it is full of zeros (${state.size} bytes), which the agent takes for no resources`;
    context.meet('resource-state-zero-filled', { path, offset: 0, length: state.size }, detail);
  }
};

const holdsAny = (info: SequenceFile<Resource>): boolean => info.kind === 'records' && info.values.length > 0;

const hasOperations = (file: RecordFile<ResourceStateFacts>): boolean =>
  file.kind === 'whole' && file.value.operations.length > 0;

/** The same resources are asked for by every start that is simulated. */
const collected = new WeakMap<readonly Resource[], Resources>();

/** Invalid and empty resources are left out without a word; one that ends the start was seen before. */
const collect = (resources: readonly Resource[]): Resources => {
  let sum = collected.get(resources);
  if (sum === undefined) {
    sum = Resources.of(upgradeResources(resources.filter((resource) => !isStarReserved(resource))));
    collected.set(resources, sum);
  }
  return sum;
};

/** The form before operation feedback: `resources.info` and `resources.target`. */
const recoverFromInfo = (context: Context, files: ResourcesFolder): RecoveredResources => {
  if (files.info.kind === 'absent') {
    if (files.target.kind !== 'absent') {
      const detail = 'resources.info is not there, so the resources in it are ignored';
      context.meet('target-ignored', { path: resourcePaths.target }, detail);
    }
    return NOTHING;
  }
  if (context.rules.resourcesAreLogs) return recoverLogs(context, files);
  const info = readSequence(context, 'info', files.info);
  if (context.isEnded) return NOTHING;
  if (info.resources === undefined) return { ...NOTHING, errors: info.errors };
  if (files.info.kind === 'records' && files.info.size === 0) {
    context.meet('resources-info-empty', { path: resourcePaths.info }, 'the file is empty');
  }
  if (files.target.kind === 'absent') return { ...NOTHING, resources: info.resources };
  const target = readSequence(context, 'target', files.target);
  return { resources: info.resources, target: target.resources, errors: context.isEnded ? 0 : target.errors };
};

/** The two files of the form before operation feedback, and the codes of their damage. */
const SEQUENCES = { info: 'resources-info-damaged', target: 'resources-target-damaged' } as const;

/** What was read of a sequence of resources: undefined where nothing of it is used. */
interface ReadSequence {
  readonly resources: Resources | undefined;
  readonly errors: number;
}

const UNUSED: ReadSequence = { resources: undefined, errors: 0 };

/** Reads a whole sequence of resources, of which nothing is used where it has an error. */
const readSequence = (context: Context, which: keyof typeof SEQUENCES, file: SequenceFile<Resource>): ReadSequence => {
  if (file.kind === 'absent') return { resources: Resources.none, errors: 0 };
  const path = resourcePaths[which];
  if (isFifo(file)) {
    meetFifo(context, path);
    return UNUSED;
  }
  const full = context.full(path);
  if (file.kind === 'unreadable') {
    const stop = refuses(`Failed to read resources file '${full}': ${unreadableText(file, full)}`);
    return { ...UNUSED, errors: context.meet(SEQUENCES[which], { path }, damageText.unreadable(file), stop) };
  }
  const error = endingText(file.ending);
  if (error === undefined) {
    if (meetStarReservation(context, path, file.values)) return UNUSED;
    return { resources: collect(file.values), errors: 0 };
  }
  if (file.ending.kind === 'oversized') {
    meetOversized(context, { path, offset: file.end }, damageText.atEnd(file.ending), error);
    return UNUSED;
  }
  const stop = refuses(`Failed to read resources file '${full}': ${error}`);
  return { ...UNUSED, errors: context.meet(SEQUENCES[which], endOf(path, file), sequenceDamage(file), stop) };
};

type Records = Extract<SequenceFile<Resource>, { kind: 'records' }>;

/** Where the records of a file end that has more bytes. */
const endOf = (path: string, { end, size, values }: Records): Location => ({
  path,
  offset: end,
  length: size - end,
  record: values.length + 1,
});

const sequenceDamage = ({ zeros, size, ending }: Records): string =>
  zeros ? `it is full of zeros (${size} bytes)` : damageText.atEnd(ending);

/** 1.4: both files are read, and cut, as logs are; an error of the first does not keep from the second. */
const recoverLogs = (context: Context, files: ResourcesFolder): RecoveredResources => {
  const info = recoverLog(context, 'info', files.info);
  if (context.isEnded || files.target.kind === 'absent') return { ...info, target: undefined };
  const target = recoverLog(context, 'target', files.target);
  return { resources: info.resources, target: target.resources, errors: info.errors + target.errors };
};

/** `ResourcesState::recoverResources` of 1.4. */
const recoverLog = (
  context: Context,
  which: keyof typeof SEQUENCES,
  file: SequenceFile<Resource>,
): { resources: Resources; errors: number } => {
  const path = resourcePaths[which];
  const full = context.full(path);
  const nothing = { resources: Resources.none, errors: 0 };
  if (file.kind === 'absent') return nothing;
  if (isFifo(file)) {
    meetFifoLog(context, path, `Failed to lseek resources file '${full}':`);
    return nothing;
  }
  if (file.kind === 'unreadable') {
    const stop = refuses(`Failed to open resources file '${full}': ${errnoText(file.code)}`);
    return { ...nothing, errors: context.meet(SEQUENCES[which], { path }, damageText.unreadable(file), stop) };
  }
  if (meetStarReservation(context, path, file.values)) return nothing;
  return { resources: collect(file.values), errors: cutLog(context, which, file) };
};

/** Cuts off what is behind the records of a log, whether or not that is an error; gives what it adds to the errors. */
const cutLog = (context: Context, which: keyof typeof SEQUENCES, file: Records): number => {
  const path = resourcePaths[which];
  const error = endingText(file.ending);
  if (file.ending.kind === 'oversized') {
    meetOversized(context, { path, offset: file.end }, damageText.atEnd(file.ending), error ?? '');
    return 0;
  }
  if (context.disk.isTruncated(path)) return 0;
  if (file.size > file.end) context.truncate(path, file.size, file.end);
  if (error === undefined) return 0;
  if (file.ending.kind === 'torn') return context.meet('resources-torn', endOf(path, file), sequenceDamage(file));
  const stop = refuses(`Failed to read resources file  '${context.full(path)}': ${error}`);
  return context.meet(SEQUENCES[which], endOf(path, file), sequenceDamage(file), stop);
};
