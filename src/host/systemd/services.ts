import { type Host, isUnseen, namesAt } from '../host.ts';

/** Where systemd looks for the units of the system, the first that has one wins (systemd.unit(5)). */
export const UNIT_FOLDERS: readonly string[] = [
  '/etc/systemd/system.control',
  '/run/systemd/system.control',
  '/run/systemd/transient',
  '/run/systemd/generator.early',
  '/etc/systemd/system',
  '/etc/systemd/system.attached',
  '/run/systemd/system',
  '/run/systemd/system.attached',
  '/run/systemd/generator',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
  '/run/systemd/generator.late',
];

/** The services of a host, by their names and files: what is in them, others read. */
export interface Services {
  /** What has a file, and instances of templates that something wants. */
  readonly names: readonly string[];
  /** Those that something wants: they are enabled. */
  readonly wanted: ReadonlySet<string>;
  /** Folders that may not be listed. */
  readonly hidden: readonly string[];
  /** Where files of a service are, or may be: in folders that may not be listed. */
  readonly filesOf: (name: string) => readonly string[];
}

/** The folders of units that can be listed, each once: `/lib` is mostly a link to `/usr/lib`. */
export const unitFolders = (host: Host): readonly { readonly folder: string; readonly names: readonly string[] }[] => {
  const listed = new Set<string>();
  return UNIT_FOLDERS.flatMap((folder) => {
    const names = host.list(folder);
    if (names === undefined || isUnseen(names)) return [];
    const real = host.real(folder) ?? folder;
    if (listed.has(real)) return [];
    listed.add(real);
    return [{ folder, names }];
  });
};

/** Lists the services of a host. */
export const servicesOf = (host: Host): Services => {
  const names = new Set<string>();
  const wanted = new Set<string>();
  const folders = unitFolders(host);
  for (const { folder, names: entries } of folders) {
    for (const name of entries) {
      if (name.endsWith('.service')) names.add(name);
      if (!/\.(?:wants|requires|upholds)$/.test(name)) continue;
      for (const each of namesAt(host, `${folder}/${name}`)) if (each.endsWith('.service')) wanted.add(each);
    }
  }
  const listed = new Map(folders.map(({ folder, names: entries }) => [folder, new Set(entries)]));
  const hidden = UNIT_FOLDERS.filter((folder) => isUnseen(host.list(folder)));
  const filesOf = (name: string): readonly string[] =>
    UNIT_FOLDERS.filter((folder) => listed.get(folder)?.has(name) ?? hidden.includes(folder)).map(
      (folder) => `${folder}/${name}`,
    );
  return {
    names: [...new Set([...names, ...wanted])].filter((name) => !name.includes('@.')),
    wanted,
    hidden,
    filesOf: (name) => [...new Set([name, templateOf(name)])].flatMap(filesOf),
  };
};

/** The name of the template that a service is an instance of; its own where it is none. */
export const templateOf = (name: string): string => name.replace(/@[^.]*\./, '@.');
