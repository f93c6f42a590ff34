import { bytesOf } from '../text/lossless.ts';

/** NAME_MAX of Linux, in bytes. */
const MAX_ID_BYTES = 255;
const MAX_CONTAINER_ID_BYTES = 242;

/** Whether the agent takes a text for an id, which becomes the name of a folder. Mirrors `common::validation::validateID`. */
export function isValidId(id: string): boolean {
  const bytes = bytesOf(id);
  const isBad = (byte: number): boolean => byte < 0x20 || byte === 0x7f || byte === 0x2f || byte === 0x5c;
  return id !== '' && id !== '.' && id !== '..' && bytes.length <= MAX_ID_BYTES && !bytes.some(isBad);
}

/** Whether the agent takes a text for the id of a container. Mirrors `validateContainerId`. */
export function isValidContainerId(id: string): boolean {
  return isValidId(id) && bytesOf(id).length <= MAX_CONTAINER_ID_BYTES && !/[. ]/.test(id);
}
