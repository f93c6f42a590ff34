import type { DomainInfo } from '../schema/index.ts';

/**
 * Whether the agent takes the two for equal: the names of region and zone are, where not set means empty.
 * Mirrors `operator==` on `DomainInfo`.
 */
export function domainsEqual(left: DomainInfo | undefined, right: DomainInfo | undefined): boolean {
  const [one, other] = [left?.fault_domain, right?.fault_domain];
  return (one?.region.name ?? '') === (other?.region.name ?? '') && (one?.zone.name ?? '') === (other?.zone.name ?? '');
}

/** `{"fault_domain":{"region":{"name":"eu"},"zone":{"name":"b"}}}`, or `{}`: as `operator<<` of `DomainInfo` prints it. */
export function domainText(domain: DomainInfo | undefined): string {
  if (domain?.fault_domain === undefined) {
    return '{}';
  }
  const { region, zone } = domain.fault_domain;
  return `{"fault_domain":{"region":{"name":${jsonString(region.name)}},"zone":{"name":${jsonString(zone.name)}}}}`;
}

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** A JSON string as the agent's writer spells it: upper-case hexadecimal, and nothing escaped that need not be. */
function jsonString(text: string): string {
  const escaped = [...text].map((character) => {
    const short = SHORT_ESCAPES.get(character);
    if (short !== undefined) {
      return short;
    }
    return character < ' ' ? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}` : character;
  });
  return `"${escaped.join('')}"`;
}
