import { type Host, isUnseen } from '../host.ts';
import type { ContainerStart } from './agent-process.ts';
import { hostPathOf } from './contained.ts';

/** What a path is that the image alone has: something may be there, and is not seen. */
const OF_IMAGE = { code: 'EACCES' } as const;

/** A host as it is seen from a container: what is in none of its volumes is in its image, and is not seen. */
export const insideOf = (host: Host, container: ContainerStart): Host => {
  const at = (path: string): string | undefined => hostPathOf(path, container);
  const asked =
    <T>(ask: (path: string) => T) =>
    (path: string): T | typeof OF_IMAGE => {
      const onHost = at(path);
      return onHost === undefined ? OF_IMAGE : ask(onHost);
    };
  const led =
    (lead: (path: string) => string | undefined) =>
    (path: string): string | undefined => {
      const onHost = at(path);
      return onHost === undefined ? undefined : lead(onHost);
    };
  return {
    ...host,
    read: asked(host.read),
    list: asked(host.list),
    stat: asked(host.stat),
    link: asked(host.link),
    space: asked(host.space),
    local: led(host.local),
    sourceAt: (path) => {
      const onHost = at(path);
      return onHost === undefined ? undefined : host.sourceAt?.(onHost);
    },
    isNoScript: (path) => {
      const onHost = at(path);
      return onHost !== undefined && host.isNoScript?.(onHost) === true;
    },
    // Where a link in a volume leads is a path of the container's, and not of the host's.
    real: (path) => (isUnseen(host.stat(at(path) ?? '')) ? undefined : path),
  };
};
