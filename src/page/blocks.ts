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
  const bytes = bytesOf(await textOf(`block-${number}`));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text());
};

/** The text of an element, once all of it is there: the page may still be read. */
const textOf = async (id: string): Promise<string> => {
  const isWhole = (): boolean =>
    document.readyState !== 'loading' || (document.getElementById(id)?.nextElementSibling ?? null) !== null;
  if (!isWhole())
    await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }));
  return document.getElementById(id)?.textContent ?? '';
};

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
};

/** The number of the first block that is read. */
export const overviewNumber = (): number => Number(document.getElementById('overview')?.dataset['block']);
