import type { Checkpoint } from '../../checkpoint/model.ts';
import { newestOf, type Sign } from '../../host/activity.ts';
import { fileIn } from '../../layout/kinds.ts';
import { META } from '../../layout/names.ts';
import { RESOURCES_PATH } from '../../layout/place.ts';
import type { Source } from '../../source/source.ts';
import { executorsOf, runFolders } from './executors.ts';

/** The newest of the files of a checkpoint that the agent writes while it runs. */
export const lastSignIn = ({ agent }: Checkpoint, source: Source, workDir: string): Sign | undefined => {
  const runs = (agent?.frameworks ?? []).flatMap((framework) =>
    executorsOf(framework).flatMap((executor) => runFolders(framework, executor)),
  );
  const paths = [
    fileIn(META, 'boot_id'),
    ...(['resources_and_operations.state', 'resources.info'] as const).map((kind) => fileIn(RESOURCES_PATH, kind)),
    ...runs.flatMap(({ path, tasks }) => [
      fileIn(path, 'forked.pid'),
      fileIn(path, 'executor.sentinel'),
      ...tasks.map((task) => fileIn(task, 'task.updates')),
    ]),
  ];
  return newestOf(
    paths.flatMap((path) => {
      const time = source.modified(path);
      return time === undefined ? [] : [{ place: `${workDir}/${path}`, time }];
    }),
  );
};
