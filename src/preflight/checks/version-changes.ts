import { compareVersions, isSupported, versionText } from '../../agent/version.ts';
import { SUPPORTED } from '../../host/versions.ts';
import { type Rules, rulesOf } from '../../recovery/versions.ts';
import { dontKnow, ok, type PreflightCheck } from './check.ts';

/** What a rule means where the version that starts has it, and where it does not, unlike the one before. */
const TEXTS: Readonly<Record<keyof Rules, readonly [gained: string, lost: string]>> = {
  danglingRunIsNoted: ['a runs/latest that leads nowhere is noted', 'a runs/latest that leads nowhere ends the start'],
  generatedIsRead: [
    'executor_generated_for_command_task is read; where it is not there, the agent guesses by name and command',
    'executor_generated_for_command_task is not read: the agent guesses by name and command',
  ],
  stateTargetIsRead: [
    'resources_and_operations.target is read; a lone resources.target without .state makes the agent refuse for ever',
    'resources_and_operations.target is not read',
  ],
  drainIsRead: ['drain.config is read', 'drain.config is not read: a drain is forgotten'],
  stateIsRead: [
    'resources and operations are in resources_and_operations.state; resources.info is read where that is not there',
    'resources_and_operations.state is not read: resources.info counts, and operations are forgotten',
  ],
  operationsAreRead: ['volume_gids and operations/ are read', 'volume_gids and operations/ are not read'],
  rebootForgetsPids: [
    'after a reboot forked.pid is removed, and no pid is believed',
    'after a reboot pids are believed, whoever has them now',
  ],
  resourcesAreLogs: [
    'a torn resources.info is cut like a log, in silence',
    'a torn resources.info is an error, and no longer cut in silence',
  ],
  devicesAreRead: ['device.state is read', 'device.state is not read'],
  uuidTextEndsAtItsEnd: [
    'a folder of operations/ with text behind its uuid ends the start',
    'text behind the uuid of a folder of operations/ is ignored',
  ],
  openingIsNamed: [
    "the log says 'Failed to open file' of a text file that does not open",
    'the log says the cause alone of a text file that does not open',
  ],
  dockerRefusesDuplicatePids: [
    'docker executors with one pid make the agent refuse',
    'docker executors with one pid no longer make the agent refuse',
  ],
};

/** What the version that starts reads differently. */
export const versionChanges: PreflightCheck<'version-changes'> = {
  code: 'version-changes',
  title: 'What the new version reads differently is known',
  explanation:
    'Versions differ in what they read of a checkpoint, and in what ends their start. Each rule that differs between the version that wrote it and the one that will start is named. What it means for this checkpoint, the simulation has taken into account.',
  remedy: 'Nothing: these are told so that a surprise has a name.',
  visibility: 'Say with --from which version wrote the checkpoint, and with --to which one will start.',
  judge: ({ facts: { from, to } }) => {
    if (from === undefined) return [dontKnow('which version wrote the checkpoint is not known')];
    for (const { version } of [from, to]) {
      if (!isSupported(version))
        return [dontKnow(`what ${versionText(version)} reads is not known`, undefined, SUPPORTED)];
    }
    const span = `from ${versionText(from.version)} to ${versionText(to.version)}`;
    if (compareVersions(from.version, to.version) === 0) return [ok(`${versionText(to.version)} stays`)];
    const [before, after] = [rulesOf(from.version), rulesOf(to.version)];
    const changes = (Object.keys(TEXTS) as (keyof Rules)[])
      .filter((rule) => before[rule] !== after[rule])
      .map((rule) => TEXTS[rule][after[rule] ? 0 : 1]);
    return [ok(`${span}: ${changes.length === 0 ? 'nothing differs' : changes.join('; ')}`)];
  },
};
