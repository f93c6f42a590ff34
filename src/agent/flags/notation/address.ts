/** Addresses as `inet_pton` reads them. */

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

/** Whether a text is an IPv4 address: four decimal parts without zeros before them. */
export const isIPv4 = (text: string): boolean => IPV4.test(text);

/** Whether a text is an IPv6 address: up to eight parts, `::` once in place of some, an IPv4 address in place of the last two. */
export const isIPv6 = (text: string): boolean => {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.map((half, i) => groupsOf(half, i === halves.length - 1));
  if (groups.includes(undefined)) return false;
  const count = groups.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  return halves.length === 2 ? count < 8 : count === 8;
};

/** How many groups of 16 bits a half of an address holds; undefined where it is none. */
const groupsOf = (half: string, isLast: boolean): number | undefined => {
  if (half === '') return 0;
  const parts = half.split(':');
  const end = parts.at(-1) ?? '';
  const hasIPv4 = isLast && isIPv4(end);
  const hex = hasIPv4 ? parts.slice(0, -1) : parts;
  return hex.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part)) ? hex.length + (hasIPv4 ? 2 : 0) : undefined;
};
