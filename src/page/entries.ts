import type { EntryKind, Index } from '../report/page/document.ts';

/** The entries of an agent, to be searched, filtered and unfolded. */
export class Entries {
  readonly index: Index;
  readonly depths: Uint8Array;
  /** The number behind the last entry that is in one. */
  readonly ends: Int32Array;
  readonly #texts: readonly string[];

  constructor(index: Index) {
    this.index = index;
    const size = index.ids.length;
    this.depths = new Uint8Array(size);
    this.ends = new Int32Array(size);
    for (let i = 0; i < size; i++) {
      const parent = index.parents[i] ?? -1;
      this.depths[i] = parent < 0 ? 0 : (this.depths[parent] ?? 0) + 1;
    }
    // Entries come depth first: one ends where its last child does.
    for (let i = size - 1; i >= 0; i--) {
      this.ends[i] = Math.max(this.ends[i] ?? 0, i + 1);
      const parent = index.parents[i] ?? -1;
      if (parent >= 0) this.ends[parent] = Math.max(this.ends[parent] ?? 0, this.ends[i] ?? 0);
    }
    this.#texts = index.ids.map((id, i) => `${id} ${index.names[i] ?? ''} ${this.state(i) ?? ''}`.toLowerCase());
  }

  get size(): number {
    return this.index.ids.length;
  }

  kind(entry: number): EntryKind {
    return this.index.kinds[entry] as EntryKind;
  }

  state(entry: number): string | undefined {
    return this.index.texts[this.index.states[entry] ?? -1];
  }

  strict(entry: number): string | undefined {
    return this.index.texts[this.index.strict[entry] ?? -1];
  }

  nonStrict(entry: number): string | undefined {
    return this.index.texts[this.index.nonStrict[entry] ?? -1];
  }

  findings(entry: number): readonly number[] {
    return this.index.findings[String(entry)] ?? [];
  }

  isDamaged(entry: number): boolean {
    return (this.index.damaged[entry] ?? 0) > 0 || this.findings(entry).length > 0;
  }

  hasChildren(entry: number): boolean {
    return (this.ends[entry] ?? 0) > entry + 1;
  }

  /** The entry of a kind that holds another, or is it; undefined where there is none. */
  holder(entry: number, kind: EntryKind): number | undefined {
    for (let at = entry; at >= 0; at = this.index.parents[at] ?? -1) if (this.kind(at) === kind) return at;
    return undefined;
  }

  /** The entry that a finding is about. */
  ofFinding(number: number): number {
    for (const [entry, findings] of Object.entries(this.index.findings))
      if (findings.includes(number)) return Number(entry);
    return 0;
  }

  /** The first entry of a kind with an id, one in a running executor before others. */
  find(kind: EntryKind, id: string): number | undefined {
    let found: number | undefined;
    for (let i = 0; i < this.size; i++) {
      if (this.index.ids[i] !== id || this.kind(i) !== kind) continue;
      const run = this.holder(i, 'r');
      if (run === undefined || this.state(run) === 'running') return i;
      found ??= i;
    }
    return found;
  }

  /** Whether an entry is one of those that a filter lets pass. */
  passes(entry: number, show: Show): boolean {
    switch (show) {
      case 'damaged':
        return this.isDamaged(entry);
      case 'pending':
        return (this.index.pending[entry] ?? 0) > 0;
      case 'lost':
        return LOST.has(this.strict(entry) ?? '') || LOST.has(this.nonStrict(entry) ?? '');
      case 'tasks':
        return this.kind(entry) === 't';
      default:
        return true;
    }
  }

  /** The entries that are asked for, in the order of the tree: undefined where all are. */
  matching(words: readonly string[], show: Show): readonly number[] | undefined {
    if (words.length === 0 && show === 'all') return undefined;
    const found: number[] = [];
    for (let i = 0; i < this.size; i++) {
      const text = this.#texts[i] ?? '';
      if (this.passes(i, show) && words.every((word) => text.includes(word))) found.push(i);
    }
    return found;
  }

  /** Those that are shown as rows: of a tree, what is asked for with what holds it, but for what is folded. */
  rows(found: readonly number[] | undefined, folded: ReadonlySet<number>): readonly number[] {
    if (found === undefined) {
      const rows: number[] = [];
      for (let i = 0; i < this.size; i = folded.has(i) ? (this.ends[i] ?? i + 1) : i + 1) rows.push(i);
      return rows;
    }
    const isKept = new Uint8Array(this.size);
    for (const entry of found) {
      for (let at = entry; at >= 0 && isKept[at] === 0; at = this.index.parents[at] ?? -1) isKept[at] = 1;
    }
    const rows: number[] = [];
    for (let i = 0; i < this.size; i++) if (isKept[i] === 1) rows.push(i);
    return rows;
  }
}

/** What of the entries is shown. */
export const SHOWS = ['all', 'damaged', 'pending', 'lost', 'tasks'] as const;
export type Show = (typeof SHOWS)[number];

export const showOf = (text: string | undefined): Show => SHOWS.find((show) => show === text) ?? 'all';

/** The words of `fates.ts` for what is no more after a start. */
const LOST: ReadonlySet<string> = new Set(['killed', 'forgotten', 'gone with the boot']);

/** What entries are called. */
export const KIND_NAMES: Readonly<Record<EntryKind, string>> = {
  c: 'checkpoint',
  a: 'agent',
  o: 'operation',
  f: 'framework',
  e: 'executor',
  r: 'run',
  t: 'task',
};

/** The words of a search. */
export const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
