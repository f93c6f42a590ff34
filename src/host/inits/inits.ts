import { type Host, namesAt, textAt } from '../host.ts';
import { commandAt, type InitStart, scriptStart, textsIn } from './init-start.ts';
import { supervisedPrograms } from './supervisor.ts';
import { upstartJobs } from './upstart.ts';

/** Whether a text names what starts an agent. */
const isAgents = (text: string): boolean => /(?:mesos|clusterd)-(?:agent|slave|init-wrapper)/.test(text);

/**
 * How an agent is started where systemd does not do it: by upstart, runit and its like, supervisord, or a script of an older
 * init. What is started with the host comes first.
 */
export const findInitStarts = (host: Host): readonly InitStart[] =>
  [
    ...upstartJobs(host, isAgents),
    ...runScripts(host),
    ...supervisedPrograms(host, isAgents),
    ...initScripts(host),
    ...lastScripts(host),
  ].toSorted((a, b) => Number(b.isEnabled) - Number(a.isEnabled));

/** Folders with a folder a service, and whether those in it are started with the host (runsvdir(8), svscan(8)). */
const RUN_FOLDERS: readonly (readonly [folder: string, isStarted: boolean])[] = [
  ['/etc/service', true],
  ['/service', true],
  ['/var/service', true],
  ['/etc/runit/runsvdir/default', true],
  ['/run/service', true],
  ['/etc/sv', false],
];

/** `run` of runit, daemontools and s6: a program that becomes the service; `finish` is run when that ends. */
const runScripts = (host: Host): readonly InitStart[] => {
  const known = new Set<string>();
  return RUN_FOLDERS.flatMap(([folder, isStarted]) =>
    namesAt(host, folder).flatMap((name) => {
      const path = `${folder}/${name}/run`;
      const real = host.real(path) ?? path;
      if (known.has(real) || !isAgents(textAt(host, path) ?? '')) return [];
      known.add(real);
      const finish = `${folder}/${name}/finish`;
      const others =
        host.stat(finish) === undefined
          ? []
          : [commandAt([finish], finish, undefined, { isMain: false, folder: `${folder}/${name}` })];
      const isDown = host.stat(`${folder}/${name}/down`) !== undefined;
      return [scriptStart('runit', [path], { isEnabled: isStarted && !isDown, folder: `${folder}/${name}`, others })];
    }),
  );
};

const LEVELS = ['/etc/rc2.d', '/etc/rc3.d', '/etc/rc5.d', '/etc/rc.d/rc2.d', '/etc/rc.d/rc3.d', '/etc/rc.d/rc5.d'];

/** Scripts of `/etc/init.d`, which are given what to do. */
const initScripts = (host: Host): readonly InitStart[] => {
  const started = new Set(
    LEVELS.flatMap((folder) => namesAt(host, folder)).map((name) => /^S\d\d(.*)$/.exec(name)?.[1]),
  );
  const isLink = typeof host.link('/etc/init.d') === 'string';
  return (isLink ? ['/etc/rc.d/init.d'] : ['/etc/init.d', '/etc/rc.d/init.d'])
    .flatMap((folder) => textsIn(host, folder))
    .filter(({ text }) => isAgents(text) && /^#!.*sh\b/.test(text))
    .map(({ path }) =>
      scriptStart('init', [path, 'start'], { isEnabled: started.has(path.slice(path.lastIndexOf('/') + 1)) }),
    );
};

/** What is run at the end of a boot. */
const lastScripts = (host: Host): readonly InitStart[] =>
  ['/etc/rc.local', '/etc/rc.d/rc.local']
    .filter((path) => typeof host.link(path) !== 'string' && isAgents(textAt(host, path) ?? ''))
    .map((path) => scriptStart('rc.local', [path], { isEnabled: true }));
