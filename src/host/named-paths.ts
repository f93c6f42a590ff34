import { posix } from 'node:path';
import { type Denial, denialOf } from './access.ts';
import type { ContainerStart } from './flags/agent-process.ts';
import { hostPathOf } from './flags/contained.ts';
import { type Host, type HostStat, isRunningRoot, isUnseen } from './host.ts';
import { type Known, known, mapKnown, unknown, unseen } from './known.ts';
import { type AgentUserFact, isUser } from './user.ts';

/** A path that the agent is given, by a flag or a variable. */
export interface NamedPath {
  /** `--credential`, `LIBPROCESS_SSL_KEY_FILE`. */
  readonly by: string;
  /** As the agent is given it. */
  readonly path: string;
  /** Where it is set. */
  readonly origin: string;
  /** What is there; where it is not known, nothing else is. */
  readonly kind: Known<HostStat['kind'] | 'nothing'>;
  /** What keeps the agent's user from it; undefined where nothing does. */
  readonly denial: Known<Denial | undefined>;
  /** What is in it, where it is a file. */
  readonly content: Known<Buffer>;
  /** Where it is on the host: elsewhere where the agent is in a container. */
  readonly onHost: string;
}

/** What decides where a path of the agent's leads, and who opens it. */
export interface PathSetting {
  readonly container: ContainerStart | undefined;
  readonly user: AgentUserFact;
  /** The folder that the agent is started in; undefined where that is not known. */
  readonly folder: string | undefined;
}

/** A path that the agent is given, by what, and where that is set. */
export type GivenPath = Pick<NamedPath, 'by' | 'path' | 'origin'>;

/** Looks at a path that the agent is given, as the agent's user would. */
export const lookAtPath = (host: Host, given: GivenPath, wish: number, setting: PathSetting): NamedPath => {
  const absolute = given.path.startsWith('/')
    ? given.path
    : setting.folder === undefined
      ? undefined
      : posix.join(setting.folder, given.path);
  const path = absolute === undefined ? undefined : hostPathOf(absolute, setting.container);
  if (path === undefined) {
    const why =
      absolute === undefined
        ? `${given.path} is not an absolute path, and where the agent is started is not known`
        : `${absolute} is in the agent's container alone, in none of its volumes`;
    const nothing = unknown(why);
    return { ...given, onHost: given.path, kind: nothing, denial: nothing, content: nothing };
  }
  return {
    ...given,
    onHost: path,
    kind: kindOf(host, path),
    denial: denialFor(host, path, wish, setting.user),
    content: contentOf(host, path),
  };
};

/** In a copy, what is not there may not have been copied: it is missing where its folder was. */
const kindOf = (host: Host, path: string): NamedPath['kind'] => {
  const stat = host.stat(path);
  if (isUnseen(stat)) return unseen(path, stat);
  if (stat !== undefined) return known(stat.kind);
  const folder = host.stat(posix.dirname(path));
  if (isUnseen(folder)) return unseen(posix.dirname(path), folder);
  const isCopied = folder !== undefined || isRunningRoot(host);
  return isCopied ? known('nothing') : unknown(`${posix.dirname(path)} is not in this copy`);
};

const denialFor = (host: Host, path: string, wish: number, user: AgentUserFact): NamedPath['denial'] => {
  if (!user.known) return user;
  // Nobody is kept from anything; that there is nobody is said elsewhere.
  return isUser(user.value) ? denialOf(host, path, user.value, wish) : mapKnown(user, () => undefined);
};

const contentOf = (host: Host, path: string): Known<Buffer> => {
  const bytes = host.read(path);
  if (isUnseen(bytes)) return unseen(path, bytes);
  return bytes === undefined ? unknown(`${path} is not there`) : known(bytes);
};
