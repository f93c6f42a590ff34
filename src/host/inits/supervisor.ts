import { Environment } from '../../agent/flags/environment.ts';
import type { Host } from '../host.ts';
import { splitWords } from '../systemd/words.ts';
import { commandAt, type InitStart, textsIn } from './init-start.ts';

const FOLDERS = ['/etc', '/etc/supervisor', '/etc/supervisor/conf.d', '/etc/supervisord.d', '/etc/supervisor.d'];

/** The programs of supervisord that a text shows to be the agent's. */
export const supervisedPrograms = (host: Host, isAgents: (text: string) => boolean): readonly InitStart[] =>
  FOLDERS.flatMap((folder) => textsIn(host, folder))
    .filter(({ path }) => /\.(?:conf|ini)$/.test(path))
    .flatMap(({ path, text }) => programsIn(path, text, isAgents));

interface Section {
  readonly name: string;
  readonly fields: Map<string, { value: string; readonly line: number }>;
}

const programsIn = (place: string, text: string, isAgents: (text: string) => boolean): readonly InitStart[] =>
  sectionsIn(text).flatMap(({ name, fields }): readonly InitStart[] => {
    const command = fields.get('command');
    if (!name.startsWith('program:') || command === undefined || !isAgents(`${name} ${command.value}`)) return [];
    const words = (splitWords(command.value) ?? []).map((word) => word.text);
    const folder = fields.get('directory')?.value ?? '/';
    const main = commandAt(words, place, command.line, { isMain: true, folder });
    const environment = new Environment();
    const set = fields.get('environment');
    for (const [, key = '', value = ''] of (set?.value ?? '').matchAll(/(\w+)=("[^"]*"|'[^']*'|[^,]*)/g)) {
      const bare = value.replace(/^(["'])(.*)\1$/s, '$2').trim();
      environment.set(key, { value: bare, origin: { place, line: set?.line }, unknown: undefined });
    }
    const isEnabled = !/^(?:false|no|off|0)$/i.test(fields.get('autostart')?.value ?? 'true');
    const named = fields.get('user');
    const user = named && { value: named.value, origin: { place, line: named.line }, unknown: undefined };
    return [{ init: 'supervisord', place, words: main.words, environment, commands: [main], user, isEnabled }];
  });

/** An INI file: a line that begins with a blank goes on with the value before it. */
const sectionsIn = (text: string): readonly Section[] => {
  const sections: Section[] = [];
  let last: { value: string } | undefined;
  for (const [i, raw] of text.split('\n').entries()) {
    const line = raw.replace(/(?:^|\s);.*$/, '').trimEnd();
    const header = /^\[(.+)\]$/.exec(line);
    const assignment = /^([\w-]+)\s*[=:]\s*(.*)$/.exec(line);
    if (line === '' || line.startsWith('#')) continue;
    if (header !== null) {
      sections.push({ name: header[1] ?? '', fields: new Map() });
      last = undefined;
    } else if (/^\s/.test(line) && last !== undefined) last.value += ` ${line.trim()}`;
    else if (assignment !== null) {
      const field = { value: assignment[2] ?? '', line: i + 1 };
      sections.at(-1)?.fields.set(assignment[1] ?? '', field);
      last = field;
    }
  }
  return sections;
};
