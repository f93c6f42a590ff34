import { Environment } from '../../agent/flags/environment.ts';
import type { Remark } from '../../agent/flags/origin.ts';
import { type Host, type Looked, lookAt } from '../host.ts';
import { parseEnvironmentFile } from '../systemd/environment-file.ts';
import type { AgentProcess } from './agent-process.ts';
import { DCOS_MARK } from './signs.ts';

/** What the units of DC/OS read, in their order. */
const ENVIRONMENT_FILES = [
  '/opt/mesosphere/environment',
  '/opt/mesosphere/etc/mesos-slave-common',
  '/opt/mesosphere/etc/mesos-slave',
  '/opt/mesosphere/etc/proxy.env',
  '/opt/mesosphere/etc/mesos-slave-common-extras',
  '/var/lib/dcos/mesos-slave-common',
  '/var/lib/dcos/mesos-resources',
  '/run/dcos/etc/mesos-slave',
  '/etc/mesosphere/mesos/agent.env',
];

/**
 * The flags of a DC/OS agent whose unit is not there, as on a copy without `/etc/systemd`. Undefined where it is no agent
 * of DC/OS.
 */
export const readDcosFiles = (
  host: Host,
): { readonly agent: AgentProcess; readonly looked: readonly Looked[] } | undefined => {
  if (host.stat(DCOS_MARK) === undefined) return undefined;
  const environment = new Environment();
  const looked: Looked[] = [];
  const remarks: Remark[] = [
    { text: 'no unit of DC/OS is there: the files that its units usually read are taken', origin: undefined },
  ];
  for (const place of ENVIRONMENT_FILES) {
    for (const { name, value, line } of parseEnvironmentFile(lookAt(host, place, looked) ?? '').assignments) {
      environment.set(name, { value, origin: { place, line }, unknown: undefined });
    }
  }
  return { agent: { program: undefined, args: [], environment, refusals: [], remarks, isComplete: false }, looked };
};
