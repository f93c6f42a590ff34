import { bytesOf, textOf } from '../../text/lossless.ts';
import type { Host } from '../host.ts';
import { firstLine, hostName } from '../name.ts';

/** What the specifiers of a unit stand for; undefined where it cannot be told. */
export type Specifiers = (letter: string) => string | undefined;

/** A text with its specifiers replaced, or the first of them that cannot be told. */
export type Expanded = { readonly text: string } | { readonly unknown: string };

/** Those that a manager of the system has fixed values for. */
const FIXED: Readonly<Record<string, string>> = {
  '%': '%',
  t: '/run',
  S: '/var/lib',
  C: '/var/cache',
  L: '/var/log',
  E: '/etc',
  T: '/tmp',
  V: '/var/tmp',
};

/** Those that exist, and that files do not tell. */
const UNTOLD = new Set([...'aAbBcdDfgGhHJjlmMoqrRsUvwWyYuK']);

/**
 * The specifiers of a unit on a host (systemd.unit(5)): names from the unit's, `%H` from the host's, others fixed.
 * @param name the unit's name with its suffix; `agent@1.service` has an instance
 */
export const specifiersOf = (name: string, host: Host, user: string | undefined): Specifiers => {
  const stem = name.replace(/\.[^.]*$/, '');
  const at = stem.indexOf('@');
  const prefix = at < 0 ? stem : stem.slice(0, at);
  const instance = at < 0 ? '' : stem.slice(at + 1);
  const names: Readonly<Record<string, string>> = {
    n: name,
    N: stem,
    p: prefix,
    P: unescapeUnitName(prefix),
    i: instance,
    I: unescapeUnitName(instance),
  };
  return (letter) => {
    if (Object.hasOwn(names, letter)) return names[letter];
    if (Object.hasOwn(FIXED, letter)) return FIXED[letter];
    if (letter === 'u') return user ?? 'root';
    if (letter === 'U' || letter === 'G') return user === undefined ? '0' : undefined;
    if (letter === 'h') return user === undefined ? '/root' : undefined;
    if (letter === 'g') return user === undefined ? 'root' : undefined;
    if (letter === 'm') return firstLine(host, '/etc/machine-id');
    if (letter === 'b') return firstLine(host, '/proc/sys/kernel/random/boot_id')?.replaceAll('-', '');
    if (letter === 'v') return firstLine(host, '/proc/sys/kernel/osrelease');
    if (letter === 'H') return hostName(host);
    if (letter === 'l') return hostName(host)?.replace(/\..*$/, '');
    return undefined;
  };
};

/** `\x2d` and the like back to what they stand for, and `-` to `/`. Mirrors `unit_name_unescape`. */
const unescapeUnitName = (text: string): string =>
  textOf(
    bytesOf(
      text
        .replaceAll('-', '/')
        .replace(/(?:\\x[0-9a-fA-F]{2})+/g, (escapes) => textOf(Buffer.from(escapes.replaceAll('\\x', ''), 'hex'))),
    ),
  );

/** Replaces `%x`; what is no specifier stays as it is. */
export const expandSpecifiers = (text: string, specifiers: Specifiers): Expanded => {
  let unknown: string | undefined;
  const expanded = text.replace(/%(.)/gs, (whole, letter: string) => {
    const value = specifiers(letter);
    if (value === undefined && UNTOLD.has(letter)) unknown ??= whole;
    return value ?? whole;
  });
  return unknown === undefined ? { text: expanded } : { unknown };
};
