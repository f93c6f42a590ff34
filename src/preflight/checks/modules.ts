import { compareVersions, isSupported, isWithin, since, versionText } from '../../agent/version.ts';
import type { ModuleLibrary, NamedModule } from '../../host/modules.ts';
import { count, listed } from '../../text/words.ts';
import type { Facts } from '../facts/facts.ts';
import { pathTrouble } from './about-path.ts';
import { aboutFlag, dontKnow, endsStart, mayEndStart, notSeen, ok, type PreflightCheck, type Row } from './check.ts';
import { logrotateRows } from './logrotate.ts';

/** Flags that name a module, and values with which none is needed. */
const NAMING: readonly (readonly [flag: string, builtIn: readonly string[]])[] = [
  ['hooks', []],
  ['container_logger', []],
  ['authorizer', ['local']],
  ['resource_estimator', []],
  ['qos_controller', []],
  ['secret_resolver', []],
  ['master_detector', []],
  ['disk_profile_adaptor', []],
  ['authenticatee', ['crammd5']],
  ['http_authenticators', ['basic', 'jwt']],
];

/** Interfaces of modules that changed, by Mesos's docs/upgrades.md. */
const CHANGED: readonly (readonly [release: string, what: string])[] = [
  ['1.6.0', 'disk profile adaptors'],
  ['1.7.0', 'container loggers (prepare) and isolators (recover)'],
  ['1.10.0', 'authorizers (getApprover)'],
];

/** Whether the agent gets its modules. */
export const modules: PreflightCheck<'modules'> = {
  code: 'modules',
  title: 'Modules are there, and built for the version that starts',
  looksAtStart: true,
  explanation:
    'The manifests of --modules, or every file in --modules_dir, name libraries and the modules in them, and flags such as --hooks or --container_logger name modules. The agent exits where a file in the folder is not a manifest, a library is not there or lacks a module, a module that a flag names is in no manifest, or a module was compiled with another version of Mesos: every kind takes the version that runs alone. It exits, too, where the logger with logrotate does not find its own program in its launcher_dir, or logrotate in the PATH. The version that a library was compiled with is looked for among its texts.',
  remedy: 'Install the modules that are built for the version that starts, or correct the manifest.',
  visibility: 'Run this on the host itself, as root, where the libraries of the modules are.',
  judge: ({ facts }) => {
    const { flag, folder, libraries, bad } = facts.modules;
    const trouble = folder === undefined ? undefined : pathTrouble(folder, 'folder', facts);
    if (trouble !== undefined) return [trouble];
    const unusable: readonly Row[] = bad.map(({ path, why }) =>
      endsStart(
        `${path} is not a manifest of modules: ${why}`,
        flag?.origin,
        `Move ${path} out of the folder, or correct it.`,
      ),
    );
    if (!libraries.known)
      return [
        ...unusable,
        flag === undefined ? notSeen(libraries) : aboutFlag(facts, dontKnow(libraries.why, flag.origin)),
      ];
    const rows: readonly Row[] = [
      ...unusable,
      ...libraries.value.flatMap((library) => judgeLibrary(library, facts)),
      ...twice(libraries.value, flag?.origin),
      ...namedByFlags(libraries.value, facts),
      ...logrotateRows(facts),
    ];
    if (rows.length > 0) return rows;
    const all = libraries.value.flatMap((library) => library.modules);
    return [
      ok(
        all.length === 0
          ? 'no module is loaded'
          : `${count(all.length, 'module')} in ${count(libraries.value.length, 'library', 'libraries')}`,
      ),
    ];
  },
};

const judgeLibrary = (library: ModuleLibrary, facts: Facts): readonly Row[] => {
  const { manifest, name, file, isLibrary, without } = library;
  const origin = facts.modules.flag?.origin;
  if (name === undefined) return [endsStart(`${manifest} has a library with neither a file nor a name`, origin)];
  if (library.modules.some((module) => module.name === undefined))
    return [endsStart(`${manifest} has a module of ${name} without a name`, origin)];
  const trouble = file === undefined ? undefined : pathTrouble(file, 'file', facts);
  if (trouble !== undefined) return [trouble];
  if (file === undefined) {
    return library.isLoaded ? [] : [dontKnow(`where the loader finds ${name} is not known (${manifest})`, origin)];
  }
  if (isLibrary === false) return [endsStart(`${file.path} is not a library`, origin)];
  if (isLibrary === undefined)
    return [file.content.known ? dontKnow(`${file.path} was not read`) : notSeen(file.content)];
  if (without.length > 0) return [endsStart(`${file.path} has no module ${listed(without)}`, origin)];
  return judgeVersion(library, file.path, facts);
};

/** Mirrors `ModuleManager::verifyModule`: the least version of each kind is the version that runs. */
const judgeVersion = ({ versions, isLoaded }: ModuleLibrary, path: string, facts: Facts): readonly Row[] => {
  const {
    from,
    to,
    modules: { flag },
  } = facts;
  const isOf = versions.some((version) => compareVersions(version, to.version) === 0);
  if (isOf) return [];
  const text = versionText(to.version);
  const isChange = from !== undefined && compareVersions(from.version, to.version) !== 0;
  const others = versions.filter(isSupported);
  const changed = CHANGED.filter(
    ([release]) =>
      from !== undefined && isWithin(from.version, since(release)) !== isWithin(to.version, since(release)),
  ).map(([release, what]) => `${what} in ${release}`);
  const interfaces = changed.length === 0 ? '' : `; interfaces changed: ${listed(changed)} (Mesos, docs/upgrades.md)`;
  const todo = `Rebuild ${path} with Mesos ${text}, or install the package that is built for it, together with the agent.`;
  if (others.length > 0) {
    const found = `${path} was built with Mesos ${listed(others.map(versionText))}, by its texts, and ${text} takes only what was built with itself`;
    return [mayEndStart(`${found}${interfaces}`, flag?.origin, todo)];
  }
  if (isChange)
    return [mayEndStart(`whether ${path} is built for ${text} is not known${interfaces}`, flag?.origin, todo)];
  // What the agent has loaded in this version, it loads again.
  return isLoaded && from !== undefined
    ? []
    : [dontKnow(`which version ${path} was built with is not known`, flag?.origin)];
};

/** Modules of one name have to be the same. */
const twice = (libraries: readonly ModuleLibrary[], origin: string | undefined): readonly Row[] => {
  const seen = new Map<string, { readonly library: ModuleLibrary; readonly module: NamedModule }>();
  const rows: Row[] = [];
  for (const library of libraries) {
    for (const module of library.modules) {
      const before = module.name === undefined ? undefined : seen.get(module.name);
      if (module.name !== undefined && before === undefined) seen.set(module.name, { library, module });
      const isSame = before?.library.name === library.name && before?.module.signature === module.signature;
      if (before !== undefined && !isSame) {
        rows.push(
          endsStart(`${module.name} is in ${before.library.manifest} and, otherwise, in ${library.manifest}`, origin),
        );
      }
    }
  }
  return rows;
};

const namedByFlags = (libraries: readonly ModuleLibrary[], facts: Facts): readonly Row[] => {
  const loaded = new Map(
    libraries.flatMap((library) => library.modules.map((module) => [module.name, module] as const)),
  );
  const flags = facts.infoInput.flags;
  const isOn = (name: string): boolean => ((value) => value.kind === 'set' && value.value === 'true')(flags(name));
  return NAMING.flatMap(([flag, builtIn]) => {
    const value = flags(flag);
    if (value.kind !== 'set') return [];
    if (flag === 'authenticatee' && flags('credential').kind === 'default') return [];
    if (flag === 'http_authenticators' && !isOn('authenticate_http_readonly') && !isOn('authenticate_http_readwrite'))
      return [];
    const names = flag === 'hooks' || flag === 'http_authenticators' ? value.value.split(',') : [value.value];
    const missing = names.filter((name) => !builtIn.includes(name) && !loaded.has(name));
    const rows = missing.map((name) =>
      endsStart(`--${flag} names ${name === '' ? 'a module without a name' : name}, which no manifest has`, value.from),
    );
    const again = names.find((name, i) => names.indexOf(name) < i);
    if (flag === 'hooks' && again !== undefined) rows.push(endsStart(`--hooks names ${again} twice`, value.from));
    return rows;
  });
};
