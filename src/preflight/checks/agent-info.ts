import { SUPPOSED } from '../../agent/flags/origin.ts';
import { unsureParts } from '../../agent/info/built.ts';
import type { AgentInfoComparison, FieldDifference } from '../../agent/info/compare.ts';
import { plainest, type Remedy } from '../../agent/info/remedies.ts';
import { compareVersions, LATEST_RELEASE, versionText } from '../../agent/version.ts';
import type { AgentFlags } from '../../host/flags/agent-flags.ts';
import { ifKnown } from '../../host/known.ts';
import { shellWord } from '../../text/shell.ts';
import { some } from '../../text/words.ts';
import type { LostAgentInfo } from '../facts/agent-info.ts';
import type { Facts } from '../facts/facts.ts';
import { about, dontKnow, fail, ok, type PreflightCheck, type Row } from './check.ts';

/** Whether the agent is still who it was. */
export const agentInfo: PreflightCheck<'agent-info'> = {
  code: 'agent-info',
  title: 'The agent info fits the checkpointed one',
  explanation:
    'From its flags and its host the agent builds its info (hostname, port, resources, attributes, domain), and compares it with the checkpointed one: with --reconfiguration_policy=equal every difference makes it refuse; with additive (from 1.5.0 on) resources and attributes may be added, and a domain set. Resources that no flag names are detected, so a disk that was grown or memory that was added is a difference. From 1.5.0 on it is compared with --recover=cleanup too. After a reboot an agent that would refuse becomes a new agent instead. Where the old values cannot be kept, mesos-ckpt prune --adopt changes slave.info for the agent, as far as its master and what is reserved allow it.',
  remedy:
    'Start the agent with the flags that it had. Where something was added on purpose, start it with --reconfiguration_policy=additive (from 1.5.0 on).',
  visibility: 'Run this on the host itself, as root, or give the flags behind --: only there can it be detected.',
  judge: ({ facts }) => {
    const { lostAgentInfo, workDir } = facts;
    if (lostAgentInfo !== undefined) return [lost(lostAgentInfo, workDir?.path ?? '')];
    return about(facts.agentInfo, ({ comparison }) => {
      const refused = comparison.built.refusals.map(({ message, from }) =>
        fail(`the agent does not start: ${message}`, from, 'Correct the flag at the place that is named.'),
      );
      return refused.length > 0 ? refused : judge(facts, comparison);
    });
  },
};

/** The greatest loss: nothing tells the agent who it was, unless its flags do. */
const lost = ({ path, rebuilt }: LostAgentInfo, workDir: string): Row => {
  const found = 'slave.info tells nothing: without it the agent is a new one, and every task is lost';
  const place = `${workDir}/${path}`;
  if (!rebuilt.ok) return fail(found, place, `It could be rebuilt from the flags, but ${rebuilt.why}.`);
  return {
    ...fail(
      found,
      place,
      `Rebuild it from the flags with mesos-ckpt prune --salvage --allow-suspect: ${rebuilt.explanation.slice(1).join('; ')}.`,
    ),
    command: ['mesos-ckpt', 'prune', workDir, '--salvage', '--allow-suspect'],
  };
};

const judge = (facts: Facts, comparison: AgentInfoComparison): readonly Row[] => {
  const { verdict, differences, policy, policyFrom } = comparison;
  const name = policy === undefined ? `an unknown policy (${policyFrom})` : `policy ${policy} (${policyFrom})`;
  if (verdict.kind === 'compatible') {
    const free = [...new Set(unsureParts(comparison.built).map(({ field }) => field))];
    const known = differences.filter(({ field }) => !free.includes(field)).map(differenceText);
    const whatever = free.map((field) => `${field}: not known, was not set, and may be anything`);
    return known.length + whatever.length === 0
      ? [ok(`the same; ${name}`)]
      : [ok(`${name} allows what differs: ${[...known, ...whatever].join('; ')}`)];
  }
  const texts = [remedyText(comparison.remedies), adoptText(facts, comparison)].filter((text) => text !== undefined);
  const todo = texts.length === 0 ? undefined : texts.join(' ');
  if (verdict.kind === 'unknown') {
    const because = verdict.because.map(({ field, why, from }) => `${field}: ${why ?? from}`);
    if (policy === undefined) because.unshift(`the policy (${policyFrom})`);
    const likely = verdict.likely === undefined ? '' : `; most likely it is ${verdict.likely}`;
    return [
      dontKnow(`${policy === undefined ? '' : `${name}: `}it depends on ${some(because)}${likely}`, undefined, todo),
    ];
  }
  const isRebooted = ifKnown(facts.checkpoint)?.verification.boot.rebooted === true;
  const what = isRebooted
    ? 'the agent becomes a new one, with a new id: what it has not told of its tasks is lost'
    : 'the agent refuses to start';
  const [said = ''] = verdict.message.split('\n');
  const rows = differences.map((difference) =>
    fail(`${differenceText(difference)}`, placeOf(comparison, difference), todo),
  );
  return [fail(`${what}, by ${name}: ${said.trim()}`, undefined, todo), ...rows];
};

const differenceText = ({ field, previous, current, gone, added }: FieldDifference): string => {
  if (gone.length + added.length === 0) return `${field}: was ${valueText(previous)}, will be ${valueText(current)}`;
  return `${field}: ${[...gone.map((text) => `-${text}`), ...added.map((text) => `+${text}`)].join(' ')}`;
};

const placeOf = ({ built }: AgentInfoComparison, { field }: FieldDifference): string | undefined => {
  const places = built.parts
    .filter((part) => part.field === field || part.field.startsWith(`${field}.`))
    .map(({ from }) => from);
  return places.length === 0 ? undefined : some([...new Set(places)]);
};

/** What is left where the old values cannot be kept; less than what is reserved, it does not cure. */
const adoptText = (
  { agentInfo, workDir, masterVersion, flags, to: { version } }: Facts,
  { differences, verdict, built, remedies }: AgentInfoComparison,
): string | undefined => {
  const fit = ifKnown(agentInfo)?.fit;
  if (verdict.kind !== 'incompatible' || fit?.kind !== 'fits' || workDir === undefined) return undefined;
  const moves = differences.some(({ field }) => field === 'hostname' || field === 'port');
  const told = [
    ...(moves ? ['--agent-state', 'unreachable'] : []),
    ...(masterVersion === undefined ? [] : ['--master-version', versionText(masterVersion)]),
    ...(compareVersions(version, LATEST_RELEASE) === 0 ? [] : ['--mesos-version', versionText(version)]),
  ];
  const supposed = supposedIn(flags);
  const where = remedies.length === 0 ? 'No flag does it:' : 'Where that cannot be,';
  const lead = moves
    ? `${where} wait with the agent stopped until the master takes it for unreachable; then`
    : `${where} with the agent stopped,`;
  const surer = unsureParts(built).length > 0 ? ", with the agent's log for --new-info," : '';
  const words = ['mesos-ckpt', 'prune', shellWord(workDir.path), '--adopt', '--allow-suspect', ...told];
  const command = [...words, ...(supposed.length === 0 ? [] : ['--', ...supposed])].join(' ');
  return `${lead} ${command}${surer} changes slave.info, and keeps id and tasks.`;
};

/** Flags that the agent's info is made of, or judged by. */
const OF_INFO: ReadonlySet<string> = new Set([
  ...['hostname', 'hostname_lookup', 'port', 'ip', 'advertise_ip', 'advertise_port', 'ip_discovery_command'],
  ...['attributes', 'resources', 'default_role', 'domain', 'nvidia_gpu_devices'],
  ...['reconfiguration_policy', 'isolation', 'master'],
]);

/** Those of them that no file of the host tells, but who asks: the plan hangs on them, too. */
const supposedIn = ({ flags }: AgentFlags): readonly string[] =>
  [...flags.values()]
    .filter(({ name, origin }) => origin.place === SUPPOSED && OF_INFO.has(name))
    .map(({ name, value }) => shellWord(`--${name}=${value}`));

/** In quotes, so that it is seen where a value ends; what has quotes of its own is quoted as a shell wants it. */
const quoted = (value: string): string => (value.includes("'") ? shellWord(value) : `'${value}'`);

const remedyText = (remedies: readonly Remedy[]): string | undefined => {
  const texts = plainest(remedies).flatMap(({ flags }) => {
    const set = flags.flatMap(({ name, value }) => (value === undefined ? [] : [`--${name}=${quoted(value)}`]));
    const unset = flags.flatMap(({ name, value }) => (value === undefined ? [`--${name}`] : []));
    const parts = [
      ...(set.length === 0 ? [] : [`with ${set.join(' ')}`]),
      ...(unset.length === 0 ? [] : [`without ${unset.join(' and ')}`]),
    ];
    return parts.length === 0 ? [] : [parts.join(' and ')];
  });
  return texts.length === 0 ? undefined : `Start it ${texts.join(', or ')}.`;
};

/** A message that has no field set stands for one that is not there. */
const valueText = (text: string): string => (text === '' || text === '{}' ? 'not set' : text);
