import { type About, aboutJson } from './about.ts';
import { SCHEMA_VERSION } from './verify.ts';

/** A PATH of which nothing can be told, as the object that `--json` prints on a line. */
export const failureJson = (command: string, path: string, error: string, about: About): object => ({
  schemaVersion: SCHEMA_VERSION,
  command,
  ...aboutJson(about),
  path,
  error,
});
