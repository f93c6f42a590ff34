import type { AgentFlag } from '../../agent/flags/flag-set.ts';
import type { Origin } from '../../agent/flags/origin.ts';
import type { AgentFlags } from '../../host/flags/agent-flags.ts';
import { withoutSecrets } from './flags-secrets.ts';

/** The flags of an agent, as the object that the JSON of `preflight` has them in. */
export const flagsJson = (agent: AgentFlags, options: { readonly showSecrets: boolean }): object => {
  const safe = (name: string, value: string): string => (options.showSecrets ? value : withoutSecrets(name, value));
  return {
    distribution: agent.distribution,
    known: agent.isKnown,
    complete: agent.isComplete,
    unit:
      agent.unit === undefined
        ? null
        : { name: agent.unit.name, files: agent.unit.files, masked: agent.unit.masked ?? null },
    program: agent.program ?? null,
    flags: [...agent.flags.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map((flag) => flagJson(flag, safe)),
    refusals: agent.refusals.map(({ message, origin }) => ({ message: safe('', message), origin: originJson(origin) })),
    remarks: agent.remarks.map(({ text, origin }) => ({ text: safe('', text), origin: originJson(origin) })),
    looked: agent.looked,
    running:
      agent.running === undefined
        ? null
        : {
            pid: agent.running.pid,
            program: agent.running.program,
            differences: agent.running.differences.map(({ name, now, next }) => ({
              name,
              now: now === undefined ? null : safe(name, now),
              next: next === undefined ? null : safe(name, next),
            })),
          },
  };
};

const flagJson = (flag: AgentFlag, safe: (name: string, value: string) => string): object => ({
  name: flag.name,
  value: safe(flag.name, flag.value),
  origin: originJson(flag.origin),
  overridden: flag.overridden.map(({ value, origin }) => ({
    value: safe(flag.name, value),
    origin: originJson(origin),
  })),
  problem: flag.problem === undefined ? null : safe(flag.name, flag.problem),
  unknown: flag.unknown ?? null,
  note: flag.note ?? null,
});

const originJson = (origin: Origin | undefined): object | null =>
  origin === undefined ? null : { place: origin.place, line: origin.line ?? null };
