import { uuidText } from '../../format/uuid.ts';
import type {
  Inspected,
  InspectedAgent,
  InspectedCheckpoint,
  InspectedOperation,
  InspectedResources,
} from '../../inspect/inspected.ts';
import type { DrainConfig, Operation, Resource, SlaveInfo } from '../../schema/index.ts';
import { type Cell, cell } from '../../text/cells.ts';
import { type Field, type FieldLine, field } from '../../text/fields.ts';
import { count } from '../../text/words.ts';
import type { InspectionAbout } from './json.ts';
import { attributeNotation, isReservation, isVolume, resourcesLine } from './resources.ts';
import { damageMark } from './words.ts';

/** The agent's part of a screen: what it is, and what it has promised. */
export const agentFields = (inspected: Inspected, about: InspectionAbout): readonly Field[] => {
  const { agent, checkpoint } = inspected;
  return [
    agentField(inspected),
    ...(agent?.info === undefined ? [] : infoFields(agent.info)),
    field('Work dir', cell(about.inPlace ? about.workDir : `${about.workDir} (this copy: ${about.path})`)),
    ...(checkpoint === undefined ? [] : [field('Boot id', bootId(checkpoint))]),
    ...(agent === undefined ? [] : [field('Draining', draining(agent.drain))]),
    ...(checkpoint === undefined ? [] : resourceFields(checkpoint)),
    operationsField(checkpoint, agent),
    field('Old agents', ...(checkpoint?.otherAgents ?? []).filter((id) => id !== agent?.id).map((id) => cell(id))),
    ...strayFields(inspected),
  ];
};

const agentField = ({ agent, checkpoint, place }: Inspected): Field => {
  const reason = checkpoint?.latest.kind === 'absent' ? 'slaves/latest is not there' : 'slaves/latest leads nowhere';
  if (agent === undefined) return field('Agent', { text: `none: ${reason}`, style: 'warn' });
  const isUnnamed = checkpoint?.otherAgents.includes(agent.id) === true;
  const parts = [cell(agent.id, 'bold'), damageMark(agent.damage)].filter(({ text }) => text !== '');
  const other = agent.info?.id?.value;
  return {
    label: 'Agent',
    lines: [
      { parts, separator: ' ' },
      ...(isUnnamed
        ? [{ parts: `${reason}; this is the only agent`.split(' ').map((word) => cell(word, 'warn')), separator: ' ' }]
        : []),
      ...(other !== undefined && other !== place.agent && other !== agent.id
        ? [{ parts: [cell(`slave.info says ${other}`, 'warn')] }]
        : []),
    ],
  };
};

const infoFields = (info: SlaveInfo): readonly Field[] => {
  const { region, zone } = info.domain?.fault_domain ?? {};
  return [
    field('Host', cell(info.port === undefined ? info.hostname : `${info.hostname}:${info.port}`)),
    { label: 'Resources', lines: info.resources.length === 0 ? [] : [resourcesLine(info.resources)] },
    flowing('Attributes', attributeNotation(info.attributes)),
    field('Domain', ...(region === undefined || zone === undefined ? [] : [cell(`${region.name} / ${zone.name}`)])),
  ];
};

const flowing = (label: string, texts: readonly string[]): Field => ({
  label,
  lines: texts.length === 0 ? [] : [{ parts: texts.map((text) => cell(text)) }],
});

const bootId = (checkpoint: InspectedCheckpoint): Cell =>
  checkpoint.bootId === undefined ? { text: 'not recorded', style: 'dim' } : cell(checkpoint.bootId);

const draining = (drain: DrainConfig | undefined): Cell => {
  if (drain === undefined) return { text: 'no' };
  const grace = drain.max_grace_period?.nanoseconds;
  const parts = [
    'YES',
    ...(grace === undefined ? [] : [`grace period ${Number(grace / 1_000_000n) / 1000} secs`]),
    ...(drain.mark_gone === true ? ['then it is marked gone'] : []),
  ];
  return { text: parts.join(', '), style: 'warn' };
};

const resourceFields = ({ committed, pending }: InspectedCheckpoint): readonly Field[] => {
  const resources = committed?.resources ?? [];
  const volumes = resources.filter(isVolume);
  const reserved = resources.filter((each) => !isVolume(each) && isReservation(each));
  const others = resources.filter((each) => !isVolume(each) && !isReservation(each));
  return [
    { label: 'Reserved', lines: linesOr('nothing', reserved) },
    { label: 'Volumes', lines: linesOr('none', volumes) },
    { label: 'Also kept', lines: others.map((each) => resourcesLine([each])) },
    ...(pending === undefined ? [] : [targetField(pending)]),
  ];
};

const linesOr = (none: string, resources: readonly Resource[]): readonly FieldLine[] =>
  resources.length === 0 ? [{ parts: [{ text: none, style: 'dim' }] }] : resources.map((each) => resourcesLine([each]));

/** What the agent had begun to commit to: it goes on with that at its next start. */
const targetField = (pending: InspectedResources): Field => ({
  label: 'Target',
  lines: [
    { parts: [cell(`not committed yet, in ${pending.path}:`, 'warn')] },
    ...linesOr('no resources', pending.resources),
  ],
});

const operationsField = (checkpoint: InspectedCheckpoint | undefined, agent: InspectedAgent | undefined): Field => {
  const operations = (checkpoint?.pending?.operations ??
    checkpoint?.committed?.operations ??
    []) as unknown as readonly Operation[];
  const logs = new Map((agent?.operations ?? []).map((log) => [log.id, log]));
  const lines = operations.map((operation): FieldLine => {
    const uuid = uuidText(operation.uuid.value);
    const log = logs.get(uuid);
    logs.delete(uuid);
    const parts = [operation.info.type ?? 'UNKNOWN', operation.latest_status.state, uuid];
    return {
      parts: [...parts.map((text) => cell(text)), ...(log === undefined ? [] : logCells(log))],
      separator: ' ',
    };
  });
  const orphans = [...logs.values()].map(
    (log): FieldLine => ({
      parts: [cell(log.state ?? 'no update'), cell(log.id), ...logCells(log)],
      separator: ' ',
    }),
  );
  return { label: 'Operations', lines: [...lines, ...orphans] };
};

const logCells = (log: InspectedOperation): readonly Cell[] => {
  const text = `(${count(log.updates, 'update')}, ${log.acknowledged} acknowledged)`;
  return [cell(text), ...(log.damage.length > 0 ? [damageMark(log.damage)] : [])];
};

const strayFields = (inspected: Inspected): readonly Field[] => {
  const strays = [...(inspected.checkpoint?.strays ?? []), ...(inspected.agent?.strays ?? [])];
  return [field('Unknown', ...strays.map(({ path, kind }) => cell(`${path} (${kind})`, 'dim')))];
};
