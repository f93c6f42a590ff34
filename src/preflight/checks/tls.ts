import { isWithin, since, type Version, versionText } from '../../agent/version.ts';
import type { TlsFacts, TlsVariable } from '../../host/tls.ts';
import type { Facts } from '../facts/facts.ts';
import { pathTrouble } from './about-path.ts';
import {
  aboutFlag,
  dontKnow,
  endsStart,
  mayEndStart,
  notSeen,
  ok,
  type PreflightCheck,
  type Row,
  warn,
} from './check.ts';

const SWITCHES = [
  ...['enabled', 'support_downgrade', 'verify_cert', 'require_cert', 'verify_ipadd'],
  ...['enable_ssl_v3', 'enable_tls_v1_0', 'enable_tls_v1_1', 'enable_tls_v1_2'],
];
/** Switches that came later. */
const NEW_SWITCHES: Readonly<Record<string, ReturnType<typeof since>>> = {
  enable_tls_v1_3: since('1.9.0'),
  verify_server_cert: since('1.10.0'),
  require_client_cert: since('1.10.0'),
};
const RENAMED = ['verify_server_cert', 'require_client_cert'];
/** Ciphers that newer OpenSSL no longer has. */
const GONE = /RC4|DSS|DES|EXP|IDEA|SEED|NULL|ADH|AECDH|MD5/;
/** Curves that every OpenSSL since 1.0.2 has. */
const CURVES = /^(?:auto|P-256|P-384|P-521|prime256v1|secp384r1|secp521r1|X25519|x25519|secp256k1)$/;

/** Whether TLS comes up with what the environment says of it. */
export const tls: PreflightCheck<'tls'> = {
  code: 'tls',
  title: 'TLS comes up with its key and its certificate',
  looksAtStart: true,
  explanation:
    "The variables LIBPROCESS_SSL_*, and the older SSL_*, turn TLS on and name its key, its certificate and who is believed. An agent that is built with TLS exits where a value does not parse, a file is not there, may not be read by the agent's user or is not PEM, or where the key is not that of the certificate; one that is built without passes over all of them. From 1.9 on VERIFY_CERT is about servers alone, and takes no anonymous ciphers; from 1.10 on it is called VERIFY_SERVER_CERT, and REQUIRE_CERT REQUIRE_CLIENT_CERT (Mesos, docs/upgrades.md).",
  remedy: 'Put the file back, or correct the variable at the place that is named.',
  visibility: 'Run this on the host itself, as root, or say where the agent is installed.',
  judge: ({ facts }) => {
    const { tls: found, to } = facts;
    const get = (key: string): TlsVariable | undefined => found.variables.get(key);
    const rows = [...badValues(found, to.version)];
    const hidden = found.unknown.get('enabled');
    if (hidden !== undefined && get('enabled') === undefined)
      return [...rows, dontKnow(`whether TLS is enabled is not known: ${hidden}`)];
    if (!isOn(get('enabled'))) {
      if (rows.length > 0) return rows;
      if (!facts.flags.isComplete)
        return [aboutFlag(facts, dontKnow('whether TLS is enabled is not known: not all that could set it was seen'))];
      return [ok('TLS is not enabled')];
    }
    rows.push(...filesRows(facts), ...otherRows(found, to.version), ...changes(facts));
    return found.isBuilt === false
      ? [ok('the agent that runs is built without TLS, and passes over the variables that turn it on')]
      : rows.length > 0
        ? rows
        : [ok('its key and its certificate can be read, and belong together')];
  },
};

/** A switch that is on: a value that is empty turns one on. */
const isOn = (variable: TlsVariable | undefined): boolean =>
  variable !== undefined && /^(?:true|1|)$/.test(variable.value);

/** Switches are looked at whether TLS is on or not. */
const badValues = ({ variables, isBuilt }: TlsFacts, version: Version): readonly Row[] => {
  const later = Object.entries(NEW_SWITCHES).flatMap(([name, spans]) => (isWithin(version, spans) ? [name] : []));
  const bad = [...SWITCHES, ...later].flatMap((key) => {
    const variable = variables.get(key);
    return variable === undefined || /^(?:true|false|0|1|)$/.test(variable.value) ? [] : [variable];
  });
  const depth = variables.get('verification_depth');
  if (depth !== undefined && !/^\s*[+-]?\d+$/.test(depth.value)) bad.push(depth);
  return bad.map(({ name, value, origin }) => {
    const found = `${name}=${value}: the agent cannot read the value`;
    // A short name may be meant for another program, and the agent may have been built without TLS.
    if (isBuilt === false) return ok(found, origin);
    return isBuilt === true || name.startsWith('LIBPROCESS_')
      ? endsStart(found, origin, 'Write true or false.')
      : mayEndStart(`${found}, if it is built with TLS`, origin, 'Write true or false, or leave it out of the unit.');
  });
};

const filesRows = (facts: Facts): readonly Row[] => {
  const { tls: found, to } = facts;
  const rows: Row[] = [];
  for (const [key, what] of [
    ['key_file', 'key'],
    ['cert_file', 'certificate'],
    ['ca_file', 'certificate'],
  ] as const) {
    if (key === 'ca_file' && !verifies(found, to.version)) continue;
    const named = found.files.get(key);
    const why = found.unknown.get(key);
    if (named === undefined) {
      if (key === 'ca_file') continue;
      const name = `LIBPROCESS_SSL_${key.toUpperCase()}`;
      rows.push(
        why !== undefined || !facts.flags.isComplete
          ? dontKnow(`${name} is not known${why === undefined ? '' : `: ${why}`}`)
          : endsStart(`TLS is enabled, and ${name} names no ${what}`, found.variables.get('enabled')?.origin),
      );
      continue;
    }
    const trouble = pathTrouble(named, 'file', facts);
    const problem = found.problems.get(key);
    if (trouble !== undefined) rows.push(trouble);
    else if (problem !== undefined) rows.push(endsStart(`${named.by}: ${named.path} has ${problem}`, named.origin));
    else if (!named.content.known) rows.push(notSeen(named.content));
  }
  return rows;
};

/** Whether certificates of others are verified, by the names that the version knows. */
const verifies = ({ variables }: TlsFacts, version: Version): boolean =>
  ['verify_cert', 'require_cert', ...(isWithin(version, since('1.10.0')) ? RENAMED : [])].some((key) =>
    isOn(variables.get(key)),
  );

const otherRows = ({ variables, isPair, bits, files }: TlsFacts, version: Version): readonly Row[] => {
  const rows: Row[] = [];
  const certificate = files.get('cert_file');
  if (isPair === false) {
    rows.push(
      endsStart(`the key of ${files.get('key_file')?.path} is not that of ${certificate?.path}`, certificate?.origin),
    );
  }
  if (bits !== undefined && bits < 2048) {
    rows.push(
      mayEndStart(
        `${certificate?.path} has a key of ${bits} bits, which OpenSSL 1.1 and 3 may refuse`,
        certificate?.origin,
      ),
    );
  }
  const scheme = variables.get('hostname_validation_scheme');
  if (scheme !== undefined && isWithin(version, since('1.9.0')) && !/^(?:legacy|openssl)$/.test(scheme.value)) {
    rows.push(endsStart(`${scheme.name}=${scheme.value} is neither legacy nor openssl`, scheme.origin));
  }
  const ciphers = variables.get('ciphers');
  if (ciphers?.value.split(/[:, ]/).every((each) => each === '' || GONE.test(each))) {
    rows.push(
      mayEndStart(`${ciphers.name}: newer OpenSSL has none of ${ciphers.value}, and the agent exits`, ciphers.origin),
    );
  }
  const curves = variables.get('ecdh_curves');
  if (curves !== undefined && !curves.value.split(':').every((each) => CURVES.test(each))) {
    rows.push(dontKnow(`whether the OpenSSL in use has all of ${curves.name}=${curves.value}`, curves.origin));
  }
  return rows;
};

/** What the variables mean in the version that starts, and did not in that before, or the other way round. */
const changes = ({ tls: { variables }, from, to }: Facts): readonly Row[] => {
  const rows: Row[] = [];
  const crosses = (release: string): boolean =>
    from !== undefined && !isWithin(from.version, since(release)) && isWithin(to.version, since(release));
  const verify = variables.get('verify_cert');
  if (crosses('1.9.0') && verify !== undefined && isOn(verify) && !isOn(variables.get('require_cert'))) {
    const todo = 'Set LIBPROCESS_SSL_REQUIRE_CERT=true where who connects to the agent has to show one.';
    const found = `from 1.9 on ${verify.name} no longer looks at the certificates of who connects to the agent`;
    rows.push(warn(`${found}, and takes no anonymous ciphers (Mesos, docs/upgrades.md)`, verify.origin, todo));
  }
  for (const key of RENAMED) {
    const variable = variables.get(key);
    if (variable === undefined || !isOn(variable) || isWithin(to.version, since('1.10.0'))) continue;
    const old = variable.name.replace('_SERVER_', '_').replace('_CLIENT_', '_');
    const found = `${versionText(to.version)} does not know ${variable.name}, and verifies nothing by it`;
    rows.push(warn(`${found} (it is of 1.10)`, variable.origin, `Set ${old} beside it, which all versions know.`));
  }
  return rows;
};
