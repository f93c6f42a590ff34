import type { AgentFlags } from './flags/agent-flags.ts';
import type { ContainerStart } from './flags/agent-process.ts';
import { hostPathOf } from './flags/contained.ts';
import type { Host } from './host.ts';
import { type Known, known, knownOf, unknown } from './known.ts';

/** Where a program is looked for where nothing sets the agent's `PATH`. */
const USUAL_FOLDERS = [
  '/usr/bin',
  '/usr/local/bin',
  '/bin',
  '/usr/sbin',
  '/usr/local/sbin',
  '/sbin',
  '/opt/mesosphere/bin',
  '/opt/bin',
];

/** Where the agent looks for programs that it is given without a folder. */
export interface ProgramSearch {
  /** The agent's `PATH`; undefined where nothing sets it. */
  readonly path: string | undefined;
  readonly container: ContainerStart | undefined;
}

/** Where an agent with these flags looks. */
export const programSearch = ({
  container,
  environment,
}: Pick<AgentFlags, 'container' | 'environment'>): ProgramSearch => ({
  path: environment.get('PATH')?.value,
  container,
});

/** Where a program is that the agent runs; undefined where it is in no folder of the agent's `PATH`. */
export const findProgram = (
  host: Host,
  name: string,
  { path, container }: ProgramSearch,
): Known<string | undefined> => {
  const folders = path === undefined ? USUAL_FOLDERS : path.split(':').filter((folder) => folder.startsWith('/'));
  const places = name.includes('/') ? [name] : folders.map((folder) => `${folder}/${name}`);
  const ofHost = places.flatMap((place) => hostPathOf(place, container) ?? []);
  for (const place of ofHost) {
    const fact = knownOf(place, host.stat(place));
    if (!fact.known) return fact;
    if (fact.value !== undefined && fact.value.kind !== 'folder') return known(place);
  }
  return ofHost.length < places.length
    ? unknown(`whether ${name} is in the image of the agent's container is not known`)
    : known(undefined);
};
