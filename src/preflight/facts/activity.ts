import type { Checkpoint } from '../../checkpoint/model.ts';
import { type Host, isUnseen } from '../../host/host.ts';
import { type Known, mapKnown } from '../../host/known.ts';
import type { Process } from '../../host/process.ts';
import { agentsIn, type Processes } from '../../host/processes.ts';
import { fileIn } from '../../layout/kinds.ts';
import { META } from '../../layout/names.ts';
import { RESOURCES_PATH } from '../../layout/place.ts';
import type { Source } from '../../source/source.ts';

/** Whether the agent runs, and when it last did, by what it left behind. */
export interface Activity {
  readonly running: Known<readonly Process[]>;
  /** The newest thing that the agent wrote: it has not been down for longer. */
  readonly lastSign: Sign | undefined;
  /** A pid file, and what is in it. */
  readonly pidFile: { readonly path: string; readonly pid: number | undefined } | undefined;
}

/** Something that the agent wrote. */
export interface Sign {
  readonly place: string;
  /** In milliseconds since 1970. */
  readonly time: number;
}

const PID_FILES = ['mesos-agent.pid', 'mesos-slave.pid', 'mesos/mesos-agent.pid', 'mesos/mesos-slave.pid'].flatMap(
  (name) => [`/run/${name}`, `/var/run/${name}`],
);
const LOG_FOLDER = '/var/log/mesos';

/** Finds out when the agent last ran. `checkpoint` gives its files' times, and is undefined where it cannot be read. */
export const readActivity = (
  host: Host,
  processes: Known<Processes>,
  checkpoint: { readonly model: Checkpoint; readonly source: Source; readonly workDir: string } | undefined,
  places: { readonly logDir: string | undefined; readonly pidFile: string | undefined },
): Activity => {
  const signs = [
    ...(checkpoint === undefined ? [] : checkpointSigns(checkpoint.model, checkpoint.source, checkpoint.workDir)),
    ...logSigns(host, places.logDir ?? LOG_FOLDER),
  ];
  return {
    running: mapKnown(processes, agentsIn),
    lastSign: signs.reduce<Sign | undefined>(
      (last, sign) => (last === undefined || sign.time > last.time ? sign : last),
      undefined,
    ),
    pidFile: pidFileIn(host, places.pidFile === undefined ? PID_FILES : [places.pidFile]),
  };
};

/** The newest of the files that the agent writes while it runs. */
const checkpointSigns = (checkpoint: Checkpoint, source: Source, workDir: string): readonly Sign[] => {
  let newest: Sign | undefined;
  const look = (path: string): void => {
    const time = source.modified(path);
    if (time !== undefined && (newest === undefined || time > newest.time))
      newest = { place: `${workDir}/${path}`, time };
  };
  look(fileIn(META, 'boot_id'));
  for (const kind of ['resources_and_operations.state', 'resources.info'] as const) look(fileIn(RESOURCES_PATH, kind));
  for (const framework of checkpoint.agent?.frameworks ?? []) {
    for (const executor of framework.executors) {
      for (const run of executor.runs) {
        look(fileIn(run.path, 'forked.pid'));
        look(fileIn(run.path, 'executor.sentinel'));
        for (const task of run.tasks) look(fileIn(task.path, 'task.updates'));
      }
    }
  }
  return newest === undefined ? [] : [newest];
};

const logSigns = (host: Host, folder: string): readonly Sign[] => {
  const entries = host.list(folder);
  if (entries === undefined || isUnseen(entries)) return [];
  return entries
    .filter((name) => /^(lt-)?mesos-(agent|slave)\b/.test(name))
    .flatMap((name) => {
      const stat = host.stat(`${folder}/${name}`);
      return stat === undefined || isUnseen(stat) || stat.kind !== 'file'
        ? []
        : [{ place: `${folder}/${name}`, time: stat.modified }];
    });
};

const pidFileIn = (host: Host, paths: readonly string[]): Activity['pidFile'] => {
  for (const path of paths) {
    const bytes = host.read(path);
    if (bytes === undefined || isUnseen(bytes)) continue;
    const text = bytes.toString('latin1').trim();
    return { path, pid: /^[1-9]\d*$/.test(text) ? Number(text) : undefined };
  }
  return undefined;
};
