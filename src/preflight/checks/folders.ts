import type { MadeFolder } from '../../host/made-folders.ts';
import { dontKnow, endsStart, notSeen, ok, type PreflightCheck, type Row } from './check.ts';

/** Whether the agent can make its folders. */
export const folders: PreflightCheck<'folders'> = {
  code: 'folders',
  title: 'Folders that the agent makes or removes can be',
  looksAtStart: true,
  explanation:
    "At its start the agent makes the folders that its flags name where they are not there, as its user, and exits where it cannot: a file is in the way, the disk is mounted read-only, or the user may not write. It removes the cache of its fetcher, and aborts where that cannot be removed, as a mount point cannot. The folder of the executors' socket (--http_executor_domain_sockets) has to be there before.",
  remedy: 'Make the folder, and give it to the user of the agent, or correct the flag at the place that is named.',
  visibility: 'Run this on the host itself, as root.',
  judge: ({ facts: { folderNeeds } }) => {
    const { made, cache, socket } = folderNeeds;
    const rows: Row[] = [
      ...made.flatMap((each) => rowOf(each, (why) => `${each.by}: the agent cannot make ${each.path}: ${why}`)),
      ...rowOf(
        cache,
        (why) => `${cache.by}: the agent cannot remove ${cache.path} at its start, and aborts: ${why}`,
        CACHE,
      ),
      ...(socket === undefined
        ? []
        : rowOf(socket, (why) => `${socket.by}: the agent cannot make the socket ${socket.path}: ${why}`, SOCKET)),
    ];
    return rows.length > 0 ? rows : [ok('all are there, or can be made')];
  },
};

const CACHE = 'Set --fetcher_cache_dir to a folder below the mount point, which the user of the agent may remove.';
const SOCKET = 'Make the folder at each boot, before the agent starts, with a file in /etc/tmpfiles.d.';

const rowOf = ({ trouble, origin }: MadeFolder, text: (why: string) => string, todo?: string): readonly Row[] => {
  if (!trouble.known) return [trouble.needsRoot ? notSeen(trouble) : dontKnow(trouble.why, origin, trouble.todo)];
  return trouble.value === undefined ? [] : [endsStart(text(trouble.value), origin, todo)];
};
