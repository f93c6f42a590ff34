import * as fs from 'node:fs';
import { FolderSource } from '../source/folder.ts';
import { resolve } from '../source/links.ts';
import { type MountEntry, readMountInfo } from '../source/mounts.ts';
import { AccessDenied, baseName, join } from '../source/source.ts';
import { bytesOf, textOf } from '../text/lossless.ts';
import { codeOf } from './refusal.ts';

/** A file that a process has open. */
export interface OpenedFile {
  /** As the kernel tells it: from the root of the mounts that the process sees. */
  readonly path: string;
  /** The mount that it was opened on. */
  readonly mount: string | undefined;
  /** Its path on this machine. */
  readonly at: string;
}

/** A process, as far as `/proc/PID` shows it to this user. A process may end while it is looked at. */
export class ShownProcess {
  readonly pid: number;
  /** Its arguments; none of a thread of the kernel. */
  readonly args: readonly string[];
  /** The kernel's name of it, at most 15 bytes. */
  readonly name: string;
  /** The name of its executable; '' where that is not shown. */
  readonly program: string;
  /** Whether it has ended, and is there until its parent takes note of that: it holds nothing any more. */
  readonly hasEnded: boolean;
  /** Whether not even its arguments and its name are shown. */
  readonly isNameless: boolean;
  readonly #at: string;
  #isWhole = true;
  #mounts: readonly MountEntry[] | undefined;

  constructor(folder: string, pid: number) {
    this.pid = pid;
    this.#at = `${folder}/${pid}`;
    this.args = splitZeros(this.#ask(() => fs.readFileSync(`${this.#at}/cmdline`)));
    this.name = this.#ask(() => fs.readFileSync(`${this.#at}/comm`, 'utf8').trim()) ?? '';
    this.isNameless = !this.#isWhole;
    this.hasEnded = hasEnded(this.#ask(() => fs.readFileSync(`${this.#at}/stat`, 'latin1')) ?? '');
    this.program = baseName(this.#link('exe') ?? '').replace(/ \(deleted\)$/, '');
  }

  /** Whether all that was asked for was shown. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Its environment, when it was started; undefined where it has ended. */
  environment(): readonly string[] | 'unseen' | undefined {
    return this.#see(() => splitZeros(fs.readFileSync(`${this.#at}/environ`)));
  }

  /** The folder that it is in; undefined where it has ended. */
  folder(): string | 'unseen' | undefined {
    return this.#see(() => readLink(`${this.#at}/cwd`));
  }

  /** What it has mounted; nothing where that is not shown. */
  mounts(): readonly MountEntry[] {
    this.#mounts ??= readMountInfo(`${this.#at}/mountinfo`);
    return this.#mounts;
  }

  /** What is at an absolute path as it sees it, in a container or not; `unseen` where that is not shown. */
  statOf(path: string): fs.BigIntStats | 'unseen' | undefined {
    const at = this.#placeOf(path);
    if (at === undefined || at === 'unseen') return at;
    return this.#see(() => fs.statSync(bytesOf(at), { bigint: true }));
  }

  /** The text of a file at an absolute path as it sees it. */
  textOf(path: string): string | 'unseen' | undefined {
    const at = this.#placeOf(path);
    if (at === undefined || at === 'unseen') return at;
    return this.#see(() => fs.readFileSync(bytesOf(at), 'utf8'));
  }

  /** The files that it has open for writing. */
  *filesForWriting(): Generator<OpenedFile> {
    for (const name of this.#ask(() => fs.readdirSync(`${this.#at}/fd`)) ?? []) {
      const path = this.#link(`fd/${name}`);
      if (path?.startsWith('/') !== true) continue;
      const info = this.#ask(() => fs.readFileSync(`${this.#at}/fdinfo/${name}`, 'utf8'));
      // One that is closed by now, or has given its number to another, is open no more.
      if (info === undefined || !isForWriting(info) || this.#link(`fd/${name}`) !== path) continue;
      yield { path, mount: /^mnt_id:\s*(\d+)$/m.exec(info)?.[1], at: `${this.#at}/fd/${name}` };
    }
  }

  /** Where a path that it sees is on this machine: its links are followed from its own root, and not from this one's. */
  #placeOf(path: string): string | 'unseen' | undefined {
    const root = `${this.#at}/root`;
    try {
      // Seen as itself: where `root` is not shown, what is in it is not "not there".
      fs.readlinkSync(root);
      const found = resolve({ source: new FolderSource(root), home: '/' }, path.slice(1));
      return found.kind === 'found' ? join(root, found.path) : undefined;
    } catch (error) {
      if (error instanceof AccessDenied || isDenial(error)) {
        this.#isWhole = false;
        return 'unseen';
      }
      if (codeOf(error) === undefined) throw error;
      return undefined;
    }
  }

  #link(name: string): string | undefined {
    return this.#ask(() => readLink(`${this.#at}/${name}`));
  }

  /** What is read; undefined where it is gone, or may not be seen. */
  #ask<T>(read: () => T): T | undefined {
    const seen = this.#see(read);
    return seen === 'unseen' ? undefined : seen;
  }

  /** The same, which says so where it may not be seen. */
  #see<T>(read: () => T): T | 'unseen' | undefined {
    try {
      return read();
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      if (!isDenial(error)) return undefined;
      this.#isWhole = false;
      return 'unseen';
    }
  }
}

const readLink = (path: string): string => textOf(fs.readlinkSync(path, { encoding: 'buffer' }));

const isDenial = (error: unknown): boolean => ['EACCES', 'EPERM'].includes(codeOf(error) ?? '');

/** By fields 3 and 20 of `stat`, its state and its threads: the first thread may end before the others. */
const hasEnded = (stat: string): boolean => {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (fields[0] === 'Z' || fields[0] === 'X') && Number(fields[17]) <= 1;
};

const splitZeros = (bytes: Buffer | undefined): readonly string[] => {
  if (bytes === undefined || bytes.length === 0) return [];
  const parts = textOf(bytes).split('\0');
  return parts.at(-1) === '' ? parts.slice(0, -1) : parts;
};

const ACCESS_MODE = 3;

/** Whether the flags of an open file, in octal, let it be written to. */
const isForWriting = (info: string): boolean => {
  const flags = /^flags:\s*([0-7]+)$/m.exec(info)?.[1];
  return flags === undefined || (Number.parseInt(flags, 8) & ACCESS_MODE) !== 0;
};
