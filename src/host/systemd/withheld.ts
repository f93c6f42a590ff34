import { madeByUnit, serviceDirective } from './settings.ts';
import { type Directive, directivesOf } from './unit-file.ts';

/** What a unit makes of a path and of all below it, for what it starts. */
interface Rule {
  readonly path: string;
  readonly makes: 'hidden' | 'read-only' | 'writable';
  readonly directive: Directive | undefined;
}

/** A path that what a unit starts does not see as the host does. */
export interface Withheld {
  readonly directive: Directive;
  /** Whether it is not there at all; it is read-only otherwise. */
  readonly isHidden: boolean;
}

/** Lists of paths, with the names that older versions of systemd have for them (systemd.exec(5)). */
const LISTS: readonly (readonly [keys: readonly string[], makes: Rule['makes']])[] = [
  [['InaccessiblePaths', 'InaccessibleDirectories', 'TemporaryFileSystem'], 'hidden'],
  [['ReadOnlyPaths', 'ReadOnlyDirectories', 'BindReadOnlyPaths'], 'read-only'],
  [['ReadWritePaths', 'ReadWriteDirectories', 'BindPaths'], 'writable'],
];

const HOMES = ['/home', '/root', '/run/user'];
const SYSTEM = ['/usr', '/boot', '/efi'];

/** Settings that stand for some paths: what they make of these, by their values. */
const PROTECTIONS: readonly (readonly [key: string, value: RegExp, paths: readonly string[], makes: Rule['makes']])[] =
  [
    ['ProtectSystem', /^strict$/i, ['/'], 'read-only'],
    ['ProtectSystem', /^strict$/i, ['/dev', '/proc', '/sys'], 'writable'],
    ['ProtectSystem', /^full$/i, [...SYSTEM, '/etc'], 'read-only'],
    ['ProtectSystem', /^(?:1|yes|y|true|t|on)$/i, SYSTEM, 'read-only'],
    ['ProtectHome', /^(?:1|yes|y|true|t|on|tmpfs)$/i, HOMES, 'hidden'],
    ['ProtectHome', /^read-only$/i, HOMES, 'read-only'],
    ['ProtectControlGroups', /^(?:1|yes|y|true|t|on|private|strict)$/i, ['/sys/fs/cgroup'], 'read-only'],
    // What is in these folders of the host is then not what is in the agent's.
    ['PrivateTmp', /^(?:1|yes|y|true|t|on|disconnected)$/i, ['/tmp', '/var/tmp'], 'hidden'],
  ];

/** How a unit keeps what it starts from a path without links; undefined where it does not. What is longer counts more. */
export const withheldBy = (unit: { readonly directives: readonly Directive[] }, path: string): Withheld | undefined => {
  // A command with + is run outside of all that.
  const isFree = directivesOf(unit.directives, 'Service', 'ExecStart').some(({ value }) => /^[-@:!|]*\+/.test(value));
  if (isFree) return undefined;
  const rules: readonly Rule[] = [
    ...PROTECTIONS.flatMap(([key, value, paths, makes]) => {
      const directive = serviceDirective(unit, key);
      return directive !== undefined && value.test(directive.value)
        ? paths.map((each) => ({ path: each, makes, directive }))
        : [];
    }),
    ...LISTS.flatMap(([keys, makes]) =>
      keys.flatMap((key) =>
        directivesOf(unit.directives, 'Service', key).flatMap((directive) =>
          directive.value.split(/\s+/).map((word) => ({ path: pathIn(key, word), makes, directive })),
        ),
      ),
    ),
    ...madeByUnit(unit).map((each) => ({ path: each, makes: 'writable' as const, directive: undefined })),
  ];
  const best = rules
    .filter((rule) => rule.path === '/' || path === rule.path || path.startsWith(`${rule.path}/`))
    .reduce<Rule | undefined>((a, b) => (a === undefined || b.path.length >= a.path.length ? b : a), undefined);
  return best?.directive === undefined || best.makes === 'writable'
    ? undefined
    : { directive: best.directive, isHidden: best.makes === 'hidden' };
};

/** `-/path`, `/path:ro` of a file system in memory, `/source:/path` of a bind mount. */
const pathIn = (key: string, word: string): string => {
  const [first = '', second] = word.replace(/^[-+]+/, '').split(':');
  const path = key.startsWith('Bind') ? (second ?? first) : first;
  return path.replace(/(.)\/+$/, '$1');
};
