import { compareVersions, knownVersion, type Version, versionText } from '../../agent/version.ts';
import { ifKnown } from '../../host/known.ts';
import type { AgentInfoFacts } from '../facts/agent-info.ts';
import type { Facts } from '../facts/facts.ts';
import type { Move } from '../facts/registration.ts';
import { moveText } from '../lives/registration.ts';
import { about, dontKnow, endsStart, fail, notSeen, ok, type PreflightCheck, type Row, warn } from './check.ts';

/** What the masters make of the agent that comes back. */
export const masters: PreflightCheck<'masters'> = {
  code: 'masters',
  title: 'The masters take the agent back',
  explanation:
    'A master that holds the agent as registered, which it does until it has waited 75 seconds for it or has failed over, answers another hostname or IP with a shutdown: the agent then kills every executor. The IP is in no agent info; what the agent that runs, its log and its executors say of it is compared. A domain that is new is ignored by masters that have none, and the agent with it. And after a change that --reconfiguration_policy=additive allows, the agent exits at the first leading master before 1.5.0.',
  remedy:
    'Start the agent under the hostname and IP that it had, with --hostname and --ip. Where they must change, drain the agent before it is stopped.',
  visibility: 'Say with --master-version which version the oldest master has, and run this on the host, as root.',
  judge: ({ facts, lives }) =>
    about(facts.agentInfo, (found) => {
      const rows = [...additiveRows(facts, found), ...domainRows(facts, found), ...orderRows(facts)];
      const isRebooted = facts.scenario === 'reboot' || ifKnown(facts.checkpoint)?.verification.boot.rebooted === true;
      if (!isRebooted) rows.unshift(...moveRows(facts));
      if (rows.length > 0) return rows;
      if (isRebooted) return [ok('after a reboot nothing runs that a master could end')];
      return [sameRow(facts, lives.executors.length)];
    }),
};

const moveRows = ({ registration }: Facts): readonly Row[] => {
  const { hostname, ip, isHeld } = registration;
  const rowOf = (what: string, move: Move | undefined): readonly Row[] => {
    if (move === undefined) return [];
    const text = moveText(what, move);
    const place = move.toPlace;
    if (isHeld === false) {
      const after =
        'the master has it as unreachable by now, unless it limits removals; if it holds it as registered still';
      return [warn(`${text}: ${after}, it answers with a shutdown, and every executor is killed`, place, ASK_MASTER)];
    }
    if (isHeld === undefined || !move.isSure) {
      return [
        dontKnow(`${text}: a master that holds the agent as registered answers with a shutdown`, place, ASK_MASTER),
      ];
    }
    return [
      fail(
        `${text}: the master holds the agent as registered, and answers with a shutdown: every executor is killed`,
        place,
      ),
    ];
  };
  return [...rowOf('hostname', hostname), ...rowOf('IP', ip)];
};

const ASK_MASTER =
  "Look at /slaves of the leading master: as long as the agent's id is among its 'slaves', the agent must not come back like that.";

const domainRows = ({ masterVersion, checkpoint }: Facts, { comparison }: AgentInfoFacts): readonly Row[] => {
  const agent = ifKnown(checkpoint)?.verification.checkpoint.agent;
  const hadNone = agent?.info.kind === 'whole' && agent.info.value.domain === undefined;
  const isSet = comparison.built.info.domain !== undefined;
  const part = comparison.built.parts.find(({ field }) => field === 'domain');
  if (!hadNone || !isSet || part === undefined) return [];
  const locked = masterVersion === undefined || isBelow(masterVersion, '1.5.0');
  const more = locked ? '; masters 1.4.0 to 1.4.3 do so until they fail over, whatever domain it then has' : '';
  return [
    warn(
      `the domain is new: masters that have none ignore the agent, which is then unreachable after 75 seconds${more}`,
      part.from,
      'Give every master a --domain first.',
    ),
  ];
};

/** Whether the agent will want masters from 1.5.0 on: `Slave::recover` asks for AGENT_UPDATE where the infos differ. */
export const isChangedUnderAdditive = ({ checkpoint, settings, agentInfo }: Facts): boolean => {
  const comparison = ifKnown(agentInfo)?.comparison;
  const isRebooted = ifKnown(checkpoint)?.verification.boot.rebooted === true;
  return (
    comparison?.policy === 'additive' &&
    comparison.verdict.kind === 'compatible' &&
    comparison.differences.length > 0 &&
    !isRebooted &&
    settings.recover.value !== 'cleanup'
  );
};

/** `Slave::detected` exits at a leading master without AGENT_UPDATE. */
const additiveRows = (facts: Facts, { comparison }: AgentInfoFacts): readonly Row[] => {
  const { masterVersion } = facts;
  if (!isChangedUnderAdditive(facts)) return [];
  const fields = comparison.differences.map(({ field }) => field).join(' and ');
  const found = `${fields} changed under additive`;
  if (masterVersion === undefined) {
    return [
      dontKnow(
        `${found}: the agent exits at a leading master before 1.5.0`,
        comparison.policyFrom,
        'Say with --master-version which version the oldest master has.',
      ),
    ];
  }
  const version = versionText(masterVersion);
  return isBelow(masterVersion, '1.5.0')
    ? [
        endsStart(
          `${found}: the agent exits when a master of ${version} leads, because it lacks the AGENT_UPDATE capability`,
          comparison.policyFrom,
          'Upgrade all masters to 1.5.0 or later first.',
        ),
      ]
    : [];
};

/** Masters go before agents. */
const orderRows = ({ masterVersion, to }: Facts): readonly Row[] =>
  masterVersion === undefined || compareVersions(minorOf(masterVersion), minorOf(to.version)) >= 0
    ? []
    : [
        warn(
          `the agent will be newer (${versionText(to.version)}) than a master (${versionText(masterVersion)})`,
          undefined,
          'Upgrade all masters first.',
        ),
      ];

const minorOf = ([major, minor]: Version): Version => [major, minor, 0];

const isBelow = (version: Version, bound: string): boolean => compareVersions(version, knownVersion(bound)) < 0;

const sameRow = ({ registration, agentInfo, processes }: Facts, executors: number): Row => {
  const name = ifKnown(agentInfo)?.comparison.built.parts.find(({ field }) => field === 'hostname');
  const { oldIp, hasSameFlags } = registration;
  if (oldIp !== undefined) return ok(`the same hostname, ${name?.text ?? ''}, and IP, ${oldIp.value}`, oldIp.from);
  if (executors === 0) return ok('the same hostname, and no executor that a shutdown could kill');
  if (hasSameFlags) return ok(`the same hostname, ${name?.text ?? ''}, and the same flags of its IP`);
  return processes.known
    ? dontKnow(
        'which IP the agent had is not known',
        undefined,
        'Look at /slaves of the leading master: the IP in the pid of this agent has to be the one that it will have again.',
      )
    : notSeen(processes);
};
