import { Environment } from '../../../src/agent/flags/environment.ts';
import { type LoadedFlags, loadFlags } from '../../../src/agent/flags/load.ts';
import { LATEST_RELEASE, type Version } from '../../../src/agent/version.ts';

/** Flags without which no agent starts. */
export const NEEDED = ['--work_dir=/w', '--master=m:5050'];

/** What an agent is started with. */
export interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly supposed?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  /** Files that may not be read here. */
  readonly unseen?: readonly string[];
  readonly version?: Version;
  readonly isComplete?: boolean;
}

/** Loads flags from an environment and a command line. */
export const load = ({
  env = {},
  args = NEEDED,
  supposed = [],
  files = {},
  unseen = [],
  version = LATEST_RELEASE,
  isComplete = true,
}: Given): LoadedFlags => {
  const environment = new Environment();
  for (const [name, value] of Object.entries(env)) {
    environment.set(name, { value, origin: { place: 'env', line: undefined }, unknown: undefined });
  }
  const given = (place: string) => (value: string, i: number) => ({
    value,
    origin: { place, line: i + 1 },
    unknown: undefined,
  });
  return loadFlags({
    environment,
    args: args.map(given('args')),
    supposed: supposed.map(given('supposed')),
    fallback: [],
    isComplete,
    version,
    read: (path) => {
      if (unseen.includes(path)) return { unseen: `${path} cannot be read here (EACCES)` };
      return files[path] === undefined ? { error: 'No such file or directory' } : { text: files[path] };
    },
  });
};

/** Why the agent would not start. */
export const messages = (given: Given): readonly string[] => load(given).refusals.map(({ message }) => message);
