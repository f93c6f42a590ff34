import { type Host, isUnseen, namesAt, textAt } from './host.ts';
import { type Known, mapKnown } from './known.ts';
import type { Process } from './process.ts';
import { agentsIn, type Processes } from './processes.ts';

/** Whether the agent runs, and what it left behind beside its checkpoint. */
export interface Activity {
  readonly running: Known<readonly Process[]>;
  /** Its newest log. */
  readonly lastLog: Sign | undefined;
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

/** Finds out whether the agent runs, and when it last wrote a log. The places are those that its flags and its unit name. */
export const readActivity = (
  host: Host,
  processes: Known<Processes>,
  places: { readonly logDir: string | undefined; readonly pidFile: string | undefined },
): Activity => ({
  running: mapKnown(processes, agentsIn),
  lastLog: newestOf(logSigns(host, places.logDir ?? LOG_FOLDER)),
  pidFile: pidFileIn(host, places.pidFile === undefined ? PID_FILES : [places.pidFile]),
});

/** The newest of some signs, the first of those of one time. */
export const newestOf = (signs: readonly Sign[]): Sign | undefined =>
  signs.reduce<Sign | undefined>(
    (last, sign) => (last === undefined || sign.time > last.time ? sign : last),
    undefined,
  );

const logSigns = (host: Host, folder: string): readonly Sign[] =>
  namesAt(host, folder)
    .filter((name) => /^(lt-)?mesos-(agent|slave)\b/.test(name))
    .flatMap((name) => {
      const place = `${folder}/${name}`;
      const stat = host.stat(place);
      return stat === undefined || isUnseen(stat) || stat.kind !== 'file' ? [] : [{ place, time: stat.modified }];
    });

const pidFileIn = (host: Host, paths: readonly string[]): Activity['pidFile'] => {
  for (const path of paths) {
    const text = textAt(host, path)?.trim();
    if (text !== undefined) return { path, pid: /^[1-9]\d*$/.test(text) ? Number(text) : undefined };
  }
  return undefined;
};
