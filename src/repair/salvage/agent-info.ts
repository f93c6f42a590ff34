import type { NotRebuilt, RebuiltAgentInfo } from '../../agent/info/rebuild.ts';
import type { FindingCode } from '../../findings/catalogue.ts';
import type { Finding } from '../../findings/finding.ts';
import { kindNamed } from '../../layout/kinds.ts';
import { placeOf } from '../../layout/place.ts';
import { putFile } from '../mend/alternatives.ts';
import type { Alternative, Workspace } from '../mend/mender.ts';

/** Makes a `slave.info` anew for an agent, from its flags and its host, as far as those are known. */
export type RebuildAgentInfo = (agentId: string) => RebuiltAgentInfo | NotRebuilt;

/** A `slave.info` that tells nothing, or with which the agent never comes up, costs every task of its host. */
const LOST: ReadonlySet<FindingCode> = new Set([
  'agent-info-missing',
  'agent-info-empty',
  'agent-info-damaged',
  'agent-attribute-unsupported',
  'rewritten-id-invalid',
]);

/** What is made in the place of a `slave.info` that tells nothing; what the agent then has to be started with is said. */
export const rebuiltAgent = (
  { code, path }: Finding,
  workspace: Workspace,
  rebuild: RebuildAgentInfo | undefined,
): readonly Alternative[] => {
  const { agent } = placeOf(path);
  const isLost = LOST.has(code) && kindNamed(path) === 'slave.info';
  if (!isLost || agent === undefined || rebuild === undefined) return [];
  const rebuilt = rebuild(agent);
  if (!rebuilt.ok) return [];
  const flags = [...rebuilt.flags, { name: 'reconfiguration_policy', value: rebuilt.policy }];
  // `equal` is what an agent has that is told nothing.
  const told = flags.filter(({ name, value }) => name !== 'reconfiguration_policy' || value !== 'equal');
  const start = told.map(({ name, value }) => `--${name}=${value}`).join(' ');
  return putFile(workspace, path, rebuilt.bytes, {
    what: `rebuild slave.info from the agent's flags${start === '' ? '' : `, for an agent with ${start}`}`,
    salvage: true,
    certainty: 'suspect',
    needs: '--allow-suspect',
  });
};
