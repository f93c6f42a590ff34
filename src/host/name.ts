import { type Host, textAt } from './host.ts';

/** The host's own name: of the kernel where it runs, else what it takes at its next boot. */
export const hostName = (host: Host): string | undefined =>
  firstLine(host, '/proc/sys/kernel/hostname') ?? firstLine(host, '/etc/hostname', /^\s*(?:#.*)?$/);

/** The first line of a file that says something, without blanks around it. */
export const firstLine = (host: Host, path: string, skip = /^\s*$/): string | undefined =>
  textAt(host, path)
    ?.split('\n')
    .find((line) => !skip.test(line))
    ?.trim();
