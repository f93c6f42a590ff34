import { type Host, namesAt } from '../host.ts';
import { startOf, type UnitCommand } from './service.ts';
import { UNIT_FOLDERS } from './services.ts';
import { readUnit, type Unit } from './unit.ts';
import { lastDirective } from './unit-file.ts';

/** Dependencies by which systemd starts another unit along with one. */
const DEPENDENCIES = ['Requires', 'Wants', 'BindsTo', 'Upholds'];

/**
 * What is run by services that systemd starts along with a unit: those that it names, and those in its folder of wants. One
 * that stays active once it was run is not run again with each start of the unit.
 */
export const commandsPulledIn = (host: Host, unit: Unit): readonly UnitCommand[] =>
  namesPulledIn(host, unit).flatMap((name) => {
    const other = readUnit(host, name);
    if (other === undefined || other.masked !== undefined) return [];
    const { commands, environment } = startOf(host, other);
    const doubt = isRunEachTime(other) ? undefined : `${name} is not started again while it is active`;
    return commands.map((command) => ({ ...command, isMain: false, environment, doubt, isOfOther: true }));
  });

const namesPulledIn = (host: Host, { name, directives }: Unit): readonly string[] => {
  // An empty assignment takes no dependency back.
  const named = directives
    .filter(({ section, key }) => section === 'Unit' && DEPENDENCIES.includes(key))
    .flatMap(({ value }) => value.split(/\s+/));
  const linked = UNIT_FOLDERS.flatMap((folder) =>
    ['wants', 'requires', 'upholds'].flatMap((kind) => namesAt(host, `${folder}/${name}.${kind}`)),
  );
  return [...new Set([...named, ...linked])].filter((each) => each.endsWith('.service') && each !== name);
};

/** A service that is over when its commands are, and is started anew whenever something asks for it. */
const isRunEachTime = ({ directives }: Unit): boolean =>
  lastDirective(directives, 'Service', 'Type')?.value === 'oneshot' &&
  !/^(?:1|yes|y|true|t|on)$/i.test(lastDirective(directives, 'Service', 'RemainAfterExit')?.value ?? '');
