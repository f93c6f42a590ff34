import { credentialProblem, credentialsProblem, isTextForm } from '../../agent/credentials.ts';
import { isWithin, since, type Version } from '../../agent/version.ts';
import type { NamingFlag } from '../../host/named-files.ts';
import type { NamedPath } from '../../host/named-paths.ts';
import { textOf } from '../../text/lossless.ts';
import { count, listed } from '../../text/words.ts';
import type { Facts } from '../facts/facts.ts';
import { deniedRow, pathTrouble } from './about-path.ts';
import { aboutFlag, dontKnow, endsStart, notSeen, ok, type PreflightCheck, type Row } from './check.ts';

/** What the agent makes of a file that a flag names. */
const CONTENT: Partial<Record<NamingFlag, (text: string, version: Version) => string | undefined>> = {
  credential: credentialProblem,
  http_credentials: credentialsProblem,
};

/** Flags that name a folder, with the versions that list it. */
const FOLDERS: Partial<Record<NamingFlag, ReturnType<typeof since>>> = {
  resource_provider_config_dir: since('1.4.0'),
  csi_plugin_config_dir: since('1.11.0'),
};

const TO_JSON: Partial<Record<NamingFlag, string>> = {
  credential: 'Write it as JSON: {"principal": "NAME", "secret": "SECRET"}',
  http_credentials: 'Write it as JSON: {"credentials": [{"principal": "NAME", "secret": "SECRET"}]}',
};

/** Whether the agent can read what its flags name. */
export const namedFiles: PreflightCheck<'named-files'> = {
  code: 'named-files',
  title: 'Files and folders that flags name can be read',
  looksAtStart: true,
  explanation:
    "Credentials, keys, folders of configuration and files with the values of flags are read at the start, as the agent's user, and the agent exits where one is not there, may not be read or does not parse. Permissions of each folder on the way count, with the user and the groups of the unit; access control lists are not seen. From 1.11 on credentials are JSON, and no longer a principal and a secret with a blank between.",
  remedy: 'Put the file back, or correct the flag at the place that is named.',
  visibility: 'Run this on the host itself, as root, or on a copy that has the file.',
  judge: ({ facts }) => {
    const { named, values, unknown } = facts.named;
    const rows = [
      ...[...named].flatMap(([flag, path]) => judgeNamed(flag, path, facts)),
      ...values.flatMap(
        (path) => (path.kind.known && path.kind.value !== 'nothing' ? deniedRow(path, facts) : undefined) ?? [],
      ),
    ];
    const bad = rows.filter(({ verdict }) => verdict !== 'ok');
    if (unknown.length > 0) {
      bad.push(
        aboutFlag(
          facts,
          dontKnow(
            `whether ${listed(unknown.map(({ flag }) => `--${flag}`))} name anything is not known`,
            unknown[0]?.from,
            'Give the flags behind --, as in mesos-ckpt preflight -- --credential=/etc/mesos/credential',
          ),
        ),
      );
    }
    if (bad.length > 0) return bad;
    const all = named.size + values.length;
    return [ok(all === 0 ? 'no flag names a file' : `${count(all, 'file', 'files')} that flags name can be read`)];
  },
};

/** Mirrors `CSIServer::create`, which looks for the name in the text of the flag. */
const judgeIsolator = ({ by, origin }: NamedPath, { settings: { isolation } }: Facts): readonly Row[] => {
  if (isolation.value.some((name) => name.includes('volume/csi'))) return [];
  if (!isolation.isSure)
    return [dontKnow(`whether --isolation has volume/csi, which ${by} needs, is not known`, origin)];
  const todo = `Add volume/csi to --isolation, or leave ${by} out.`;
  return [endsStart(`${by} needs volume/csi in --isolation`, isolation.origin ?? origin, todo)];
};

const judgeNamed = (flag: NamingFlag, path: NamedPath, facts: Facts): readonly Row[] => {
  const { version } = facts.to;
  const folder = FOLDERS[flag];
  if (folder !== undefined && !isWithin(version, folder)) return [];
  const trouble = pathTrouble(path, folder === undefined ? 'file' : 'folder', facts);
  if (trouble !== undefined) return [trouble];
  if (flag === 'csi_plugin_config_dir') return judgeIsolator(path, facts);
  const judge = CONTENT[flag];
  if (judge === undefined) return [];
  if (!path.content.known) return [notSeen(path.content)];
  const text = textOf(path.content.value);
  const problem = judge(text, version);
  if (problem === undefined) return [];
  // What a parser says of a secret may quote it.
  const why = isTextForm(text)
    ? 'is in the old form of text, and this version reads JSON alone'
    : problem.replace(/: no JSON: .*$/s, '');
  return [
    endsStart(`--${flag}: ${path.path} ${isTextForm(text) ? why : `is refused: ${why}`}`, path.origin, TO_JSON[flag]),
  ];
};
