import { sizeText } from '../../text/words.ts';
import type { Facts } from '../facts/facts.ts';
import { about, fail, ok, type PreflightCheck, warn } from './check.ts';

/** What a pending change would do to persistent volumes. */
export const pendingVolumes: PreflightCheck<'pending-volumes'> = {
  code: 'pending-volumes',
  title: 'No pending change deletes a persistent volume',
  explanation:
    'Where the agent ended while it changed its resources, a target file is left beside the committed one, and the next start finishes the change: it creates the volumes that are new, and deletes those that are in the committed resources and not in the target, with their data.',
  remedy:
    'Where the data of the volume is wanted, copy the volume before the start. Most likely the framework destroyed it: ask the operator of the framework.',
  visibility: 'Run this as root, where the work_dir is.',
  judge: ({ facts }) =>
    about(facts.checkpoint, ({ verification, mode }) => {
      const { created, deleted } = verification[mode].impact.volumes;
      if (deleted.length > 0) {
        return deleted.map((path) => fail(`the start deletes a volume with its data (${sizeAt(facts, path)})`, path));
      }
      if (created.length > 0)
        return created.map((path) =>
          warn('the start creates a volume', path, 'Nothing: it is what the framework asked for.'),
        );
      return [ok('none is created or deleted')];
    }),
};

const sizeAt = ({ volumeUsage }: Facts, path: string): string => {
  const usage = volumeUsage.get(path);
  if (usage?.whole === false && usage.files === 0) return 'how much is in it was not seen';
  return usage === undefined || usage.files === 0
    ? 'nothing is in it'
    : `${usage.whole ? '' : 'at least '}${sizeText(usage.bytes)}`;
};
