import type { Attributes, EntryKind } from '../source.ts';
import { Float64s, Int32s } from './numbers.ts';

const SECOND = 1_000_000_000n;

/** Mode and owner. */
type Owner = Omit<Attributes, 'modifiedNs'>;

/** What the last member of a kind had, and where that is. */
interface Last extends Attributes {
  readonly at: number;
  readonly owner: number;
}

/** What is said of members besides what they are: those of a kind that come one after the other mostly have the same. */
export class AttributeTable {
  readonly #owners: Owner[] = [];
  readonly #known = new Map<string, number>();
  readonly #owner = new Int32s();
  readonly #seconds = new Float64s();
  readonly #nanoseconds = new Int32s();
  readonly #last: Partial<Record<EntryKind, Last>> = {};

  /** Keeps what is said of a member; where that is. */
  add(kind: EntryKind, { mode, uid, gid, modifiedNs }: Attributes): number {
    const last = this.#last[kind];
    const isSameOwner = last?.mode === mode && last.uid === uid && last.gid === gid;
    if (isSameOwner && last.modifiedNs === modifiedNs) return last.at;
    const owner = isSameOwner ? last.owner : this.#ownerOf({ mode, uid, gid });
    const rest = ((modifiedNs % SECOND) + SECOND) % SECOND;
    this.#seconds.push(Number((modifiedNs - rest) / SECOND));
    this.#nanoseconds.push(Number(rest));
    const at = this.#owner.push(owner);
    this.#last[kind] = { mode, uid, gid, modifiedNs, at, owner };
    return at;
  }

  at(at: number): Attributes {
    const { mode, uid, gid } = this.#owners[this.#owner.at(at)] as Owner;
    return { mode, uid, gid, modifiedNs: this.modifiedNs(at) };
  }

  modifiedNs(at: number): bigint {
    return BigInt(this.#seconds.at(at)) * SECOND + BigInt(this.#nanoseconds.at(at));
  }

  #ownerOf(owner: Owner): number {
    const key = `${owner.mode} ${owner.uid} ${owner.gid}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.#owners.length);
    return this.#owners.push(owner) - 1;
  }
}
