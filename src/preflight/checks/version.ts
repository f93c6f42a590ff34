import { isSupported, versionText } from '../../agent/version.ts';
import { ifKnown } from '../../host/known.ts';
import { SUPPORTED } from '../../host/versions.ts';
import { listed } from '../../text/words.ts';
import { dontKnow, endsStart, ok, type PreflightCheck, warn } from './check.ts';

/** Which version starts. */
export const version: PreflightCheck<'version'> = {
  code: 'version',
  title: 'The version that will start is known',
  explanation:
    'What the agent does with its checkpoint differs between versions. The version that will start is --to, or the one that is installed, which a package database, the name of libmesos or the path of the binary tells. Where an agent runs, what it has in its memory tells which version wrote the checkpoint. A program that is linked with a library that is gone, as after an update of the system, does not start at all; what libmesos itself is linked with is not looked at.',
  remedy:
    'Finish the installation, so that one version is left. Where several have to stay, name the one that will start with --to.',
  visibility:
    'Say with --to which version will start, and with --from which one runs. rpm -q mesos or dpkg -s mesos tells.',
  judge: ({ facts }) => {
    const { to, from, versions, missingLibraries: missing } = facts;
    // What --to names may be installed yet.
    if (missing !== undefined && missing.names.length > 0 && to.origin !== '--to') {
      return [
        endsStart(
          `${missing.program} is linked with ${listed(missing.names)}, which the loader does not find here`,
          missing.program,
          'Install what brings it, or a package of Mesos that is built for this system; ldd of the program tells.',
        ),
      ];
    }
    const { installed } = versions;
    const texts = [...new Set(installed.map((each) => versionText(each.version)))];
    const fromText = from === undefined ? '' : `, ${versionText(from.version)} wrote the checkpoint (${from.origin})`;
    if (!isSupported(to.version)) {
      return [
        dontKnow(
          `${versionText(to.version)} will start (${to.origin}), whose recovery is not simulated`,
          undefined,
          SUPPORTED,
        ),
      ];
    }
    if (texts.length > 1 && to.origin !== '--to') {
      return [
        warn(
          `half an upgrade: ${installed.map((each) => `${each.text} (${each.place})`).join(', ')}`,
          undefined,
          'Finish the installation. Where several versions have to stay, name the one that will start with --to.',
        ),
      ];
    }
    if (to.origin === undefined) {
      const unread = versions.unread.length === 0 ? '' : `; ${versions.unread.join(', ')} is not read`;
      const running = ifKnown(versions.running);
      const isRunning = running !== undefined && versionText(running.version) === versionText(to.version);
      const assumed = `${versionText(to.version)}${isRunning ? `, which runs now (${running.place}),` : ''} is assumed`;
      return [dontKnow(`nothing tells the version that will start, so ${assumed}${unread}`)];
    }
    return [ok(`${versionText(to.version)} will start (${to.origin})${fromText}`)];
  },
};
