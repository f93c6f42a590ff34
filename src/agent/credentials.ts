import { parseJsonObject } from './flags/notation/json.ts';
import { messageFromJson } from './json-message.ts';
import { isWithin, since, type Version } from './version.ts';

/** Versions that no longer take credentials in the old form of text, `principal secret` (1.11). */
const JSON_ALONE = since('1.11.0');

/** Words that blanks part, empty ones left out, as the agent's `tokenize` does. */
const tokens = (text: string, by: string): readonly string[] => text.split(by).filter((token) => token !== '');

/** Why the agent does not take a file as that of `--credential`, in its words. Mirrors `readCredential` of credentials.hpp. */
export const credentialProblem = (text: string, version: Version): string | undefined => {
  if (text === '') return 'Empty credential file';
  const problem = jsonProblem(text, 'credential', (object) => [object]);
  if (problem === undefined || isWithin(version, JSON_ALONE)) return problem;
  const lines = tokens(text, '\n');
  if (lines.length !== 1) return 'Expecting only one credential';
  return tokens(lines[0] ?? '', ' ').length === 2 ? undefined : 'Invalid credential format';
};

/** The same of `--http_credentials`. Mirrors `read` of credentials.hpp. */
export const credentialsProblem = (text: string, version: Version): string | undefined => {
  if (text === '') return 'Credentials file must contain at least one credential';
  const problem = jsonProblem(text, 'credentials', ({ credentials = [] }) => credentials);
  if (problem === undefined || isWithin(version, JSON_ALONE)) return problem;
  const wrong = tokens(text, '\n').findIndex((line) => tokens(line, ' ').length !== 2);
  return wrong < 0 ? undefined : `Invalid credential format at line ${wrong + 1}`;
};

/** Whether a text is a credential, or several, in the old form, which is no JSON. */
export const isTextForm = (text: string): boolean =>
  !parseJsonObject(text).ok &&
  tokens(text, '\n').length > 0 &&
  tokens(text, '\n').every((line) => tokens(line, ' ').length === 2);

const jsonProblem = (
  text: string,
  what: string,
  credentialsIn: (object: Readonly<Record<string, unknown>>) => unknown,
): string | undefined => {
  const parsed = parseJsonObject(text);
  if (!parsed.ok) return `Invalid json format: ${parsed.message}`;
  const all = credentialsIn(parsed.value);
  if (!Array.isArray(all)) return `Failed to parse ${what}: Not expecting a JSON ${typeof all}`;
  for (const each of all as readonly unknown[]) {
    const message = messageFromJson('mesos.Credential', each);
    if (!message.ok) return `Failed to parse ${what}: ${message.message}`;
  }
  return undefined;
};
