import { Environment } from '../../agent/flags/environment.ts';
import type { TracedText } from '../../agent/flags/origin.ts';
import { type Host, namesAt, textAt } from '../host.ts';
import type { ContainerStart, Volume } from './agent-process.ts';
import { dataRoot, namedVolume } from './docker-run.ts';

/** A container that docker keeps, as it starts it. */
export interface KeptContainer {
  readonly container: ContainerStart;
  readonly id: string;
  /** The file that says so. */
  readonly place: string;
  /** Whether docker starts it again by itself, also when the host has booted. */
  readonly isRestarted: boolean;
  readonly program: TracedText;
  readonly args: readonly TracedText[];
  readonly environment: Environment;
}

const CONFIG = 'config.v2.json';

/** What docker keeps of the container of a process, by its control group; undefined where it is in none, or nothing is kept here. */
export const containerOfProcess = (host: Host, pid: number): KeptContainer | undefined => {
  const groups = textAt(host, `/proc/${pid}/cgroup`) ?? '';
  const id = /docker[/-]([0-9a-f]{64})(?:\.scope)?$/m.exec(groups)?.[1];
  return id === undefined ? undefined : keptAt(host, `${dataRoot(host)}/containers/${id}`);
};

/** What docker keeps of a container that a command names, by its name or the beginning of its id. */
const containerNamed = (host: Host, name: string): KeptContainer | undefined => {
  const folder = `${dataRoot(host)}/containers`;
  const ids = namesAt(host, folder);
  const ofId = /^[0-9a-f]{6,}$/.test(name) ? ids.filter((id) => id.startsWith(name)) : [];
  const found = [...ofId, ...ids].find(
    (id) => ofId.includes(id) || parsed(host, `${folder}/${id}/${CONFIG}`)?.Name === `/${name}`,
  );
  return found === undefined ? undefined : keptAt(host, `${folder}/${found}`);
};

/** The container that `docker start` starts; undefined where it is another command, or docker keeps none of that name here. */
export const startedContainer = (host: Host, args: readonly TracedText[]): KeptContainer | undefined => {
  const [command, ...rest] = args;
  const name = rest.findLast(({ value }) => !value.startsWith('-'));
  return command?.value !== 'start' || name === undefined || name.unknown !== undefined
    ? undefined
    : containerNamed(host, name.value);
};

/** What is read of docker's files; all else in them is passed over. */
interface Fields {
  readonly Name?: unknown;
  readonly Path?: unknown;
  readonly Args?: unknown;
  readonly Config?: unknown;
  readonly Env?: unknown;
  readonly Image?: unknown;
  readonly User?: unknown;
  readonly MountPoints?: unknown;
  readonly Source?: unknown;
  readonly Destination?: unknown;
  readonly PidMode?: unknown;
  readonly NetworkMode?: unknown;
  readonly RestartPolicy?: unknown;
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const parsed = (host: Host, path: string): Fields | undefined => {
  try {
    const value: unknown = JSON.parse(textAt(host, path) ?? '');
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

const textIn = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const fieldsIn = (value: unknown): Fields => (isFields(value) ? value : {});

const keptAt = (host: Host, folder: string): KeptContainer | undefined => {
  const place = `${folder}/${CONFIG}`;
  const config = parsed(host, place);
  const path = textIn(config?.Path);
  if (config === undefined || path === undefined) return undefined;
  const own = fieldsIn(config.Config);
  const ofHost = parsed(host, `${folder}/hostconfig.json`) ?? {};
  const origin = { place, line: undefined };
  const traced = (value: string): TracedText => ({ value, origin, unknown: undefined });
  const environment = new Environment();
  for (const variable of textsIn(own.Env)) {
    const at = variable.indexOf('=');
    if (at > 0) environment.set(variable.slice(0, at), traced(variable.slice(at + 1)));
  }
  return {
    container: {
      image: textIn(own.Image) ?? '',
      hasHostPids: ofHost.PidMode === 'host',
      hasHostNetwork: ofHost.NetworkMode === 'host',
      volumes: Object.values(fieldsIn(config.MountPoints)).flatMap((each) => volumeIn(host, fieldsIn(each))),
      user: textIn(own.User),
      origin,
    },
    id: folder.slice(folder.lastIndexOf('/') + 1),
    place,
    isRestarted: /^(?:always|unless-stopped)$/.test(textIn(fieldsIn(ofHost.RestartPolicy).Name) ?? ''),
    program: traced(path),
    args: textsIn(config.Args).map(traced),
    environment,
  };
};

const volumeIn = (host: Host, { Source, Destination, Name }: Fields): readonly Volume[] => {
  const inside = textIn(Destination);
  const name = textIn(Name);
  const source = textIn(Source) ?? (name === undefined ? undefined : namedVolume(host, name));
  return inside === undefined || source === undefined ? [] : [{ host: source, inside }];
};
