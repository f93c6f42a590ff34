import type {
  Inspected,
  InspectedAgent,
  InspectedExecutor,
  InspectedFramework,
  InspectedRun,
  InspectedTask,
} from '../../inspect/inspected.ts';
import type { Verification } from '../../verify/verification.ts';
import type { EntryKind, Index, TimeLine } from './document.ts';
import { Fates } from './fates.ts';

/** Of a task with more updates, so many of the first and of the last are drawn beside the others. */
const MOST_AT_AN_END = 20;
/** Three numbers an update. */
const PER_UPDATE = 3;

/** Where the details of an executor are: the block is known when it is full. */
export interface BlockPlace {
  readonly block: number;
  readonly place: number;
}

const NOWHERE: BlockPlace = { block: -1, place: -1 };

/** What is told of an entry. */
interface Row {
  readonly kind: EntryKind;
  readonly parent: number;
  readonly id: string;
  readonly path: string;
  readonly name?: string | undefined;
  readonly state?: string | undefined;
  readonly strict?: string | undefined;
  readonly nonStrict?: string | undefined;
  readonly pending?: number | undefined;
  readonly damaged: number;
  readonly at?: BlockPlace | undefined;
}

/** Makes the index of an agent's entries while these are read, in the order of the tree. */
export class IndexBuilder {
  readonly #fates: Fates;
  readonly #kinds: string[] = [];
  readonly #parents: number[] = [];
  readonly #ids: string[] = [];
  readonly #names: (string | null)[] = [];
  readonly #states: number[] = [];
  readonly #strict: number[] = [];
  readonly #nonStrict: number[] = [];
  readonly #pending: number[] = [];
  readonly #damaged: number[] = [];
  readonly #ats: BlockPlace[] = [];
  readonly #texts = new Map<string, number>();
  readonly #updates: Record<string, readonly (number | null)[]> = {};
  readonly #more: Record<string, number> = {};
  #span: [number, number] | null = null;
  readonly #byPath = new Map<string, number>();

  constructor(verification: Verification) {
    this.#fates = new Fates(verification);
  }

  /** What is above the frameworks; returns the entry that holds these. */
  top({ checkpoint, agent }: Inspected, home: string): number {
    const root = this.#add({
      kind: 'c',
      parent: -1,
      id: home,
      path: checkpoint?.path ?? '',
      damaged: checkpoint?.damage.length ?? 0,
    });
    return agent === undefined ? root : this.#agent(agent, root);
  }

  #agent(agent: InspectedAgent, parent: number): number {
    const { id, path, damage, operations } = agent;
    const number = this.#add({ kind: 'a', parent, id, path, name: agent.info?.hostname, damaged: damage.length });
    for (const { id, path, state, damage } of operations) {
      this.#add({ kind: 'o', parent: number, id, path, state, damaged: damage.length });
    }
    return number;
  }

  framework({ id, path, info, damage }: InspectedFramework, parent: number): number {
    return this.#add({ kind: 'f', parent, id, path, name: info?.name, damaged: damage.length });
  }

  executor(
    executor: InspectedExecutor,
    { parent, framework, at }: { readonly parent: number; readonly framework: string; readonly at: BlockPlace },
    timeLines: ReadonlyMap<string, TimeLine>,
  ): void {
    const { id, path, damage, runs } = executor;
    const ref = { framework, executor: id };
    const current = runs.find(({ isLatest }) => isLatest === true);
    const number = this.#add({
      ...{ kind: 'e', parent, id, path, at },
      state: runs.length === 0 ? 'no run' : current?.completed === false ? 'running' : 'completed',
      strict: this.#fates.of('strict', ref),
      nonStrict: this.#fates.of('nonStrict', ref),
      damaged: damage.length,
    });
    for (const run of runs) this.#run(run, { parent: number, ref, at, isCurrent: run === current }, timeLines);
  }

  #run(
    { id, path, completed, damage, tasks }: InspectedRun,
    {
      parent,
      ref,
      at,
      isCurrent,
    }: {
      readonly parent: number;
      readonly ref: { readonly framework: string; readonly executor: string };
      readonly at: BlockPlace;
      readonly isCurrent: boolean;
    },
    timeLines: ReadonlyMap<string, TimeLine>,
  ): void {
    const state = completed ? 'completed' : isCurrent ? 'running' : 'not the latest';
    const number = this.#add({ kind: 'r', parent, id, path, at, state, damaged: damage.length });
    for (const task of tasks) {
      const own = { ...ref, task: task.id };
      const fate = isCurrent
        ? { strict: this.#fates.of('strict', own), nonStrict: this.#fates.of('nonStrict', own) }
        : {};
      const { name } = task.info ?? {};
      const added = this.#add({
        ...{ kind: 't', parent: number, id: task.id, path: task.path, at, name, state: task.state },
        ...{ ...fate, pending: task.pending, damaged: task.damage.length },
      });
      this.#line(added, task, timeLines.get(task.path));
    }
  }

  /** The updates of a task as they are drawn beside those of others. */
  #line(number: number, task: InspectedTask, line: TimeLine | undefined): void {
    const updates = line?.records.filter(({ kind }) => kind === 'update') ?? [];
    if (updates.length === 0) return;
    const omitted = updates.length > 2 * MOST_AT_AN_END;
    const told = omitted ? [...updates.slice(0, MOST_AT_AN_END), ...updates.slice(-MOST_AT_AN_END)] : updates;
    const flat: (number | null)[] = [];
    for (const { time, state, pending } of told) {
      const seconds = time === null ? null : Date.parse(time) / 1000;
      if (seconds !== null) this.#widen(seconds);
      flat.push(seconds, this.#text(state ?? ''), pending ? 1 : 0);
    }
    this.#updates[String(number)] = flat;
    const more = task.updates.length - flat.length / PER_UPDATE;
    if (more > 0) this.#more[String(number)] = more;
  }

  #widen(seconds: number): void {
    const [first, last] = this.#span ?? [seconds, seconds];
    this.#span = [Math.min(first, seconds), Math.max(last, seconds)];
  }

  /** The entry with a path, or the innermost that holds it. */
  #entryOf(path: string): number {
    for (let at = path; ; at = at.slice(0, at.lastIndexOf('/'))) {
      const number = this.#byPath.get(at);
      if (number !== undefined) return number;
      if (!at.includes('/')) return 0;
    }
  }

  /** The index, with the entry of each finding but those that were assumed. */
  end(findings: readonly { readonly path: string }[], assumptions: readonly number[]): Index {
    const byEntry: Record<string, number[]> = {};
    for (const [i, { path }] of findings.entries()) {
      if (assumptions.includes(i)) continue;
      const key = String(this.#entryOf(path));
      byEntry[key] ??= [];
      byEntry[key].push(i);
    }
    return {
      kinds: this.#kinds.join(''),
      parents: this.#parents,
      ids: this.#ids,
      names: this.#names,
      states: this.#states,
      strict: this.#strict,
      nonStrict: this.#nonStrict,
      texts: [...this.#texts.keys()],
      pending: this.#pending,
      damaged: this.#damaged,
      findings: byEntry,
      blocks: this.#ats.map(({ block }) => block),
      places: this.#ats.map(({ place }) => place),
      updates: this.#updates,
      more: this.#more,
      span: this.#span,
    };
  }

  #add(row: Row): number {
    const number = this.#ids.length;
    this.#kinds.push(row.kind);
    this.#parents.push(row.parent);
    this.#ids.push(row.id);
    this.#names.push(row.name === undefined || row.name === row.id || row.name === '' ? null : row.name);
    this.#states.push(this.#text(row.state));
    this.#strict.push(this.#text(row.strict));
    this.#nonStrict.push(this.#text(row.nonStrict));
    this.#pending.push(row.pending ?? 0);
    this.#damaged.push(row.damaged);
    this.#ats.push(row.at ?? NOWHERE);
    this.#byPath.set(row.path, number);
    return number;
  }

  #text(text: string | undefined): number {
    if (text === undefined) return -1;
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, this.#texts.size);
    return this.#texts.size - 1;
  }
}
