import { agent } from './entries/agent.ts';
import { boot } from './entries/boot.ts';
import { executor } from './entries/executor.ts';
import { framework } from './entries/framework.ts';
import { operations } from './entries/operations.ts';
import { other } from './entries/other.ts';
import { resources } from './entries/resources.ts';
import { run } from './entries/run.ts';
import { task } from './entries/task.ts';
import { tree } from './entries/tree.ts';
import type { Entries, Group } from './entry.ts';

export type { CatalogueEntry } from './entry.ts';

/** Every kind of finding, by code. A code is never renamed. */
export const catalogue = {
  ...tree,
  ...boot,
  ...agent,
  ...framework,
  ...executor,
  ...run,
  ...task,
  ...resources,
  ...operations,
  ...other,
} as const satisfies Entries;

/** The code of a kind of finding. */
export type FindingCode = keyof typeof catalogue;

/** The codes of what ends a start, in one mode at least: by their rows, so that none is forgotten where they are listed. */
export type FatalCode = {
  [C in FindingCode]: (typeof catalogue)[C] extends { readonly newAgent: 'in either mode' }
    ? never
    : (typeof catalogue)[C]['severity'] extends { readonly strict: 'fatal' } | { readonly nonStrict: 'fatal' }
      ? C
      : never;
}[FindingCode];

/** The groups of the catalogue, in its order. */
export const groups: readonly Group[] = [
  { title: 'The tree', source: ['src/slave/state.cpp, recover'], entries: tree },
  { title: 'Boot id', source: ['src/slave/state.cpp, recover', 'src/slave/slave.cpp, Slave::recover'], entries: boot },
  {
    title: 'Agent',
    source: ['src/slave/state.cpp, SlaveState::recover', 'src/slave/slave.cpp, Slave::recover'],
    entries: agent,
  },
  {
    title: 'Frameworks',
    source: ['src/slave/state.cpp, FrameworkState::recover', 'src/slave/slave.cpp, Slave::recoverFramework'],
    entries: framework,
  },
  {
    title: 'Executors',
    source: ['src/slave/state.cpp, ExecutorState::recover', 'src/slave/slave.cpp, Framework::recoverExecutor'],
    entries: executor,
  },
  {
    title: 'Runs',
    source: ['src/slave/state.cpp, RunState::recover', 'src/slave/slave.cpp, Framework::recoverExecutor'],
    entries: run,
  },
  {
    title: 'Tasks',
    source: [
      'src/slave/state.cpp, TaskState::recover',
      'src/slave/task_status_update_manager.cpp, TaskStatusUpdateManagerProcess::recover',
    ],
    entries: task,
  },
  {
    title: 'Resources',
    source: ['src/slave/state.cpp, ResourcesState::recover', 'src/slave/slave.cpp, Slave::recover'],
    entries: resources,
  },
  {
    title: 'Operations',
    source: [
      'src/slave/state.cpp, SlaveState::recover',
      'src/status_update_manager/status_update_manager_process.hpp, StatusUpdateManagerProcess::recover',
    ],
    entries: operations,
  },
  {
    title: 'Other state',
    source: [
      'src/slave/volume_gid_manager/volume_gid_manager.cpp, VolumeGidManagerProcess::recover',
      'src/slave/containerizer/device_manager/device_manager.cpp, DeviceManagerProcess::recover',
    ],
    entries: other,
  },
];

/** Every code, in the order of the catalogue. */
export const allCodes: readonly FindingCode[] = Object.keys(catalogue) as FindingCode[];
