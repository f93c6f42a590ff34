import { fail, type Parsed, succeed } from './parsed.ts';

/** A JSON object, with its members by name. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object. */
const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A JSON text. The words for what is none are ours: the agent's differ from parser to parser. */
export const parseJson = (text: string): Parsed<unknown> => {
  try {
    return succeed(JSON.parse(text) as unknown);
  } catch (error) {
    return fail(`no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** A JSON object. Mirrors `JSON::parse<JSON::Object>`. */
export const parseJsonObject = (text: string): Parsed<JsonObject> => {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  return isJsonObject(parsed.value) ? succeed(parsed.value) : fail('Unexpected JSON type parsed');
};
