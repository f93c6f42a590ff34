import { tokenize } from '../../value-text.ts';
import { isWithin, since } from '../../version.ts';
import { parsePort } from '../notation/value.ts';
import { type FlagLook, type FlagRule, value } from './rule.ts';

const NOT_CREATED = 'Failed to create a containerizer:';
const NO_MESOS = `${NOT_CREATED} Could not create MesosContainerizer:`;
const NO_DOCKER = `${NOT_CREATED} Could not create DockerContainerizer:`;

/** The parts between commas, empty ones too. Mirrors `strings::split`. */
const split = (text: string): readonly string[] => text.split(',');

const hasDuplicates = (words: readonly string[]): boolean => new Set(words).size < words.length;

/** Whether the agent makes a containerizer; undefined where that is not known. */
const hasContainerizer = (name: string, { valueOrDefault }: FlagLook): boolean | undefined => {
  const text = valueOrDefault('containerizers');
  return text === undefined ? undefined : split(text).includes(name);
};

/** A rule about a flag that the mesos containerizer alone looks at. */
const mesos = (flag: string, refusal: (value: string, flags: FlagLook) => string | undefined): FlagRule =>
  value(flag, (text, flags) => {
    const problem = hasContainerizer('mesos', flags) === true ? refusal(text, flags) : undefined;
    return problem && `${NO_MESOS} ${problem}`;
  });

/** A rule about a flag that the store of one kind of images looks at. */
const store = (
  image: 'appc' | 'docker',
  flag: string,
  refusal: (value: string, flags: FlagLook) => string | undefined,
): FlagRule =>
  mesos(flag, (text, flags) => {
    const given = tokenize(flags.value('image_providers') ?? '', ',').find((each) => each.toLowerCase() === image);
    const problem = given === undefined ? undefined : refusal(text, flags);
    return (
      problem &&
      `Failed to create provisioner: Failed to create image stores: Failed to create store for image type '${given}': ${problem}`
    );
  });

const several = (kind: string) => `Using multiple ${kind} isolators simultaneously is disallowed`;

/** Mirrors how `MesosContainerizer::create` reads `--isolation`; which isolators there are is a matter of their own. */
const isolationProblem = (text: string, { version }: FlagLook): string | undefined => {
  const isolators = tokenize(text, ',');
  const of = (kind: string): number => isolators.filter((each) => each.startsWith(kind)).length;
  if (hasDuplicates(isolators)) {
    return `Duplicate entries found in --isolation flag '[ ${isolators.join(', ')} ]'`;
  }
  const isOld = isWithin(version, [{ before: '1.5.0' }]);
  if (!isOld && of('filesystem/') > 1) return several('filesystem');
  if (isWithin(version, [{ before: '1.6.0' }]) && isolators.includes('posix/disk') && isolators.includes('disk/du')) {
    return "Using 'posix/disk' and 'disk/du' simultaneously is disallowed";
  }
  const ports = isolators.includes('network/ports') ? 1 : 0;
  return !isOld && of('network/') - ports > 1 ? several('network') : undefined;
};

/** Ports that a scheme has by itself. */
const SCHEMES: ReadonlySet<string> = new Set(['http', 'https']);

/** Mirrors `http::URL::parse` of libprocess. */
const urlProblem = (text: string): string | undefined => {
  const at = text.indexOf('://');
  if (at < 0) return 'Missing scheme in url string';
  const [host = ''] = text.slice(at + 3).split('/');
  const [name = '', port, ...more] = tokenize(host, ':');
  if (name === '') return 'Host not found in url';
  if (more.length > 0) return 'Found multiple ports in url';
  if (port === undefined) {
    return SCHEMES.has(text.slice(0, at).toLowerCase()) ? undefined : 'Unable to determine port from url';
  }
  return parsePort(port).ok ? undefined : `Failed to parse port: Failed to convert '${port}' to number`;
};

/** Places of archives, which are no registry: folders, and since 1.7.0 HDFS. */
const isArchive = (text: string, { version }: FlagLook): boolean =>
  text.startsWith('/') || (text.startsWith('hdfs://') && isWithin(version, since('1.7.0')));

/** What the containerizers look at when they are made: `Containerizer::create`, and what it calls. */
export const CONTAINERIZERS: readonly FlagRule[] = [
  value('containerizers', (text) => {
    const names = split(text);
    if (hasDuplicates(names)) return `${NOT_CREATED} Duplicate entries found in --containerizer flag '${text}'`;
    const other = names.toSorted().find((name) => name !== 'mesos' && name !== 'docker');
    return other === undefined ? undefined : `${NOT_CREATED} Unknown or unsupported containerizer: ${other}`;
  }),
  value('docker_socket', (path, flags) =>
    !path.startsWith('/') && hasContainerizer('docker', flags) === true
      ? `${NO_DOCKER} Failed to create docker: Invalid Docker socket path: ${path}`
      : undefined,
  ),
  mesos('isolation', isolationProblem),
  mesos('launcher', (text) =>
    text === 'linux' || text === 'posix'
      ? undefined
      : `Failed to create launcher: Unknown or unsupported launcher: ${text}`,
  ),
  mesos('image_providers', (text) => {
    const other = tokenize(text, ',').find((name) => !/^(?:appc|docker)$/i.test(name));
    return other === undefined
      ? undefined
      : `Failed to create provisioner: Failed to create image stores: Unknown image type '${other}'`;
  }),
  store('docker', 'docker_registry', (text, flags) => {
    const problem = isArchive(text, flags) ? undefined : urlProblem(text);
    return (
      problem &&
      `Failed to create Docker puller: Failed to create registry puller: Failed to parse the default Docker registry: ${problem}`
    );
  }),
  store('appc', 'appc_simple_discovery_uri_prefix', (text) =>
    text.startsWith('http') || text.startsWith('/')
      ? undefined
      : `Failed to create image fetcher: Invalid simple discovery uri prefix: ${text}`,
  ),
];
