import type { FatalCode } from '../../findings/catalogue.ts';
import { mendRunLatest } from './executor.ts';
import { mendLog } from './logs.ts';
import type { Mender } from './mender.ts';
import {
  mendIncompatible,
  mendIncompleteTarget,
  mendOperations,
  mendResourcesInfo,
  mendState,
  mendStateTarget,
  mendTarget,
} from './resources.ts';
import { makeSandbox, mendDuplicatePid, mendNumber, setAsideMarker, setAsidePid } from './run.ts';
import { forgetAgent, makeLatestAgain, mendFifo, mendOversized, setAsideFile } from './tree.ts';

/** How each kind of finding is mended that can end a start. About others nothing is done without `--salvage`. */
export const menders: Readonly<Record<FatalCode, Mender>> = {
  // The tree
  'agent-latest-dangling': forgetAgent,
  'agent-latest-unresolvable': forgetAgent,
  'agent-latest-elsewhere': makeLatestAgain(forgetAgent),
  'fifo-in-place': mendFifo,
  'record-oversized': mendOversized,
  // Boot id
  'boot-id-unwritable': setAsideFile,
  // Agent
  'agent-info-damaged': forgetAgent,
  'agent-attribute-unsupported': forgetAgent,
  'agent-info-changed': forgetAgent,
  // Frameworks
  'framework-info-damaged': setAsideFile,
  'framework-pid-unreadable': setAsideFile,
  'framework-id-taken': setAsideFile,
  'framework-not-checkpointing': setAsideFile,
  'unallocated-resources': setAsideFile,
  // Executors
  'run-latest-dangling': mendRunLatest,
  'run-latest-elsewhere': makeLatestAgain(mendRunLatest),
  'run-latest-unresolvable': mendRunLatest,
  'run-latest-names-no-run': mendRunLatest,
  'executor-info-damaged': setAsideFile,
  'rewritten-id-invalid': setAsideFile,
  'generated-marker-unreadable': setAsideMarker,
  'generated-marker-malformed': mendNumber(setAsideMarker),
  // Runs
  'forked-pid-unreadable': setAsidePid,
  'forked-pid-malformed': mendNumber(setAsidePid),
  'forked-pid-unremovable': setAsidePid,
  'libprocess-pid-unreadable': setAsidePid,
  'sandbox-missing': makeSandbox,
  'duplicate-forked-pid': mendDuplicatePid,
  // Tasks
  'task-info-damaged': setAsideFile,
  'task-executor-mismatch': setAsideFile,
  'task-id-mismatch': setAsideFile,
  'task-updates-unopenable': mendLog,
  'task-updates-bad-record': mendLog,
  'task-updates-unreadable': mendLog,
  'acknowledgement-uuid-invalid': mendLog,
  'update-uuid-invalid': mendLog,
  // Resources
  'resource-state-damaged': mendState,
  'resource-target-damaged': mendStateTarget,
  'resources-info-damaged': mendResourcesInfo,
  'resources-target-damaged': mendTarget,
  'star-reservation': setAsideFile,
  'target-incomplete': mendIncompleteTarget,
  'target-unrenamable': setAsideFile,
  'volume-without-place': setAsideFile,
  'resources-incompatible': mendIncompatible,
  // Operations
  'operation-folder-invalid': setAsideFile,
  'operation-log-bad-record': mendLog,
  'operation-log-unopenable': mendLog,
  'operation-acknowledgement-unexpected': mendLog,
  'operation-update-invalid': mendLog,
  'operation-pending-with-updates': setAsideFile,
  'operation-invalid': mendOperations,
  // Other state
  'volume-gids-damaged': setAsideFile,
  'device-state-damaged': setAsideFile,
};
