import { compareTexts } from '../../text/lossless.ts';
import type { Version } from '../version.ts';
import { definitionsOf, type FlagDefinition, type FlagDefinitions } from './definitions.ts';
import type { Environment } from './environment.ts';
import type { AgentFlag } from './flag-set.ts';
import { problemOf, type ReadText, unseenValue } from './notation/value.ts';
import type { BuildRefusal, Overridden, Refusal, Remark, TracedText } from './origin.ts';
import { validateFlags } from './rules/rules.ts';
import { bareName, isNegated, readArguments, readEnvironment, type SpelledFlag } from './spelled.ts';

/** What an agent's `main` is given, and what is laid over it. */
export interface LoadInput {
  readonly environment: Environment;
  readonly args: readonly TracedText[];
  /** Flags that the operator supposes: each replaces what set the same flag. */
  readonly supposed: readonly TracedText[];
  /** Flags that are known otherwise: each counts where nothing else set the same flag, or its value is unknown. */
  readonly fallback: readonly SpelledFlag[];
  /** Whether nothing else can set a flag: where it is false, none is missing for sure. */
  readonly isComplete: boolean;
  readonly version: Version;
  /** Reads a file that a value names. */
  readonly read: ReadText;
}

/** What the agent makes of it. */
export interface LoadedFlags {
  readonly flags: ReadonlyMap<string, AgentFlag>;
  /** In the order in which the agent meets them; it says the first, and exits. */
  readonly refusals: readonly Refusal[];
  /** Why it exits where it was built in one way, and not where it was built in another. */
  readonly buildRefusals: readonly BuildRefusal[];
  readonly remarks: readonly Remark[];
}

/**
 * Loads flags as the agent does from its environment and command line. Mirrors `FlagsBase::load` of stout, and what the
 * agent's `main` then checks; where the agent stops at the first error, this goes on.
 */
export const loadFlags = (input: LoadInput): LoadedFlags => {
  const definitions = definitionsOf(input.version);
  const commandLine = readArguments(input.args);
  const environment = readEnvironment(input.environment, definitions);
  const supposed = readArguments(input.supposed);
  const loader = new Loader(definitions, input);
  const layers = new Layers(definitions, commandLine.flags, environment.flags);
  for (const each of layers.under(supposed.flags, input.fallback)) loader.load(each);
  const ruled = validateFlags(loader.flags, input);
  return {
    flags: loader.flags,
    refusals: [...loader.refusals, ...ruled.refusals],
    buildRefusals: [...loader.buildRefusals, ...ruled.buildRefusals],
    remarks: [
      // What is not known may be flags, and is told where it stands.
      ...[...commandLine.ignored, ...supposed.ignored]
        .filter(({ unknown }) => unknown === undefined)
        .map(({ value, origin }) => ({
          text: `'${value}' is not a flag: the agent passes over it; a value follows its flag behind '='`,
          origin,
        })),
      ...environment.ignored.map(({ name, origin }) => ({
        text: `${name} is not a flag of this version: the agent passes over it`,
        origin,
      })),
    ],
  };
};

/** A flag that counts, as it is spelled, with what it stands in for. */
interface InForce {
  readonly spelled: SpelledFlag;
  readonly overridden: readonly Overridden[];
}

/** A flag's own history, and then itself, as what something else stands in for. */
const historyOf = (spelled: SpelledFlag): readonly Overridden[] => [
  ...spelled.before,
  { value: spelled.value ?? String(!isNegated(spelled.name)), origin: spelled.text.origin },
];

/** What sets flags, one layer over the other. */
class Layers {
  readonly #definitions: FlagDefinitions;
  readonly #own: readonly InForce[];

  constructor(definitions: FlagDefinitions, commandLine: readonly SpelledFlag[], environment: readonly SpelledFlag[]) {
    this.#definitions = definitions;
    // The agent compares the names as they are spelled: `--no-strict` does not override `MESOS_STRICT`, it contradicts it.
    const names = new Set(commandLine.map(({ name }) => name));
    const behind = new Map(environment.map((each) => [each.name, each]));
    this.#own = [
      ...commandLine.map((spelled) => {
        const other = behind.get(spelled.name);
        return { spelled, overridden: other === undefined ? [] : historyOf(other) };
      }),
      ...environment.filter(({ name }) => !names.has(name)).map((spelled) => ({ spelled, overridden: spelled.before })),
    ];
  }

  /** What counts, in the agent's order: by name as spelled, those of one name in the order in which they are given. */
  under(supposed: readonly SpelledFlag[], fallback: readonly SpelledFlag[]): readonly InForce[] {
    const replaced = supposed.map((spelled) => ({ spelled, overridden: this.#under(this.#own, spelled) }));
    const names = new Set(supposed.map((spelled) => this.#nameOf(spelled)));
    let all = [...this.#own.filter(({ spelled }) => !names.has(this.#nameOf(spelled))), ...replaced];
    for (const spelled of fallback) {
      const same = all.filter((each) => this.#nameOf(each.spelled) === this.#nameOf(spelled));
      if (same.some((each) => each.spelled.text.unknown === undefined)) continue;
      all = [...all.filter((each) => !same.includes(each)), { spelled, overridden: this.#under(same, spelled) }];
    }
    return all.sort((a, b) => compareTexts(a.spelled.name, b.spelled.name));
  }

  #nameOf({ name }: SpelledFlag): string {
    return this.#definitions.get(bareName(name))?.name ?? bareName(name);
  }

  /** What of some layers a flag that is laid over them stands in for. */
  #under(layers: readonly InForce[], over: SpelledFlag): readonly Overridden[] {
    return layers
      .filter(({ spelled }) => this.#nameOf(spelled) === this.#nameOf(over))
      .flatMap(({ spelled, overridden }) => [...overridden, ...historyOf(spelled).slice(-1)]);
  }
}

class Loader {
  readonly flags = new Map<string, AgentFlag>();
  readonly refusals: Refusal[] = [];
  readonly buildRefusals: BuildRefusal[] = [];
  readonly #definitions: FlagDefinitions;
  readonly #input: Pick<LoadInput, 'version' | 'read'>;
  /** By flag, the name that it was loaded by. */
  readonly #loaded = new Map<string, string>();

  constructor(definitions: FlagDefinitions, input: Pick<LoadInput, 'version' | 'read'>) {
    this.#definitions = definitions;
    this.#input = input;
  }

  load({ spelled, overridden }: InForce): void {
    const own = bareName(spelled.name);
    const definition = this.#definitions.get(own);
    const name = definition?.name ?? own;
    const before = this.flags.get(name);
    const loaded = this.#judge(spelled, definition);
    const { origin } = spelled.text;
    const duplicate = definition === undefined ? undefined : this.#loaded.get(name);
    const problem =
      duplicate === undefined ? loaded.problem : `Flag '${own}' is already loaded via name '${duplicate}'`;
    this.#refuse(problem, spelled, definition);
    if (definition !== undefined) this.#loaded.set(name, own);
    this.flags.set(name, {
      name,
      value: loaded.value,
      origin,
      isVariable: spelled.isVariable,
      overridden: before === undefined ? overridden : [...before.overridden, before, ...overridden],
      problem: before?.problem ?? problem,
      unknown: loaded.unknown,
      note:
        definition !== undefined && definition.deprecated === own && definition.name !== own
          ? `'${own}' is the deprecated name of '${definition.name}'`
          : undefined,
    });
  }

  /** A flag that some builds alone have: the others refuse it on a command line, and pass over it in the environment. */
  #refuse(problem: string | undefined, spelled: SpelledFlag, definition: FlagDefinition | undefined): void {
    const { origin } = spelled.text;
    const option = definition?.build;
    const flag = bareName(spelled.name);
    if (option === undefined || (problem !== undefined && !spelled.isVariable)) {
      if (problem !== undefined) this.refusals.push({ message: problem, origin });
    } else if (problem !== undefined) {
      this.buildRefusals.push({ message: problem, origin, flag, option, isWith: true });
    } else if (!spelled.isVariable) {
      this.buildRefusals.push({ message: unknownFlag(spelled.name), origin, flag, option, isWith: false });
    }
  }

  /** The value as the agent has it, and why it refuses it. */
  #judge(spelled: SpelledFlag, definition: FlagDefinition | undefined): Judged {
    const { name, text } = spelled;
    const negated = isNegated(name);
    const flag = bareName(name);
    const isSwitch = definition === undefined || definition.kind === 'switch';
    const value = spelled.value ?? (isSwitch ? String(!negated) : '');
    const because = (problem: string): Judged => ({ value, problem, unknown: text.unknown });
    if (definition === undefined) return because(unknownFlag(name));
    const isEmpty = spelled.value === undefined || spelled.value === '';
    if (isSwitch && isEmpty) return { value: String(!negated), problem: undefined, unknown: text.unknown };
    if (!isSwitch && negated) return because(`Failed to load non-boolean flag '${flag}' via '${name}'`);
    if (!isSwitch && spelled.value === undefined) {
      return because(`Failed to load non-boolean flag '${flag}': Missing value`);
    }
    const unknown = text.unknown ?? unseenValue(definition.kind, value, this.#input.read);
    if (unknown !== undefined) return { value: isSwitch ? spelledOut(value) : value, problem: undefined, unknown };
    if (negated) return because(`Failed to load boolean flag '${flag}' via '${name}' with value '${value}'`);
    const problem = problemOf(definition, flag, value, this.#input);
    return { value: isSwitch && problem === undefined ? spelledOut(value) : value, problem, unknown };
  }
}

/** What a flag comes to by itself. */
interface Judged {
  readonly value: string;
  readonly problem: string | undefined;
  readonly unknown: string | undefined;
}

const unknownFlag = (name: string): string =>
  `Failed to load unknown flag '${bareName(name)}'${isNegated(name) ? ` via '${name}'` : ''}`;

/** `1` and `0` as the words that they stand for. */
const spelledOut = (value: string): string => (value === '1' ? 'true' : value === '0' ? 'false' : value);
