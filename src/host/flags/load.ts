import type { Version } from '../../agent/version.ts';
import type { AgentFlag, Origin, Refusal, Remark } from './agent-flags.ts';
import { definitionsOf, type FlagDefinition } from './definitions.ts';
import { problemOf, type ReadText } from './notation/value.ts';
import { compareText } from './order.ts';
import type { Environment, Given } from './process.ts';
import { bareName, type CommandLine, isNegated, readArguments, readEnvironment, type Setting } from './settings.ts';
import { validateFlags } from './validate.ts';

/** What an agent's `main` is given, and what is laid over it. */
export interface LoadInput {
  readonly environment: Environment;
  readonly args: readonly Given[];
  /** Flags that the operator supposes: each replaces what set the same flag. */
  readonly supposed: readonly Given[];
  /** Flags that are known otherwise: each counts where nothing else set the same flag, or its value is unknown. */
  readonly fallback: readonly Setting[];
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
  readonly remarks: readonly Remark[];
}

/**
 * Loads flags as the agent does from its environment and command line. Mirrors `FlagsBase::load` of stout, and what the
 * agent's `main` then checks; where the agent stops at the first error, this goes on.
 */
export const loadFlags = (input: LoadInput): LoadedFlags => {
  const known = definitionsOf(input.version);
  const commandLine = readArguments(input.args);
  const fromEnvironment = readEnvironment(input.environment, known);
  const supposed = readArguments(input.supposed);
  const inForce = layer(known, commandLine, fromEnvironment.settings, supposed, input.fallback);
  const loader = new Loader(known, input.read);
  for (const each of inForce) loader.load(each);
  return {
    flags: loader.flags,
    refusals: [...loader.refusals, ...validateFlags(loader.flags, known, input.read, input.isComplete)],
    remarks: [
      ...[...commandLine.ignored, ...supposed.ignored].map(passedOver),
      ...fromEnvironment.ignored.map(({ name, given }) => ({
        text: `${name} is no flag of this version: the agent passes over it`,
        origin: given.origin,
      })),
    ],
  };
};

const passedOver = (given: Given): Remark => ({
  text: `'${given.value}' is no flag: the agent passes over it; a value follows its flag behind '='`,
  origin: given.origin,
});

/** A setting that counts, with those that it stands in for. */
interface InForce {
  readonly setting: Setting;
  readonly overridden: readonly { readonly value: string; readonly origin: Origin }[];
}

const canonical = (known: ReadonlyMap<string, FlagDefinition>, name: string): string =>
  known.get(bareName(name))?.name ?? bareName(name);

/** The settings in the agent's order: by name as spelled, those of one name in the order in which they are given. */
const layer = (
  known: ReadonlyMap<string, FlagDefinition>,
  { settings }: CommandLine,
  environment: readonly Setting[],
  supposed: CommandLine,
  fallback: readonly Setting[],
): readonly InForce[] => {
  const spelled = new Set(settings.map(({ name }) => name));
  // The agent compares the names as they are spelled: `--no-strict` does not override `MESOS_STRICT`, it contradicts it.
  const behind = new Map(environment.filter(({ name }) => spelled.has(name)).map((each) => [each.name, each]));
  let all: InForce[] = [
    ...settings.map((setting) => ({ setting, overridden: historyOf(behind.get(setting.name)) })),
    ...environment
      .filter(({ name }) => !spelled.has(name))
      .map((setting) => ({ setting, overridden: fingerprintOf(setting) })),
  ];
  const replaced = new Set(supposed.settings.map(({ name }) => canonical(known, name)));
  const isReplaced = ({ setting }: InForce): boolean => replaced.has(canonical(known, setting.name));
  const under = all.filter(isReplaced);
  all = [
    ...all.filter((each) => !isReplaced(each)),
    ...supposed.settings.map((setting) => {
      const same = under.filter((each) => canonical(known, each.setting.name) === canonical(known, setting.name));
      return { setting, overridden: same.flatMap(wholeHistory) };
    }),
  ];
  for (const setting of fallback) all = withFallback(known, all, setting);
  return all.sort((a, b) => compareText(a.setting.name, b.setting.name));
};

/** A setting that is known otherwise steps in for what is not set, or not known. */
const withFallback = (
  known: ReadonlyMap<string, FlagDefinition>,
  all: readonly InForce[],
  setting: Setting,
): InForce[] => {
  const name = canonical(known, setting.name);
  const same = all.filter((each) => canonical(known, each.setting.name) === name);
  if (same.some((each) => each.setting.given.unknown === undefined)) return [...all];
  return [...all.filter((each) => !same.includes(each)), { setting, overridden: same.flatMap(wholeHistory) }];
};

const shown = ({ value, given: { origin } }: Setting, name: string): { value: string; origin: Origin } => ({
  value: value ?? (isNegated(name) ? 'false' : 'true'),
  origin,
});

const fingerprintOf = (setting: Setting): { value: string; origin: Origin }[] =>
  setting.before.map(({ value, origin }) => ({ value, origin }));

const historyOf = (setting: Setting | undefined): { value: string; origin: Origin }[] =>
  setting === undefined ? [] : [...fingerprintOf(setting), shown(setting, setting.name)];

const wholeHistory = ({ setting, overridden }: InForce): { value: string; origin: Origin }[] => [
  ...overridden,
  shown(setting, setting.name),
];

class Loader {
  readonly flags = new Map<string, AgentFlag>();
  readonly refusals: Refusal[] = [];
  readonly #known: ReadonlyMap<string, FlagDefinition>;
  readonly #read: ReadText;
  /** By flag, the name that it was loaded by. */
  readonly #loaded = new Map<string, string>();

  constructor(known: ReadonlyMap<string, FlagDefinition>, read: ReadText) {
    this.#known = known;
    this.#read = read;
  }

  load({ setting, overridden }: InForce): void {
    const spelled = bareName(setting.name);
    const definition = this.#known.get(spelled);
    const name = definition?.name ?? spelled;
    const before = this.flags.get(name);
    const { value, problem } = this.#judge(setting, definition);
    const { origin, unknown } = setting.given;
    const duplicate = definition === undefined ? undefined : this.#loaded.get(name);
    const own = duplicate === undefined ? problem : `Flag '${spelled}' is already loaded via name '${duplicate}'`;
    if (own !== undefined) this.refusals.push({ message: own, origin });
    if (definition !== undefined) this.#loaded.set(name, spelled);
    this.flags.set(name, {
      name,
      value,
      origin,
      overridden: before === undefined ? overridden : [...before.overridden, before, ...overridden].map(valueAndOrigin),
      problem: before?.problem ?? own,
      unknown,
      note:
        definition !== undefined && definition.deprecated === spelled && definition.name !== spelled
          ? `'${spelled}' is the deprecated name of '${definition.name}'`
          : undefined,
    });
  }

  #judge(setting: Setting, definition: FlagDefinition | undefined): { value: string; problem: string | undefined } {
    const { name, given } = setting;
    const negated = isNegated(name);
    const flag = bareName(name);
    const value = setting.value ?? (definition === undefined || definition.kind === 'switch' ? String(!negated) : '');
    if (definition === undefined) {
      return { value, problem: `Failed to load unknown flag '${flag}'${negated ? ` via '${name}'` : ''}` };
    }
    if (definition.kind === 'switch') {
      if (setting.value === undefined || setting.value === '') return { value: String(!negated), problem: undefined };
      if (negated && given.unknown === undefined) {
        return { value, problem: `Failed to load boolean flag '${flag}' via '${name}' with value '${value}'` };
      }
      const problem = given.unknown === undefined ? problemOf(definition, flag, value, this.#read) : undefined;
      return { value: problem === undefined ? spelledOut(value) : value, problem };
    }
    if (negated) return { value, problem: `Failed to load non-boolean flag '${flag}' via '${name}'` };
    if (setting.value === undefined) {
      return { value, problem: `Failed to load non-boolean flag '${flag}': Missing value` };
    }
    return {
      value,
      problem: given.unknown === undefined ? problemOf(definition, flag, value, this.#read) : undefined,
    };
  }
}

/** `1` and `0` as the words that they stand for. */
const spelledOut = (value: string): string => (value === '1' ? 'true' : value === '0' ? 'false' : value);

const valueAndOrigin = ({ value, origin }: { value: string; origin: Origin }): { value: string; origin: Origin } => ({
  value,
  origin,
});
