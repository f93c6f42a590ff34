import { count, durationText, sizeText } from '../../text/words.ts';
import { about, ok, type PreflightCheck, warn } from './check.ts';

/** So many files and folders make a recovery slow, and a disk full. */
const MANY = 10_000;

/** What waits to be collected. */
export const collection: PreflightCheck<'collection'> = {
  code: 'collection',
  title: 'Little waits for collection',
  explanation:
    'Runs that are over, and earlier agents, stay on disk until --gc_delay has passed (1 week; less when the disk is full), and the agent reads their checkpoints at each start. Very many make a start slow, and an agent can run out of memory on them (MESOS-6285, which no version has fixed).',
  remedy: 'Set a shorter --gc_delay; nothing of it is urgent.',
  visibility: 'Run this as root, where the work_dir with its slaves/ is.',
  judge: ({ facts }) =>
    about(facts.sandboxes, ({ waiting }) => {
      const { count: runs, usage, otherAgents } = waiting;
      const agents = otherAgents.length === 0 ? '' : ` and ${count(otherAgents.length, 'earlier agent')}`;
      if (runs === 0 && agents === '') return [ok('nothing')];
      const size = `${usage.whole ? '' : 'at least '}${sizeText(usage.bytes)} in ${count(usage.files, 'file')}`;
      const found = `${count(runs, 'run')}${agents}: ${size}, kept for ${durationText(facts.settings.gcDelay.value)}`;
      const free = facts.workDir?.space.known === true ? facts.workDir.space.value.free : Number.POSITIVE_INFINITY;
      if (usage.bytes > free) return [warn(`${found}; that is more than what is free on the disk`)];
      return [runs > MANY ? warn(found) : ok(found)];
    }),
};
