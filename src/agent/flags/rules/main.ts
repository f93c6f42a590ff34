import { since } from '../../version.ts';
import { exclusive, type FlagRule, oneOf, required, value } from './rule.ts';
import { isLongForSocket } from './validators.ts';

/**
 * Why the master's place is none. Mirrors `MasterDetector::create`: a ZooKeeper has to have a path, and anything else is a host
 * and a port. Whether a name leads to an address, only the host's resolver knows.
 */
const masterProblem = (text: string): string | undefined => {
  const refused = (why: string): string => `Failed to create a master detector: ${why}`;
  if (text.startsWith('file://')) return undefined;
  if (text.startsWith('zk://')) {
    return /^zk:\/\/[^/]*\/?\s*$/.test(text)
      ? refused("Expecting a (chroot) path for ZooKeeper ('/' is not supported)")
      : undefined;
  }
  const address = text.startsWith('master@') ? text.slice('master@'.length) : text;
  // A variable that nothing has replaced is no host's name; a port is read as far as its digits go.
  return /^\s*[^\s:$@]+:\s*[+-]?\d/.test(address) ? undefined : refused(`Failed to parse '${text}'`);
};

/** Where the agent listens for its executors, where nothing says otherwise. */
const EXECUTORS_SOCKET = '/agent.sock';

/** What `main` in `slave/main.cpp` looks at before it makes anything. */
export const MAIN: readonly FlagRule[] = [
  oneOf(
    'logging_level',
    ['INFO', 'WARNING', 'ERROR'],
    (text) =>
      `'${text}' is not a valid logging level. Possible values for 'logging_level' flag are: 'INFO', 'WARNING', 'ERROR'.`,
  ),
  required(['master', 'master_detector'], 'Missing required option `--master` or `--master_detector`'),
  exclusive('master', 'master_detector', 'Only one of `--master` or `--master_detector` should be specified'),
  exclusive('ip', 'ip_discovery_command', 'Only one of `--ip` or `--ip_discovery_command` should be specified'),
  exclusive('ip6', 'ip6_discovery_command', 'Only one of `--ip6` or `--ip6_discovery_command` should be specified'),
  {
    versions: since('1.10.0'),
    ...value('runtime_dir', (folder, { value, isMissing }) => {
      const path = `${folder}${EXECUTORS_SOCKET}`;
      return value('http_executor_domain_sockets') === 'true' &&
        isMissing('domain_socket_location') &&
        isLongForSocket(path)
        ? `Domain socket location '${path}' must have less than 108 characters.`
        : undefined;
    }),
  },
];

/** What `main` looks at when the containerizers are there. */
export const MASTER: FlagRule = value('master', masterProblem);
/** Two ways to load modules. */
export const MODULES: FlagRule = exclusive(
  'modules',
  'modules_dir',
  'Only one of --modules or --modules_dir should be specified',
);
