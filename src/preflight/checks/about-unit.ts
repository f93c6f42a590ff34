import type { AgentUnit } from '../../host/flags/agent-flags.ts';
import type { Directive } from '../../host/systemd/unit-file.ts';
import type { Withheld } from '../../host/systemd/withheld.ts';
import { about, ok, type Row, type Subject } from './check.ts';

/** What makes a unit known that was not. */
export const UNIT_VISIBILITY = 'Run this where the agent is installed.';

/** A check of the unit's settings: all well where there is none. */
export const aboutUnit =
  (judge: (unit: AgentUnit, subject: Subject) => readonly Row[]) =>
  (subject: Subject): readonly Row[] =>
    about(subject.facts.systemd.unit, (unit) =>
      unit === undefined ? [ok('no unit of systemd starts the agent')] : judge(unit, subject),
    );

/** A span in systemd's notation, in seconds, where it is a simple one. */
export const secondsOf = (text: string): number | undefined => {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|sec|m|min|h)?$/.exec(text);
  const unit = { ms: 0.001, s: 1, sec: 1, m: 60, min: 60, h: 3600 }[match?.[2] ?? 's'] ?? 1;
  return match === null ? undefined : Number(match[1]) * unit;
};

/** What a unit does to a path, a clause. */
export const keepsText = ({ directive, isHidden }: Withheld, path: string): string =>
  `${directive.key}=${directive.value} ${isHidden ? 'hides' : 'makes read-only'} ${path} for the agent`;

/** What to do with a line of a unit. */
export const takeOut = ({ key }: Directive): string => `Take ${key}= out of the unit, and run systemctl daemon-reload.`;
