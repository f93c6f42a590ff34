import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { onTestFinished } from 'vitest';
import { FolderHost } from '../../src/host/folder.ts';
import type { Host } from '../../src/host/host.ts';

/** A made-up host by its absolute paths: a text is a file; `{ link }` a link; `null` an empty folder. */
export type HostFiles = Readonly<Record<string, string | Uint8Array | { readonly link: string } | null>>;

/** Makes a host's files below a folder that goes away with the test, and returns that folder. */
export const makeRoot = (files: HostFiles): string => {
  const root = fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-host-'));
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const at = path.join(root, name);
    fs.mkdirSync(path.dirname(at), { recursive: true });
    if (content === null) fs.mkdirSync(at, { recursive: true });
    else if (typeof content === 'string' || content instanceof Uint8Array) fs.writeFileSync(at, content);
    else fs.symlinkSync(content.link, at);
  }
  return root;
};

/** So many programs as a system has at least. */
export const programs = (): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: 100 }, (_, number) => [`/usr/bin/program${number}`, '']));

/** A made-up host. */
export const makeHost = (files: HostFiles): Host => new FolderHost(makeRoot(files));
