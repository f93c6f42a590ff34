import type { Checkpoint } from '../../checkpoint/model.ts';
import type { Finding } from '../../findings/finding.ts';
import { fileIn } from '../../layout/kinds.ts';

/**
 * What a finding is about besides its own path, where that is another framework: its framework.info holds the id of that
 * one. What becomes of either decides on the finding.
 */
export class Rivals {
  readonly #model: Checkpoint;
  #byPath: ReadonlyMap<string, string> | undefined;

  constructor(model: Checkpoint) {
    this.#model = model;
  }

  /** The path of the other framework.info; undefined where a finding is about its own path alone. */
  of({ code, path }: Finding): string | undefined {
    if (code !== 'framework-id-taken') return undefined;
    this.#byPath ??= rivalsIn(this.#model);
    return this.#byPath.get(path);
  }

  /**
   * The same findings, each behind the one about what it depends on: of frameworks that hold each other's ids every
   * second one can stay.
   */
  ordered(findings: readonly Finding[]): readonly Finding[] {
    const waiting = new Map(
      findings.flatMap((each) => (this.of(each) === undefined ? [] : [[each.path, each] as const])),
    );
    if (waiting.size < 2) return findings;
    return findings.flatMap((finding) => {
      if (this.of(finding) === undefined) return [finding];
      const chain: Finding[] = [];
      for (let at: Finding | undefined = waiting.get(finding.path); at !== undefined; ) {
        waiting.delete(at.path);
        chain.push(at);
        at = waiting.get(this.of(at) ?? '');
      }
      return chain.reverse();
    });
  }
}

const rivalsIn = ({ agent }: Checkpoint): ReadonlyMap<string, string> => {
  const frameworks = agent?.frameworks ?? [];
  const paths = new Map(frameworks.map(({ id, path }) => [id, fileIn(path, 'framework.info')]));
  return new Map(
    frameworks.flatMap(({ id, path, info }) => {
      const own = info.kind === 'whole' ? (info.value.id?.value ?? id) : id;
      const other = own === id ? undefined : paths.get(own);
      return other === undefined ? [] : [[fileIn(path, 'framework.info'), other] as const];
    }),
  );
};
