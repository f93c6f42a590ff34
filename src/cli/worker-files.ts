import { join } from 'node:path';

const at = (name: string): string => join(import.meta.dirname, `${name}.cjs`);

/** The programs of the threads that read executors beside the main one: of one tree, their JSON, or of two trees that are compared. */
export const WORKER_FILES = { executors: at('worker'), json: at('inspect-worker'), pairs: at('pair-worker') } as const;
