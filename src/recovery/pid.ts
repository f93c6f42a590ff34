/** libprocess pids, `id@ip:port`, as the agent reads their texts (`process::UPID`). */

/** A libprocess pid. */
export interface Pid {
  readonly id: string;
  readonly ip: string;
  readonly port: number;
}

/** What a text becomes that is no pid. */
const EMPTY: Pid = Object.freeze({ id: '', ip: '0.0.0.0', port: 0 });

/** The text of a pid, `scheduler-9@10.0.4.3:15200`. */
export const pidText = (pid: Pid): string => `${pid.id}@${pid.ip}:${pid.port}`;

/** Whether a message can be sent to it. */
export const isReachable = (pid: Pid): boolean => pid.id !== '' && pid.ip !== '0.0.0.0' && pid.port !== 0;

/** Whether it is the pid of nobody: the agent takes a framework with it for one that uses HTTP. */
export const isEmptyPid = (pid: Pid): boolean => pid.id === '' && pid.ip === '0.0.0.0' && pid.port === 0;

/** A text read as a pid: what is none becomes the empty pid, without an error. */
export interface ParsedPid {
  readonly pid: Pid;
  /** The text is no pid: whatever it was has become the empty one. */
  readonly malformed: boolean;
  /** A name where the address should be: the agent asks DNS for it, so that its answer decides. */
  readonly hostName: string | undefined;
}

/** Reads a text as the agent does: leading blanks are skipped, and what is behind the next blank is ignored. */
export const parsePid = (text: string): ParsedPid => {
  const word = /^[ \t\n\v\f\r]*([^ \t\n\v\f\r]+)/.exec(text)?.[1];
  const at = word?.indexOf('@') ?? -1;
  if (word === undefined || at < 0) return NONE;
  const address = word.slice(at + 1);
  const colon = address.indexOf(':');
  if (colon < 0) return NONE;
  const host = untilNul(address.slice(0, colon));
  const port = parsePort(untilNul(address.slice(colon + 1)));
  const ip = parseAddress(host);
  if (ip === undefined) return isHostName(host) ? { pid: EMPTY, malformed: true, hostName: host } : NONE;
  if (port === undefined) return NONE;
  return { pid: { id: word.slice(0, at), ip, port }, malformed: false, hostName: undefined };
};

const PLAIN_ID = /^[\w().-]+$/;
const MAX_OCTET = 255;
const MAX_PORT = 65_535;

/**
 * Whether a text is a pid as agents write it, to which a message can be sent. Others may be such pids too, as `parsePid` tells. V8 takes
 * longer to compile an expression for all of it than a small checkpoint takes to be read.
 */
export const isPlainPid = (text: string): boolean => {
  const at = text.indexOf('@');
  const colon = text.indexOf(':', at);
  const port = numberIn(text, colon + 1, text.length);
  return (
    at > 0 && port > 0 && port <= MAX_PORT && addressIn(text, at + 1, colon) > 0 && PLAIN_ID.test(text.slice(0, at))
  );
};

/** Four decimal parts in a text, each as it is printed, as one number; -1 where there is anything else. */
const addressIn = (text: string, from: number, to: number): number => {
  let begin = from;
  let address = 0;
  for (let part = 1; part <= 4; part++) {
    const end = part < 4 ? text.indexOf('.', begin) : to;
    const octet = numberIn(text, begin, end);
    if (octet < 0 || octet > MAX_OCTET) return -1;
    address = (MAX_OCTET + 1) * address + octet;
    begin = end + 1;
  }
  return address;
};

/** The decimal number that is in a text, as it is printed; -1 where there is none. */
const numberIn = (text: string, from: number, to: number): number => {
  if (to <= from || (to > from + 1 && text.charCodeAt(from) === ZERO)) return -1;
  let number = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    number = 10 * number + digit;
  }
  return number;
};

const ZERO = 0x30;

/** As C takes a text: what is behind a NUL is not there. */
const untilNul = (text: string): string => text.split('\0', 1)[0] ?? '';

const NONE: ParsedPid = Object.freeze({ pid: EMPTY, malformed: true, hostName: undefined });

const isHostName = (host: string): boolean =>
  /^(?=.*[a-zA-Z])[a-zA-Z0-9]([a-zA-Z0-9_-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9_-]+)*\.?$/.test(host);

/** `sscanf("%hu")`: a sign is taken, the number is cut to 16 bits, and what follows it is ignored. */
const parsePort = (text: string): number | undefined => {
  const match = /^([+-]?)([0-9]+)/.exec(text);
  if (match === null) return undefined;
  let value = BigInt(match[2] ?? '0');
  // Beyond 64 bits `strtoul` stops at the largest number.
  if (value > 0xffffffffffffffffn) value = 0xffffffffffffffffn;
  else if (match[1] === '-') value = -value;
  return Number(BigInt.asUintN(16, value));
};

/**
 * An IPv4 address: four decimal parts (`inet_pton`), or what `getaddrinfo` takes for a number: one to four parts,
 * decimal, octal or hexadecimal, the last of which fills what is left.
 */
const parseAddress = (host: string): string | undefined => {
  if (addressIn(host, 0, host.length) >= 0) return host;
  if (!/^[0-9a-fA-FxX.]+$/.test(host)) return undefined;
  const parts = host.split('.');
  if (parts.length > 4) return undefined;
  const values: number[] = [];
  for (const part of parts) {
    const radix = /^0[xX][0-9a-fA-F]+$/.test(part)
      ? 16
      : /^0[0-7]*$/.test(part)
        ? 8
        : /^[1-9][0-9]*$/.test(part)
          ? 10
          : 0;
    if (radix === 0) return undefined;
    values.push(Number.parseInt(radix === 16 ? part.slice(2) : part, radix));
  }
  const last = values.pop() ?? 0;
  if (values.some((value) => value > 255) || last >= 256 ** (4 - values.length)) return undefined;
  let address = last;
  for (const [i, value] of values.entries()) address += value * 256 ** (3 - i);
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
};
