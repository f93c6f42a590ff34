import type { Host } from '../../src/host/host.ts';

/** What a host answers instead of what it has: an errno, nothing, or bytes that are not what they should be. */
export type Answer = { readonly code: string } | 'absent' | Buffer | undefined;

const isErrno = (answer: Answer): boolean => typeof answer === 'object' && !Buffer.isBuffer(answer);

/** A host that answers otherwise about some paths; `undefined` leaves an answer as it is. */
export const withAnswers = (host: Host, answerTo: (path: string) => Answer): Host => {
  const instead = <T>(
    path: string,
    own: (path: string) => T,
    bytes: (bytes: Buffer) => T,
  ): T | { readonly code: string } | undefined => {
    const answer = answerTo(path);
    if (answer === undefined) return own(path);
    if (answer === 'absent') return undefined;
    return Buffer.isBuffer(answer) ? bytes(answer) : answer;
  };
  return {
    root: host.root,
    isOwn: host.isOwn,
    read: (path) => instead(path, host.read, (bytes) => bytes),
    list: (path) => instead(path, host.list, () => host.list(path)),
    stat: (path) => instead(path, host.stat, () => host.stat(path)),
    link: (path) => instead(path, host.link, () => host.link(path)),
    space: (path) => instead(path, host.space, () => host.space(path)),
    real: (path) => (isErrno(answerTo(path)) ? undefined : host.real(path)),
    local: (path) => (isErrno(answerTo(path)) ? undefined : host.local(path)),
  };
};
