import type { ContainerStart, Origin, Refusal, Remark } from './agent-flags.ts';

/** A text that files gave, and why it cannot be known without running something, where it cannot. */
export interface Given {
  /** As the program gets it; as it is written, where `unknown`. */
  readonly value: string;
  readonly origin: Origin;
  readonly unknown: string | undefined;
}

/** A variable of an environment, with what it was set to before. */
export interface Variable extends Given {
  readonly name: string;
  /** Oldest first. */
  readonly overridden: readonly Given[];
}

/** An environment under construction: by name, in the order of first setting. */
export class Environment {
  readonly #variables = new Map<string, Variable>();

  /** Sets a variable; what it was before is kept with it. */
  set(name: string, given: Given): void {
    const before = this.#variables.get(name);
    const { value, origin, unknown } = given;
    this.#variables.set(name, {
      name,
      value,
      origin,
      unknown,
      overridden: before === undefined ? [] : [...before.overridden, before],
    });
  }

  /** Takes a variable away. */
  unset(name: string): void {
    this.#variables.delete(name);
  }

  get(name: string): Variable | undefined {
    return this.#variables.get(name);
  }

  [Symbol.iterator](): Iterator<Variable> {
    return this.#variables.values();
  }

  /** A copy, to be changed apart. */
  copy(): Environment {
    const copy = new Environment();
    for (const [name, variable] of this.#variables) copy.#variables.set(name, variable);
    return copy;
  }
}

/** How the agent is started: what its `main` will be given. */
export interface AgentProcess {
  /** The program's path; undefined where it cannot be told. */
  readonly program: string | undefined;
  /** Behind the program, in order. */
  readonly args: readonly Given[];
  readonly environment: Environment;
  /** What keeps it from being started at all. */
  readonly refusals: readonly Refusal[];
  readonly remarks: readonly Remark[];
  /** The container that it is started in; undefined where it is in none. */
  readonly container?: ContainerStart | undefined;
  /** Whether nothing else can have set a flag: false where something starts the agent that cannot be looked into. */
  readonly isComplete: boolean;
}
