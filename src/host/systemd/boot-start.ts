import { baseName } from '../../source/source.ts';
import { type Host, isUnseen, namesAt, textAt } from '../host.ts';
import { type Known, known, unknown, unseen } from '../known.ts';
import { UNIT_FOLDERS } from './services.ts';

/** What starts a unit when its host boots. */
export interface BootStart {
  /** `enabled`: a target wants it. `other`: another unit or a script names it, and starts it where it is itself started. */
  readonly kind: 'enabled' | 'other';
  /** Where that is said. */
  readonly place: string;
}

/** Folders of units that outlive a boot, or are filled by systemd's generators before any unit is started. */
const LASTING = UNIT_FOLDERS.filter(
  (folder) => !folder.startsWith('/run/') || folder.startsWith('/run/systemd/generator'),
);

/** Scripts that older inits and cron run at a boot or later. */
const SCRIPTS = ['/etc/rc.local', '/etc/rc.d/rc.local', '/etc/crontab', '/etc/inittab'];
const SCRIPT_FOLDERS = ['/etc/cron.d', '/var/spool/cron', '/var/spool/cron/crontabs', '/etc/local.d', '/etc/boot.d'];
const RUN_LEVELS = ['/etc/rc2.d', '/etc/rc3.d', '/etc/rc5.d', '/etc/rc.d/rc3.d', '/etc/rc.d/rc5.d'];

/**
 * What starts a unit when its host boots: a link to it among what a target wants (`systemctl enable` makes that one),
 * another unit that names it, or a script; undefined where nothing does.
 */
export const startAtBoot = (host: Host, name: string): Known<BootStart | undefined> => {
  const wanted = wantedIn(host, name);
  if (wanted !== undefined) return known({ kind: 'enabled', place: wanted });
  const other = namingUnit(host, name) ?? namingScript(host, name);
  if (other !== undefined) return known({ kind: 'other', place: other });
  for (const folder of LASTING) {
    const answer = host.list(folder);
    if (isUnseen(answer)) return unseen(folder, answer);
  }
  return LASTING.some((folder) => host.list(folder) !== undefined)
    ? known(undefined)
    : unknown('the folders of units are not here');
};

const wantedIn = (host: Host, name: string): string | undefined => {
  for (const folder of LASTING) {
    for (const wants of namesAt(host, folder)) {
      if (!/\.(?:wants|requires|upholds)$/.test(wants)) continue;
      for (const entry of namesAt(host, `${folder}/${wants}`)) {
        const path = `${folder}/${wants}/${entry}`;
        const target = host.link(path);
        if (entry === name || (typeof target === 'string' && baseName(target) === name)) return path;
      }
    }
  }
  return undefined;
};

/** `Wants=` and the like of another unit, the unit of a timer or a path, or a command that starts it. */
const namingUnit = (host: Host, name: string): string | undefined => {
  const stem = name.replace(/\.service$/, '');
  for (const folder of LASTING) {
    for (const other of namesAt(host, folder)) {
      if (!/\.(?:service|timer|target|path|socket)$/.test(other) || other === name) continue;
      const text = textAt(host, `${folder}/${other}`) ?? '';
      const isItsOwn = /\.(?:timer|path|socket)$/.test(other) && other.replace(/\.[a-z]+$/, '') === stem;
      if (isItsOwn || names(text, name) || starts(text, stem)) return `${folder}/${other}`;
    }
  }
  return undefined;
};

const names = (text: string, name: string): boolean =>
  text
    .split('\n')
    .some(
      (line) =>
        /^\s*(?:Wants|Requires|BindsTo|Upholds|Unit|OnSuccess|OnFailure|Also)\s*=/.test(line) && hasWord(line, name),
    );

const hasWord = (line: string, word: string): boolean => line.split(/[\s=]+/).includes(word);

const starts = (text: string, stem: string): boolean =>
  text
    .split('\n')
    .some(
      (line) =>
        /\b(?:systemctl|service)\b.*\b(?:re)?start\b/.test(line) && hasWord(line.replaceAll('.service', ''), stem),
    );

const namingScript = (host: Host, name: string): string | undefined => {
  const stem = name.replace(/\.service$/, '');
  const files = [
    ...SCRIPTS,
    ...SCRIPT_FOLDERS.flatMap((folder) => namesAt(host, folder).map((each) => `${folder}/${each}`)),
  ];
  const isNamed = (text: string): boolean => starts(text, stem) || /mesos-(?:agent|slave|init-wrapper)/.test(text);
  const script = files.find((path) => isNamed((textAt(host, path) ?? '').replace(/^\s*#.*$/gm, '')));
  const levels = RUN_LEVELS.flatMap((folder) =>
    namesAt(host, folder)
      .filter((each) => /^S\d\d/.test(each) && each.slice(3) === stem)
      .map((each) => `${folder}/${each}`),
  );
  return script ?? levels[0];
};
