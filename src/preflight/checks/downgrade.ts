import { compareVersions, isSupported, knownVersion, type Version, versionText } from '../../agent/version.ts';
import type { Checkpoint } from '../../checkpoint/model.ts';
import { ifKnown } from '../../host/known.ts';
import { SUPPORTED } from '../../host/versions.ts';
import { rulesOf } from '../../recovery/versions.ts';
import { count } from '../../text/words.ts';
import type { Facts } from '../facts/facts.ts';
import { about, dontKnow, fail, ok, type PreflightCheck, type Row, warn } from './check.ts';

/** What a downgrade loses. */
export const downgrade: PreflightCheck<'downgrade'> = {
  code: 'downgrade',
  title: 'The older version understands this checkpoint',
  explanation:
    'A version cannot read what came after it: refined reservations cannot go below 1.4.0, resource providers below 1.5.0, resources_and_operations.state with its operations below 1.8.0, a pending .target and a drain below 1.9.0. Most of it is ignored silently.',
  remedy:
    'Before the downgrade, with the newer agent: let frameworks unreserve what is refined and acknowledge their operations, and reactivate an agent that drains. A copy of meta that was made before the upgrade is the way back to what it was.',
  visibility: 'Say with --from which version wrote the checkpoint, and with --to which one will start.',
  judge: ({ facts }) => {
    const { from, to } = facts;
    if (from === undefined) return [dontKnow('which version wrote the checkpoint is not known')];
    if (compareVersions(to.version, from.version) >= 0) return [ok('this is not a downgrade')];
    if (!isSupported(from.version)) {
      return [dontKnow(`what ${versionText(from.version)} writes is not known`, undefined, SUPPORTED)];
    }
    if (isBelow(to.version, '1.4.0'))
      return [
        fail(
          `${versionText(to.version)} cannot read reservations as ${versionText(from.version)} writes them, wherever they are refined`,
        ),
      ];
    return about(facts.checkpoint, ({ verification }) => {
      const rows = losses(facts, verification.checkpoint, to.version, verification.home);
      return rows.length > 0 ? rows : [ok(`nothing here is newer than ${versionText(to.version)}`)];
    });
  },
};

const isBelow = (version: Version, bound: string): boolean => compareVersions(version, knownVersion(bound)) < 0;

const losses = (
  facts: Facts,
  { resources, agent, devices, volumeGids }: Checkpoint,
  to: Version,
  home: string,
): readonly Row[] => {
  const rules = rulesOf(to);
  const rows: Row[] = [];
  const folder = `${home}/meta/resources`;
  const operations = resources.state.kind === 'whole' ? resources.state.value.operations.length : 0;
  if (!rules.stateIsRead && resources.state.kind !== 'absent') {
    const text = operations > 0 ? `, and ${count(operations, 'operation')} forgotten` : '';
    const isCovered = resources.info.kind !== 'absent';
    rows.push(
      isCovered
        ? warn(`resources.info is read instead of .state${text}`, folder)
        : fail(`.state is not read, and there is no resources.info: every reservation and volume is forgotten`, folder),
    );
  }
  if (!rules.stateTargetIsRead && resources.stateTarget.kind !== 'absent') {
    rows.push(
      warn(
        'resources_and_operations.target is not read: the pending change is taken from resources.target alone',
        folder,
      ),
    );
  }
  if (!rules.drainIsRead && agent !== undefined && agent.drain.kind !== 'absent') {
    rows.push(warn('drain.config is not read: the agent takes new tasks', `${home}/${agent.path}`));
  }
  if (!rules.operationsAreRead && volumeGids.kind !== 'absent')
    rows.push(warn('volume_gids is not read: gids are given twice', `${home}/meta`));
  if (!rules.devicesAreRead && devices.kind !== 'absent') rows.push(warn('device.state is not read', `${home}/meta`));
  const providers = ifKnown(facts.state?.resourceProviders ?? { known: true as const, value: [] })?.length ?? 0;
  if (isBelow(to, '1.5.0') && providers > 0) {
    rows.push(
      fail(
        `${count(providers, 'resource provider')} of this agent are not known to ${versionText(to)}`,
        `${home}/meta`,
      ),
    );
  }
  return rows;
};
