import { createPrivateKey, X509Certificate } from 'node:crypto';
import { READ } from './access.ts';
import type { AgentFlags } from './flags/agent-flags.ts';
import type { Host } from './host.ts';
import { textAt } from './host.ts';
import { ifKnown, type Known } from './known.ts';
import { lookAtPath, type NamedPath, type PathSetting } from './named-paths.ts';
import { agentsIn, type Processes } from './processes.ts';

/** A variable of TLS. */
export interface TlsVariable {
  /** As it is spelled: `LIBPROCESS_SSL_ENABLED`, or the older `SSL_ENABLED`. */
  readonly name: string;
  readonly value: string;
  readonly origin: string;
}

/** What the agent is told of TLS, and what is in the files that it is told of. */
export interface TlsFacts {
  /** By the name behind the prefix, in small letters: `key_file`. */
  readonly variables: ReadonlyMap<string, TlsVariable>;
  /** Variables whose values are not known, by the same names, and why. */
  readonly unknown: ReadonlyMap<string, string>;
  /** Whether the agent that runs has TLS in it; undefined where none is seen. */
  readonly isBuilt: boolean | undefined;
  readonly files: ReadonlyMap<'key_file' | 'cert_file' | 'ca_file', NamedPath>;
  /** What of the key and the certificate OpenSSL would not take; '' where nothing is seen. */
  readonly problems: ReadonlyMap<'key_file' | 'cert_file' | 'ca_file', string>;
  /** Whether the key is that of the certificate; undefined where not both are read. */
  readonly isPair: boolean | undefined;
  /** The bits of an RSA key in the certificate. */
  readonly bits: number | undefined;
}

const FILES = ['key_file', 'cert_file', 'ca_file'] as const;
const VARIABLE = /^(LIBPROCESS_SSL_|SSL_)(.+)$/;

/** Reads what the agent is told of TLS by its environment. Mirrors `reinitialize` of openssl.cpp: the longer prefix counts. */
export const readTls = (
  host: Host,
  { environment, unknownVariables }: AgentFlags,
  processes: Known<Processes>,
  setting: PathSetting,
): TlsFacts => {
  const variables = new Map<string, TlsVariable>();
  for (const [name, { value, origin }] of environment) {
    const [, prefix, key = ''] = VARIABLE.exec(name) ?? [];
    const own = key.toLowerCase();
    if (prefix === undefined || (prefix === 'SSL_' && variables.has(own))) continue;
    const place = origin.line === undefined ? origin.place : `${origin.place}:${origin.line}`;
    variables.set(own, { name, value, origin: place });
  }
  const files = new Map<(typeof FILES)[number], NamedPath>();
  for (const key of FILES) {
    const variable = variables.get(key);
    if (variable === undefined) continue;
    const given = { by: variable.name, path: variable.value, origin: variable.origin };
    files.set(key, lookAtPath(host, given, READ, setting));
  }
  return {
    variables,
    unknown: new Map(
      [...unknownVariables].flatMap(([name, why]) => {
        const key = VARIABLE.exec(name)?.[2]?.toLowerCase();
        return key === undefined ? [] : [[key, why] as const];
      }),
    ),
    isBuilt: isBuiltWithTls(host, processes),
    files,
    ...readPair(files),
  };
};

/** The library of the event loop that speaks TLS is in the memory of an agent that was built with it. */
const isBuiltWithTls = (host: Host, processes: Known<Processes>): boolean | undefined => {
  const [agent] = agentsIn(ifKnown(processes) ?? new Map());
  const maps = agent === undefined ? '' : (textAt(host, `/proc/${agent.pid}/maps`) ?? '');
  if (/\/libevent_openssl[^/\n]*\.so/.test(maps)) return true;
  // Other libraries bring OpenSSL with them. Without that of C, what is in memory is not seen as a whole.
  const isWhole = /\/libmesos-[^/\n]*\.so/.test(maps) && /\/libc[-.][^/\n]*so/.test(maps);
  return isWhole && !/\/libssl[^/\n]*\.so/.test(maps) ? false : undefined;
};

const readPair = (files: TlsFacts['files']): Pick<TlsFacts, 'problems' | 'isPair' | 'bits'> => {
  const text = (key: (typeof FILES)[number]): string | undefined => {
    const content = files.get(key)?.content;
    return content?.known === true ? content.value.toString('latin1') : undefined;
  };
  const problems = new Map<(typeof FILES)[number], string>();
  const [keyText, certText, authorities] = FILES.map(text);
  const certificate = certText === undefined ? undefined : attempt(() => new X509Certificate(certText));
  if (certText !== undefined && certificate === undefined) problems.set('cert_file', 'no certificate in PEM');
  if (authorities !== undefined && !/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/.test(authorities))
    problems.set('ca_file', 'no certificate in PEM');
  const isLocked = keyText !== undefined && /ENCRYPTED/.test(keyText);
  const key = keyText === undefined || isLocked ? undefined : attempt(() => createPrivateKey(keyText));
  if (isLocked) problems.set('key_file', 'a key with a passphrase, which the agent cannot ask for');
  else if (keyText !== undefined && key === undefined) problems.set('key_file', 'no private key in PEM');
  return {
    problems,
    isPair: certificate === undefined || key === undefined ? undefined : certificate.checkPrivateKey(key),
    bits: certificate?.publicKey.asymmetricKeyDetails?.modulusLength,
  };
};

const attempt = <T>(make: () => T): T | undefined => {
  try {
    return make();
  } catch {
    return undefined;
  }
};
