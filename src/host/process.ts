import { baseName } from '../source/source.ts';
import { textOf } from '../text/lossless.ts';
import { takeCommandLine } from './command-lines.ts';
import { type Host, isUnseen, textAt } from './host.ts';
import { type Known, known, unknown, unseen } from './known.ts';
import { nulEnded } from './nul-ended.ts';

/** A process of the host, as `/proc/PID` shows it. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** The kernel's name of it, at most 15 bytes. */
  readonly name: string;
  /** One letter: `Z` is a zombie, which has ended and is not waited for. */
  readonly state: string;
  /** In milliseconds since 1970; undefined where the time of the boot is not known. */
  readonly started: number | undefined;
  /** Empty for a thread of the kernel, and for a zombie. */
  readonly command: readonly string[];
  /** Paths of the control groups that it is in. */
  readonly cgroups: readonly string[];
  /** Of these the one by which systemd knows what belongs to a unit; undefined where that cannot be seen. */
  readonly unitGroup: string | undefined;
  /** Those variables that the agent gives its executors; secrets are not among them. */
  readonly environment: Known<ReadonlyMap<string, string>>;
  /** Its working folder, which only root may see of others' processes; looked up when it is asked for, of few. */
  readonly folder: string | undefined;
  /**
   * Its pid in each pid namespace that it is in, that of the host first (`NSpid`); undefined where the kernel is too old to
   * tell, and where nobody asks: no agent is in a namespace of its own.
   */
  readonly pids: readonly number[] | undefined;
}

/** What a program is called on its command line, without its folder. */
export const programOf = ({ command }: Process): string => baseName(command[0] ?? '');

/** The kernel counts in these for `/proc`, on every platform that Mesos ships for (`USER_HZ`). */
const TICKS_PER_SECOND = 100;

/** What is kept of an environment: more is nobody's business. */
const VARIABLES: ReadonlySet<string> = new Set([
  'MESOS_FRAMEWORK_ID',
  'MESOS_EXECUTOR_ID',
  'MESOS_DIRECTORY',
  'MESOS_SANDBOX',
  'MESOS_SLAVE_ID',
  'MESOS_SLAVE_PID',
  'MESOS_AGENT_ENDPOINT',
  'MESOS_DOMAIN_SOCKET',
  'MESOS_CHECKPOINT',
  'MESOS_RECOVERY_TIMEOUT',
  'MESOS_CONTAINER_NAME',
]);

/** Reads one process; undefined where it has ended meanwhile. */
export const readProcess = (host: Host, pid: number, booted: number | undefined): Known<Process | undefined> => {
  const folder = `/proc/${pid}`;
  const bytes = host.read(`${folder}/stat`);
  const command = takeCommandLine(host, String(pid));
  for (const [name, answer] of [
    ['stat', bytes],
    ['cmdline', command],
  ] as const) {
    if (isUnseen(answer) && answer.code !== 'ESRCH') return unseen(`${folder}/${name}`, answer);
  }
  if (bytes === undefined || isUnseen(bytes)) return known(undefined);
  const stat = parseStat(textOf(bytes));
  if (stat === undefined) return unknown(`${folder}/stat: not what Linux writes there`);
  return known({
    pid,
    parent: stat.parent,
    name: stat.name,
    state: stat.state,
    started: booted === undefined ? undefined : booted + (stat.startTicks / TICKS_PER_SECOND) * 1000,
    command: command === undefined || isUnseen(command) ? [] : nulEnded(textOf(command)),
    ...groupsIn(textAt(host, `${folder}/cgroup`) ?? ''),
    environment: readEnvironment(host, `${folder}/environ`),
    get folder() {
      const cwd = host.link(`${folder}/cwd`);
      return typeof cwd === 'string' ? cwd : undefined;
    },
    pids: undefined,
  });
};

/** A process with its pids in all its namespaces, as far as the kernel tells them. */
export const withPids = (host: Host, process: Process): Process => {
  const status = textAt(host, `/proc/${process.pid}/status`) ?? '';
  return { ...process, pids: /^NSpid:((?:\t\d+)+)$/m.exec(status)?.[1]?.trim().split('\t').map(Number) };
};

/** What is in a `/proc/PID/stat`; undefined where it is none. A name may hold blanks and brackets. */
export const parseStat = (
  text: string,
): { name: string; state: string; parent: number; startTicks: number } | undefined => {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  // From field 3, the state, on: see proc_pid_stat(5).
  const fields = text
    .slice(close + 1)
    .trim()
    .split(' ');
  const [state = '', parent] = fields;
  const startTicks = Number(fields[22 - 3]);
  if (state.length !== 1 || !Number.isFinite(startTicks) || fields.length < 20) return undefined;
  return { name: text.slice(open + 1, close), state, parent: Number(parent), startTicks };
};

type Groups = Pick<Process, 'cgroups' | 'unitGroup'>;

/** What was last in a file of control groups: with some launchers all executors are in the same. */
let last: { readonly text: string; readonly groups: Groups } | undefined;

const groupsIn = (text: string): Groups => {
  if (last?.text !== text) last = { text, groups: parseGroups(text) };
  return last.groups;
};

/** `HIERARCHY:CONTROLLERS:PATH`, a line each: systemd's own hierarchy, or the only one of cgroups v2, has no controllers. */
const parseGroups = (text: string): Groups => {
  const lines = text.split('\n').flatMap((line) => {
    const match = /^\d+:([^:]*):(.*)$/.exec(line);
    return match === null ? [] : [{ controllers: match[1] ?? '', path: match[2] ?? '' }];
  });
  const unit =
    lines.find(({ controllers }) => controllers === 'name=systemd') ??
    lines.find(({ controllers }) => controllers === '');
  return { cgroups: [...new Set(lines.map(({ path }) => path))], unitGroup: unit?.path };
};

const readEnvironment = (host: Host, path: string): Known<ReadonlyMap<string, string>> => {
  const bytes = host.read(path);
  // It has ended since it was listed.
  if (isUnseen(bytes) && bytes.code === 'ESRCH') return known(new Map());
  if (isUnseen(bytes)) return unseen(path, bytes);
  if (bytes === undefined) return unknown(`${path}: not there`);
  const variables = new Map<string, string>();
  for (const word of nulEnded(textOf(bytes))) {
    const at = word.indexOf('=');
    const name = word.slice(0, at);
    if (at > 0 && VARIABLES.has(name)) variables.set(name, word.slice(at + 1));
  }
  return known(variables);
};
