const MIN = -(2 ** 31);
const MAX = 2 ** 31 - 1;

/**
 * The number that a text is to the agent, as `numify<int>` reads it: a sign and decimal digits and nothing else, or a
 * hexadecimal form behind `0x`. Undefined where the agent says `Failed to convert`.
 */
export const parseInteger = (text: string): number | undefined => {
  if (/^[+-]?[0-9]+$/.test(text)) return inRange(Number(text));
  // `-0x` is read without its sign, and negated.
  const hexadecimal = /^(-?)0[xX]([0-9a-fA-F]+)$/.exec(text);
  if (hexadecimal === null) return undefined;
  const magnitude = inRange(Number.parseInt(hexadecimal[2] ?? '', 16));
  return magnitude === undefined ? undefined : hexadecimal[1] === '-' ? 0 - magnitude : magnitude;
};

const inRange = (value: number): number | undefined => (value >= MIN && value <= MAX ? value + 0 : undefined);
