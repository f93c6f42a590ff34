import { compareVersions, isSupported, versionText } from '../../agent/version.ts';
import { SUPPORTED } from '../../host/versions.ts';
import { ruleChanges, rulesOf } from '../../recovery/versions.ts';
import { dontKnow, ok, type PreflightCheck } from './check.ts';

/** What the version that starts reads differently. */
export const versionChanges: PreflightCheck<'version-changes'> = {
  code: 'version-changes',
  title: 'What the new version reads differently is known',
  explanation:
    'Versions differ in what they read of a checkpoint, and in what ends their start. Each rule that differs between the version that wrote it and the one that will start is named. What it means for this checkpoint, the simulation has taken into account.',
  remedy: 'Nothing: these are listed so that a surprise has a name.',
  visibility: 'Say with --from which version wrote the checkpoint, and with --to which one will start.',
  judge: ({ facts: { from, to } }) => {
    if (from === undefined) return [dontKnow('which version wrote the checkpoint is not known')];
    for (const { version } of [from, to]) {
      if (!isSupported(version))
        return [dontKnow(`what ${versionText(version)} reads is not known`, undefined, SUPPORTED)];
    }
    const span = `from ${versionText(from.version)} to ${versionText(to.version)}`;
    if (compareVersions(from.version, to.version) === 0) return [ok(`${versionText(to.version)} stays`)];
    const changes = ruleChanges(rulesOf(from.version), rulesOf(to.version));
    return [ok(`${span}: ${changes.length === 0 ? 'nothing differs' : changes.join('; ')}`)];
  },
};
