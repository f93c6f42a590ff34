import type { Host } from './host.ts';
import { textAt } from './host.ts';
import { type Known, known, knownOf, unknown } from './known.ts';

/** The addresses of a host, and who listens on them, at the moment of looking. */
export interface NetworkFacts {
  /** Its own IPv4 addresses. */
  readonly addresses: Known<ReadonlySet<string>>;
  readonly listeners: Known<readonly Listener[]>;
  /** The lowest port that others than root may take. */
  readonly lowestPort: number;
  /** In which order names are looked up, `files dns`; undefined where nothing says so. */
  readonly lookups: readonly string[] | undefined;
}

/** A socket of TCP that somebody listens on. */
export interface Listener {
  /** `0.0.0.0` stands for all; one of IPv6 that is for all is taken for that too, because it mostly takes IPv4 along. */
  readonly ip: string;
  readonly port: number;
  readonly isV6: boolean;
}

const DEFAULT_LOWEST_PORT = 1024;

/** Reads what the kernel says of a host's addresses. */
export const readNetwork = (host: Host): NetworkFacts => ({
  addresses: readAddresses(host),
  listeners: readListeners(host),
  lowestPort: Number(textAt(host, '/proc/sys/net/ipv4/ip_unprivileged_port_start')?.trim() ?? DEFAULT_LOWEST_PORT),
  lookups: /^hosts:\s*(.*)$/m.exec(textAt(host, '/etc/nsswitch.conf') ?? '')?.[1]?.match(/[^\s[\]]+/g) ?? undefined,
});

const FIB = '/proc/net/fib_trie';

const readAddresses = (host: Host): NetworkFacts['addresses'] => {
  const text = textOfKernel(host, FIB);
  if (!text.known) return text;
  const found = new Set<string>();
  let last = '';
  for (const line of text.value.split('\n')) {
    last = /\|-- ([\d.]+)/.exec(line)?.[1] ?? last;
    if (/\/32 host LOCAL/.test(line)) found.add(last);
  }
  return known(found);
};

const readListeners = (host: Host): NetworkFacts['listeners'] => {
  const four = textOfKernel(host, '/proc/net/tcp');
  if (!four.known) return four;
  // Where IPv6 is off, there is none.
  const six = textAt(host, '/proc/net/tcp6') ?? '';
  return known([...listenersIn(four.value, false), ...listenersIn(six, true)]);
};

const textOfKernel = (host: Host, path: string): Known<string> => {
  const bytes = knownOf(path, host.read(path));
  if (!bytes.known) return bytes;
  return bytes.value === undefined
    ? unknown(`${path} is not there: only the kernel of the host knows its addresses`)
    : known(bytes.value.toString('latin1'));
};

/** What `proc_net_tcp` writes of a socket that listens: its address and port in hexadecimal, and the state 0A. */
const listenersIn = (text: string, isV6: boolean): readonly Listener[] =>
  [...text.matchAll(/^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]+:0000 0A /gm)].flatMap(
    ([, address = '', port = '']) => {
      const ip = isV6 ? ipOfV6(address) : ipOf(address);
      return ip === undefined ? [] : [{ ip, port: Number.parseInt(port, 16), isV6 }];
    },
  );

/** The bytes of the address stand in the order of the machine, which is the wrong way round on all that Mesos runs on. */
const ipOf = (address: string): string =>
  (address.match(/../g) ?? [])
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.');

const ipOfV6 = (address: string): string | undefined => {
  if (/^0+$/.test(address)) return '0.0.0.0';
  const [, mapped] = /^0{16}FFFF0000([0-9A-F]{8})$/.exec(address) ?? [];
  return mapped === undefined ? undefined : ipOf(mapped);
};
