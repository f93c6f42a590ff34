import { compareVersions, knownVersion, versionText } from '../../agent/version.ts';
import { count } from '../../text/words.ts';
import type { Facts } from '../facts/facts.ts';
import { type PreflightCheck, warn } from './check.ts';
import { judgeFiles } from './state-files.ts';

/** The state of resource providers. */
export const providers: PreflightCheck<'providers'> = {
  code: 'providers',
  title: "The resource providers' state can be read",
  explanation:
    'Each local resource provider keeps its resources and operations in resource_provider.state. The agent comes up without one that does not start, and its volumes are then in no offer. 1.6.0 speaks another version of CSI than 1.5 does: storage providers have to be removed before an upgrade over that.',
  remedy:
    'Restore the file from a copy. Without one, move it aside: the provider then asks its plugin for what is there, and forgets reservations and pending operations.',
  visibility: 'Run this as root, where the work_dir is.',
  judge: ({ facts }) =>
    crossesCsi(facts)
      ? [
          warn(
            `${count(providersOf(facts), 'resource provider')} of before 1.6.0, which speaks another CSI: it does not start under ${versionText(facts.to.version)}`,
            `${facts.workDir?.path}/meta`,
            "Remove the storage resource providers with the agent that runs, before the upgrade, as Mesos's notes on upgrades to 1.6 ask for.",
          ),
        ]
      : judgeFiles(facts.state?.resourceProviders, {
          name: "resource provider's state",
          damaged: { verdict: 'warn', text: 'the provider does not start, and its resources are missing' },
          empty: { verdict: 'warn', text: 'the provider forgets its reservations and operations' },
        }),
};

const providersOf = ({ state }: Facts): number =>
  state?.resourceProviders.known === true ? state.resourceProviders.value.length : 0;

/** 1.6.0 took CSI 0.2 in place of 0.1, and reads no state of a storage provider of before. */
const crossesCsi = (facts: Facts): boolean =>
  facts.from !== undefined &&
  compareVersions(facts.from.version, FIRST_WITH_CSI_02) < 0 &&
  compareVersions(facts.to.version, FIRST_WITH_CSI_02) >= 0 &&
  providersOf(facts) > 0;

const FIRST_WITH_CSI_02 = knownVersion('1.6.0');
