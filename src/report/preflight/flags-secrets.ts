/** Flags whose text may hold what nobody should see over a shoulder. */
const SECRET_JSON = new Set(['docker_config', 'executor_environment_variables', 'credential', 'http_credentials']);

const REDACTED = '<redacted>';

/**
 * A flag's value without its secrets: user and password of a URL, and JSON that is given in place of a file. What names a
 * file stays.
 */
export const withoutSecrets = (name: string, value: string): string => {
  if (SECRET_JSON.has(name) && /^\s*[{[]/.test(value)) return REDACTED;
  return value.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^/@\s]+@/gi, `$1${REDACTED}@`);
};
