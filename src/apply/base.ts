import * as fs from 'node:fs';
import { isOfJournals, JOURNALS, JOURNALS_BEGUN, JOURNALS_IN_META } from '../layout/names.ts';
import { giveTimes } from './attributes.ts';
import type { Folder, Root } from './folder.ts';
import { namesOf } from './folders.ts';
import { writeNew } from './log.ts';
import { codeOf, problemText, Refusal } from './refusal.ts';

/**
 * The folder of journals. It lies beside `meta`; where `meta` is a mount of its own it lies in there, because what goes is
 * renamed into it, and nothing can be renamed from one mount to another. To make it gives the folder that holds it another
 * time: until that has its own time again, a name tells it, so that a run which is killed in between loses nothing.
 */

/** Where a folder of journals is, or may be. */
interface Seat {
  /** The folder that holds it, open. */
  readonly holder: Folder;
  readonly name: string;
}

const withSeats = <T>(root: Root, use: (beside: Seat, inMeta: Seat | undefined) => T): T => {
  const beside = { holder: root.folder, name: JOURNALS };
  const meta = enterMeta(root);
  try {
    return use(beside, meta === undefined ? undefined : { holder: meta, name: JOURNALS_IN_META });
  } finally {
    meta?.close();
  }
};

/** A `meta` that is a link is not written to, and so holds no journals. */
const enterMeta = ({ folder, meta }: Root): Folder | undefined => {
  try {
    return folder.enter(meta);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
};

/** Where the kernel does not tell mounts, the device has to do. */
const isOneMount = (a: Folder, b: Folder): boolean => {
  const [own, other] = [a.mount, b.mount];
  return a.device === b.device && (own === other || own === undefined || other === undefined);
};

/** Where a new journal of a tree goes. */
const withSeat = <T>(root: Root, use: (seat: Seat) => T): T =>
  withSeats(root, (beside, inMeta) =>
    use(inMeta === undefined || isOneMount(beside.holder, inMeta.holder) ? beside : inMeta),
  );

/** Opens all folders of journals that a tree has: how it is mounted may have changed since one was made. */
export const openBases = (root: Root): readonly Folder[] =>
  withSeats(root, (beside, inMeta) =>
    [beside, ...(inMeta === undefined ? [] : [inMeta])].flatMap((seat) => openSeat(seat) ?? []),
  );

const openSeat = ({ holder, name }: Seat): Folder | undefined => {
  try {
    return holder.enter(name);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw baseProblem({ holder, name }, error);
  }
};

/** Opens the folder of journals, which is made where there is none; its folder keeps the time that it had. */
export const makeBase = (root: Root): Folder =>
  withSeat(root, (seat) => {
    for (;;) {
      // The time before the names: what another run makes after this look has not changed it yet.
      const { mtimeNs } = fs.fstatSync(seat.holder.descriptor, { bigint: true });
      const base = openSeat(seat);
      if (base !== undefined) {
        try {
          settle(seat, base);
          return base;
        } catch (error) {
          base.close();
          throw baseProblem(seat, error);
        }
      }
      make(seat, mtimeNs);
    }
  });

/** What begins the name of an empty file in a folder of journals that was just made; the stamp of what holds it follows, as in the
 * name that it had before. */
const HOLDER = 'holder-';

/** Where the folder has its name already, or is begun by another run, that one is used. */
const make = (seat: Seat, mtimeNs: bigint): void => {
  const { holder, name } = seat;
  try {
    const begun = holder.names().find((each) => each.startsWith(JOURNALS_BEGUN));
    const stamp = begun?.slice(JOURNALS_BEGUN.length) ?? stampOf(holder, mtimeNs);
    if (begun === undefined) unless('EEXIST', () => fs.mkdirSync(holder.place(JOURNALS_BEGUN + stamp), 0o700));
    unless('ENOENT', () => {
      const made = holder.enter(JOURNALS_BEGUN + stamp);
      try {
        unless('EEXIST', () => writeNew(made, HOLDER + stamp, Buffer.alloc(0)));
        made.sync();
      } finally {
        made.close();
      }
      fs.renameSync(holder.place(JOURNALS_BEGUN + stamp), holder.place(name));
    });
    holder.sync();
  } catch (error) {
    const code = codeOf(error);
    // Another run has made it meanwhile: what this one began is in nobody's way, and goes.
    if (code === 'ENOTEMPTY' || code === 'EEXIST') dropBegun(seat);
    else throw baseProblem(seat, error);
  }
};

/** When a folder was modified, and what it holds then. */
const stampOf = (holder: Folder, mtimeNs: bigint): string => `${mtimeNs}-${namesOf(holder, isNotOurs)}`;

/** Gives a folder the time of a stamp, where it still holds the same names. */
const giveStampedTime = (holder: Folder, stamp: string): void => {
  const [, time] = /^(-?\d+)-/.exec(stamp) ?? [];
  if (time === undefined || stamp !== stampOf(holder, BigInt(time))) return;
  giveTimes([{ descriptor: holder.descriptor, modified: BigInt(time) }]);
};

const isNotOurs = (name: string): boolean => name !== JOURNALS && !isOfJournals(name);

const unless = (expected: string, call: () => void): void => {
  try {
    call();
  } catch (error) {
    if (codeOf(error) !== expected) throw error;
  }
};

const dropBegun = ({ holder }: Seat): void => {
  for (const name of holder.names().filter((each) => each.startsWith(JOURNALS_BEGUN))) {
    try {
      const begun = holder.enter(name);
      for (const each of begun.names()) fs.unlinkSync(begun.place(each));
      begun.close();
      fs.rmdirSync(holder.place(name));
      giveStampedTime(holder, name.slice(JOURNALS_BEGUN.length));
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
    }
  }
};

/** Gives what holds a folder of journals that was just made the time that it had. */
const settle = ({ holder }: Seat, base: Folder): void => {
  for (const name of base.names().filter((each) => each.startsWith(HOLDER))) {
    giveStampedTime(holder, name.slice(HOLDER.length));
    unless('ENOENT', () => fs.unlinkSync(base.place(name)));
  }
};

/**
 * Takes the folder of journals away again where there is nothing in it. A run that is killed between the two calls of this
 * leaves no name that could tell the time: then nothing has been changed but that.
 */
export const dropBase = (root: Root): void =>
  withSeat(root, ({ holder, name }) => {
    const { mtimeNs } = fs.fstatSync(holder.descriptor, { bigint: true });
    try {
      fs.rmdirSync(holder.place(name));
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      return;
    }
    giveTimes([{ descriptor: holder.descriptor, modified: mtimeNs }]);
  });

const baseProblem = ({ holder, name }: Seat, error: unknown): unknown => {
  const code = codeOf(error);
  if (code === undefined) return error;
  const text =
    code === 'ELOOP' || code === 'ENOTDIR' ? 'it is not a folder: move it out of the way' : problemText(error);
  return new Refusal(`the folder of journals, ${holder.name}/${name}, cannot be used: ${text}`, { cause: error });
};
