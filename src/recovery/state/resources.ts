import { upgradeResources } from '../../agent/reservation-format.ts';
import { Resources } from '../../agent/resources.ts';
import type { RecordFile, SequenceFile } from '../../checkpoint/files.ts';
import type { ResourceStateFacts, ResourcesFolder } from '../../checkpoint/model.ts';
import type { Message } from '../../format/parse.ts';
import { fileIn } from '../../layout/kinds.ts';
import { RESOURCES_PATH } from '../../layout/place.ts';
import { messageType, type Resource } from '../../schema/index.ts';
import { errnoText } from '../../source/errno.ts';
import { type Context, type Disk, refuseIfStrict, type Stop } from '../context.ts';
import { damageText } from '../damage.ts';
import { abortOversized, endOver, hangOver } from '../ending.ts';
import { endingText, isFifo, type Reading, readRecord, unreadableText } from '../reading.ts';
import { abortOnStarReservation, isStarReserved, resourcesWithin } from '../star.ts';
import type { RecoveredResources } from './recovered.ts';

/** The paths of the resource files. */
export const resourcePaths = {
  state: fileIn(RESOURCES_PATH, 'resources_and_operations.state'),
  stateTarget: fileIn(RESOURCES_PATH, 'resources_and_operations.target'),
  info: fileIn(RESOURCES_PATH, 'resources.info'),
  target: fileIn(RESOURCES_PATH, 'resources.target'),
} as const;

const ABSENT = { kind: 'absent', vanished: false } as const;

/** The resource files as earlier starts left them: a target may have been renamed over what it replaces. */
export const resourceFiles = (found: ResourcesFolder, disk: Disk): ResourcesFolder => ({
  ...found,
  ...(disk.renamed.has(resourcePaths.state) ? { state: found.stateTarget, stateTarget: ABSENT } : {}),
  ...(disk.renamed.has(resourcePaths.info) ? { info: found.target, target: ABSENT } : {}),
});

/** Recovers the resources: `ResourcesState::recover`. */
export const recoverResources = (context: Context, found: ResourcesFolder, stops: Stop[]): RecoveredResources => {
  const files = resourceFiles(found, context.disk);
  if (context.rules.stateIsRead && files.state.kind !== 'absent') return recoverFromState(context, files, stops);
  if (context.rules.stateIsRead && files.stateTarget.kind !== 'absent' && context.rules.stateTargetIsRead) {
    context.report(
      'target-ignored',
      { path: resourcePaths.stateTarget },
      `resources_and_operations.state is not there, so the resources in it are ignored`,
    );
  }
  return recoverFromInfo(context, files, stops);
};

const NOTHING: RecoveredResources = { resources: Resources.none, target: undefined, errors: 0 };

const recoverFromState = (context: Context, files: ResourcesFolder, stops: Stop[]): RecoveredResources => {
  const state = readState(context, resourcePaths.state, files.state, stops);
  switch (state.kind) {
    case 'error':
      context.report(
        'resource-state-damaged',
        { path: resourcePaths.state, ...damageText.location(files.state) },
        damageText.of(files.state),
      );
      refuseIfStrict(context, stops, stateMessage(context, state.message));
      return { ...NOTHING, errors: 1 };
    case 'abort':
    case 'hang':
      endOver(context, stops, { path: resourcePaths.state }, damageText.of(files.state), state);
      return NOTHING;
    case 'none':
      if (files.state.kind === 'empty') {
        context.report('resource-state-empty', { path: resourcePaths.state }, 'the file is empty');
      }
      break;
    case 'some':
      // The state of an agent without reservations and operations is four zero bytes, and no more.
      if (files.state.kind === 'whole' && files.state.zeros && (files.state.size > 4 || holdsAny(files.info))) {
        context.report(
          'resource-state-zero-filled',
          { path: resourcePaths.state, offset: 0, length: files.state.size },
          `it is full of zeros (${files.state.size} bytes), which the agent takes for no resources`,
        );
      }
      break;
    case 'missing':
      break;
  }
  const resources = resourcesOf(state);
  if (!context.rules.stateTargetIsRead || files.stateTarget.kind === 'absent') return { ...NOTHING, resources };
  const target = readState(context, resourcePaths.stateTarget, files.stateTarget, stops);
  switch (target.kind) {
    case 'error':
      context.report(
        'resource-target-damaged',
        { path: resourcePaths.stateTarget, ...damageText.location(files.stateTarget) },
        damageText.of(files.stateTarget),
      );
      refuseIfStrict(context, stops, targetMessage(context, target.message));
      return { resources, target: undefined, errors: 1 };
    case 'abort':
    case 'hang':
      endOver(context, stops, { path: resourcePaths.stateTarget }, damageText.of(files.stateTarget), target);
      return { ...NOTHING, resources };
    case 'none':
      if (files.stateTarget.kind === 'empty') {
        context.report(
          'resource-target-empty',
          { path: resourcePaths.stateTarget },
          'the file is empty',
          // The operations are looked for in the target alone where there is one.
          hasOperations(files.state) ? { strict: 'loss', nonStrict: 'loss' } : undefined,
        );
      }
      return { ...NOTHING, resources };
    case 'missing':
      return { ...NOTHING, resources };
    case 'some':
      return { resources, target: resourcesOf(target), errors: 0 };
  }
};

const holdsAny = (info: SequenceFile<Resource>): boolean => info.kind === 'records' && info.values.length > 0;

const hasOperations = (file: RecordFile<ResourceStateFacts>): boolean =>
  file.kind === 'whole' && file.value.operations.length > 0;

const stateMessage = (context: Context, message: string): string =>
  `Failed to read resource and operations file '${context.full(resourcePaths.state)}': ${message}`;
const targetMessage = (context: Context, message: string): string =>
  `Failed to read resources and operations target file '${context.full(resourcePaths.stateTarget)}': ${message}`;

/** Reads one of the two files of a `ResourceState`, and brings its resources to their present form. */
const readState = (
  context: Context,
  path: string,
  file: RecordFile<ResourceStateFacts>,
  stops: Stop[],
): Reading<ResourceStateFacts> => {
  const read = readRecord(file, context.full(path));
  if (read.kind !== 'some') return read;
  const within = resourcesWithin(STATE_TYPE, read.value as unknown as Message);
  return abortOnStarReservation(context, stops, path, within) ? { kind: 'none' } : read;
};

const STATE_TYPE = messageType('mesos.internal.slave.ResourceState');

const resourcesOf = (read: Reading<ResourceStateFacts>): Resources =>
  read.kind === 'some' ? collect(read.value.resources) : Resources.none;

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
const recoverFromInfo = (context: Context, files: ResourcesFolder, stops: Stop[]): RecoveredResources => {
  if (files.info.kind === 'absent') {
    if (files.target.kind !== 'absent') {
      const message = `resources.info is not there, so the resources in it are ignored`;
      context.report('target-ignored', { path: resourcePaths.target }, message);
    }
    return NOTHING;
  }
  if (context.rules.resourcesAreLogs) return recoverLogs(context, files, stops);
  const info = readSequence(context, resourcePaths.info, files.info, stops);
  if (stops.length > 0) return NOTHING;
  if (info === undefined) return { ...NOTHING, errors: 1 };
  if (files.info.kind === 'records' && files.info.size === 0) {
    context.report('resources-info-empty', { path: resourcePaths.info }, 'the file is empty');
  }
  if (files.target.kind === 'absent') return { ...NOTHING, resources: info };
  const target = readSequence(context, resourcePaths.target, files.target, stops);
  return { resources: info, target, errors: target === undefined && stops.length === 0 ? 1 : 0 };
};

/** A whole sequence of resources; undefined where it has an error that does not end the start. */
const readSequence = (
  context: Context,
  path: string,
  file: SequenceFile<Resource>,
  stops: Stop[],
): Resources | undefined => {
  if (file.kind === 'absent') return Resources.none;
  if (isFifo(file)) {
    hangOver(context, stops, path);
    return undefined;
  }
  const full = context.full(path);
  const error = file.kind === 'unreadable' ? unreadableText(file, full) : endingText(file.ending);
  if (error === undefined) {
    const { values } = file as { readonly values: readonly Resource[] };
    return abortOnStarReservation(context, stops, path, values) ? undefined : collect(values);
  }
  if (file.kind === 'records' && file.ending.kind === 'oversized') {
    abortOversized(context, stops, { path, offset: file.end }, damageText.atEnd(file.ending), error);
    return undefined;
  }
  reportSequence(context, path, file);
  refuseIfStrict(context, stops, `Failed to read resources file '${full}': ${error}`);
  return undefined;
};

const reportSequence = (context: Context, path: string, file: SequenceFile<Resource>): void => {
  const code = path === resourcePaths.info ? 'resources-info-damaged' : 'resources-target-damaged';
  if (file.kind === 'unreadable') context.report(code, { path }, damageText.unreadable(file));
  if (file.kind !== 'records') return;
  context.report(
    code,
    {
      path,
      offset: file.end,
      length: file.size - file.end,
      record: file.values.length + 1,
    },
    sequenceDamage(file),
  );
};

const sequenceDamage = (file: SequenceFile<Resource>): string => {
  if (file.kind !== 'records') return 'it is whole';
  const { ending } = file;
  if (file.zeros) return `it is full of zeros (${file.size} bytes)`;
  return damageText.atEnd(ending);
};

/** 1.4: both files are read, and cut, as logs are; an error of the first does not keep from the second. */
const recoverLogs = (context: Context, files: ResourcesFolder, stops: Stop[]): RecoveredResources => {
  let errors = 0;
  const recover = (path: string, file: SequenceFile<Resource>): Resources => {
    const read = recoverLog(context, path, file, stops);
    errors += read.errors;
    return read.resources;
  };
  const resources = recover(resourcePaths.info, files.info);
  if (stops.length > 0 || files.target.kind === 'absent') return { resources, target: undefined, errors };
  const target = recover(resourcePaths.target, files.target);
  return { resources, target, errors };
};

/** `ResourcesState::recoverResources` of 1.4. */
const recoverLog = (
  context: Context,
  path: string,
  file: SequenceFile<Resource>,
  stops: Stop[],
): { resources: Resources; errors: number } => {
  const full = context.full(path);
  if (file.kind === 'absent') return { resources: Resources.none, errors: 0 };
  if (isFifo(file)) {
    hangOver(context, stops, path);
    return { resources: Resources.none, errors: 0 };
  }
  if (file.kind === 'unreadable') {
    reportSequence(context, path, file);
    refuseIfStrict(context, stops, `Failed to open resources file '${full}': ${errnoText(file.code)}`);
    return { resources: Resources.none, errors: 1 };
  }
  if (abortOnStarReservation(context, stops, path, file.values)) return { resources: Resources.none, errors: 0 };
  const resources = collect(file.values);
  const error = endingText(file.ending);
  if (file.ending.kind === 'oversized') {
    const place = { path, offset: file.end };
    abortOversized(context, stops, place, damageText.atEnd(file.ending), error ?? '');
    return { resources, errors: 0 };
  }
  if (context.disk.truncated.has(path)) return { resources, errors: 0 };
  if (file.size > file.end) context.truncate(path, file.size, file.end);
  if (error === undefined) return { resources, errors: 0 };
  if (file.ending.kind === 'torn') {
    context.report(
      'resources-torn',
      { path, offset: file.end, length: file.size - file.end, record: file.values.length + 1 },
      sequenceDamage(file),
    );
    return { resources, errors: 0 };
  }
  reportSequence(context, path, file);
  refuseIfStrict(context, stops, `Failed to read resources file  '${full}': ${error}`);
  return { resources, errors: 1 };
};

/** What is known of the operations: `SlaveState::recover` reads the same files again for them. */
export interface RecoveredOperations {
  readonly operations: readonly Message[] | undefined;
  readonly errors: number;
}

/** Recovers the operations of an agent: from the target where there is one, else from the state. */
export const recoverOperations = (context: Context, found: ResourcesFolder, stops: Stop[]): RecoveredOperations => {
  const nothing = { operations: undefined, errors: 0 };
  if (!context.rules.operationsAreRead) return nothing;
  const files = resourceFiles(found, context.disk);
  const fromTarget = context.rules.stateTargetIsRead && files.stateTarget.kind !== 'absent';
  const path = fromTarget ? resourcePaths.stateTarget : resourcePaths.state;
  const file = fromTarget ? files.stateTarget : files.state;
  const read = readState(context, path, file, stops);
  switch (read.kind) {
    case 'some':
      return { operations: read.value.operations, errors: 0 };
    case 'abort':
    case 'hang':
      endOver(context, stops, { path }, damageText.of(file), read);
      return nothing;
    case 'error':
      context.report(
        fromTarget ? 'resource-target-damaged' : 'resource-state-damaged',
        { path, ...damageText.location(file) },
        damageText.of(file),
      );
      refuseIfStrict(
        context,
        stops,
        fromTarget ? targetMessage(context, read.message) : stateMessage(context, read.message),
      );
      return { operations: undefined, errors: 1 };
    default:
      return nothing;
  }
};
