import {
  EXECUTORS,
  FRAMEWORKS,
  META,
  OPERATIONS,
  RESOURCE_PROVIDER_REGISTRY,
  RESOURCE_PROVIDERS,
  RESOURCES,
  RUNS,
  SLAVES,
  TASKS,
} from './names.ts';

/** A kind of folder that files belong to. */
interface Row {
  /** The kind of folder that it lies in. */
  readonly in: string;
  /** The name of the folder in that, which holds it or all of its kind. */
  readonly name: string;
  /** What the names below are that tell it from others of its kind. */
  readonly ids: readonly string[];
}

/** The folders that files of a checkpoint belong to: where each kind lies, a row each. */
export const FOLDERS = {
  meta: { in: 'work_dir', name: META, ids: [] },
  resources: { in: 'meta', name: RESOURCES, ids: [] },
  agent: { in: 'meta', name: SLAVES, ids: ['agent'] },
  operation: { in: 'agent', name: OPERATIONS, ids: ['operation'] },
  'provider registry': { in: 'agent', name: RESOURCE_PROVIDER_REGISTRY, ids: [] },
  provider: { in: 'agent', name: RESOURCE_PROVIDERS, ids: ['providerType', 'providerName', 'provider'] },
  framework: { in: 'agent', name: FRAMEWORKS, ids: ['framework'] },
  executor: { in: 'framework', name: EXECUTORS, ids: ['executor'] },
  run: { in: 'executor', name: RUNS, ids: ['run'] },
  task: { in: 'run', name: TASKS, ids: ['task'] },
} as const satisfies Readonly<Record<string, Row>>;

type Rows = typeof FOLDERS;

/** A kind of folder that files belong to. */
export type FolderKind = 'work_dir' | keyof Rows;

/** The names of the ids that lead to a folder of a kind, its own included. */
export type IdNameOf<F extends FolderKind> = F extends keyof Rows
  ? IdNameOf<Rows[F]['in']> | Rows[F]['ids'][number]
  : never;

/** The ids that lead to a folder of a kind, its own included. */
export type IdsOf<F extends FolderKind> = { readonly [Name in IdNameOf<F>]: string };

export type FrameworkIds = IdsOf<'framework'>;
export type ExecutorIds = IdsOf<'executor'>;
