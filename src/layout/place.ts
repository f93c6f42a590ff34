/** The ids of the folders that hold a framework's part of a tree. */
export interface FrameworkIds {
  readonly agent: string;
  readonly framework: string;
}

/** The ids of the folders that hold an executor's part of a tree, its own included. */
export interface ExecutorIds extends FrameworkIds {
  readonly executor: string;
}
