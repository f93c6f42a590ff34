/** The blocks of the page's data, unpacked when they are asked for: see `src/report/page/blocks.ts`. */

const unpacked = new Map<number, Promise<unknown>>();
/** So many blocks are kept: those of a long look at many tasks are not all held. */
const MOST_KEPT = 64;

/** The value in a block. */
export const blockOf = <T>(number: number): Promise<T> => {
  const known = unpacked.get(number);
  if (known !== undefined) return known as Promise<T>;
  const [oldest] = unpacked.keys();
  if (unpacked.size >= MOST_KEPT && oldest !== undefined) unpacked.delete(oldest);
  const value = unpack(number);
  unpacked.set(number, value);
  return value as Promise<T>;
};

const unpack = async (number: number): Promise<unknown> => {
  const text = document.getElementById(`block-${number}`)?.textContent ?? '';
  const binary = atob(text);
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text());
};

/** The number of the first block that is read. */
export const overviewNumber = (): number => Number(document.getElementById('overview')?.dataset['block']);
