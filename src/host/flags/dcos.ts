import { textOf } from '../../text/lossless.ts';
import { type Host, isUnseen } from '../host.ts';
import { parseEnvironmentFile } from '../systemd/environment-file.ts';
import type { Looked, Remark } from './agent-flags.ts';
import { type AgentProcess, Environment } from './process.ts';

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

/** The file that every agent of DC/OS has. */
const MARK = '/opt/mesosphere/etc/mesos-slave-common';

/**
 * The flags of a DC/OS agent whose unit is not there, as on a copy without `/etc/systemd`. Undefined where it is no agent
 * of DC/OS.
 */
export const readDcosFiles = (
  host: Host,
): { readonly agent: AgentProcess; readonly looked: readonly Looked[] } | undefined => {
  if (host.stat(MARK) === undefined) return undefined;
  const environment = new Environment();
  const looked: Looked[] = [];
  const remarks: Remark[] = [
    { text: 'no unit of DC/OS is there: the files that its units usually read are taken', origin: undefined },
  ];
  for (const place of ENVIRONMENT_FILES) {
    const bytes = host.read(place);
    const isRead = bytes !== undefined && !isUnseen(bytes);
    looked.push({ place, outcome: isRead ? 'read' : bytes === undefined ? 'absent' : 'unseen' });
    if (!isRead) continue;
    for (const { name, value, line } of parseEnvironmentFile(textOf(bytes)).assignments) {
      environment.set(name, { value, origin: { place, line }, unknown: undefined });
    }
  }
  const agent = { program: undefined, args: [], environment, refusals: [], remarks, isComplete: false };
  return { agent, looked };
};
