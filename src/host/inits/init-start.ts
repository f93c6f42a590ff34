import { Environment } from '../../agent/flags/environment.ts';
import type { TracedText } from '../../agent/flags/origin.ts';
import { type Host, namesAt, textAt } from '../host.ts';
import type { UnitCommand } from '../systemd/service.ts';

/** How something else than systemd starts a service. */
export interface InitStart {
  /** What it is called, for a person: `upstart`. */
  readonly init: string;
  /** The file that says so. */
  readonly place: string;
  /** The service's own command, and the environment that it is given. */
  readonly words: readonly TracedText[];
  readonly environment: Environment;
  /** All that is run when it is started or stopped, its own command among it. */
  readonly commands: readonly UnitCommand[];
  /** Who it runs as; undefined where it says nothing of that. */
  readonly user: TracedText | undefined;
  /** Whether it is started with the host. */
  readonly isEnabled: boolean;
}

/** A command in a place, from a line on. */
export const commandAt = (
  words: readonly string[],
  place: string,
  line: number | undefined,
  { isMain, folder }: Pick<UnitCommand, 'isMain' | 'folder'>,
): UnitCommand => {
  const origin = { place, line };
  return { isMain, folder, origin, words: words.map((value) => ({ value, origin, unknown: undefined })) };
};

/** A script that is a service as a whole. */
export const scriptStart = (
  init: string,
  words: readonly string[],
  {
    isEnabled,
    folder = '/',
    others = [],
  }: { readonly isEnabled: boolean; readonly folder?: string; readonly others?: readonly UnitCommand[] },
): InitStart => {
  const [place = ''] = words;
  const main = commandAt(words, place, undefined, { isMain: true, folder });
  return {
    init,
    place,
    words: main.words,
    environment: new Environment(),
    commands: [main, ...others],
    user: undefined,
    isEnabled,
  };
};

/** Files of a folder that one may read, with their texts. */
export const textsIn = (host: Host, folder: string): readonly { readonly path: string; readonly text: string }[] =>
  namesAt(host, folder).flatMap((name) => {
    const text = textAt(host, `${folder}/${name}`);
    return text === undefined ? [] : [{ path: `${folder}/${name}`, text }];
  });
