import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentInfoDifferences } from '../../../src/agent/info/differences.ts';
import { checkInfo } from '../../../src/agent/info/survive.ts';
import { encodeField } from '../../../src/format/encode.ts';
import { adoptAgentInfo } from '../../../src/repair/adopt/slave-info.ts';
import { agentInfos } from '../../agent/agent-infos.ts';
import { agentInfo } from '../../agent/samples.ts';
import { check, randomly } from '../../support/random.ts';
import { adopt, fieldsOf, fileOf, ID, sumOf } from './adopting.ts';

describe('any two infos', () => {
  it(randomly('additive accepts the least', 1000), () => {
    check(
      1000,
      fc.property(agentInfos, agentInfos, (previous, current) => {
        const { info, bytes, policy, isGuarded } = adopt(previous, current, 'least');
        expect(policy).toBe(isGuarded ? 'additive' : 'equal');
        expect(checkInfo(info, current, 'additive')).toEqual({ ok: true });
        expect(info.id).toEqual(ID);
        // It is no more than the agent had, either.
        for (const name of ['cpus', 'mem', 'disk', 'gpus']) {
          expect(sumOf(info, name)).toBeLessThanOrEqual(sumOf(previous, name));
        }
        const again = adoptAgentInfo({ bytes, current, extent: 'least', fits: () => true });
        expect(typeof again === 'string' ? again : again.bytes).toEqual(bytes);
      }),
    );
  });

  it(randomly('equal accepts the whole', 1000), () => {
    check(
      1000,
      fc.property(agentInfos, agentInfos, (previous, current) => {
        const { info, bytes, policy, isGuarded } = adopt(previous, current, 'whole');
        expect([policy, isGuarded]).toEqual(['equal', false]);
        expect(checkInfo(info, current, 'equal')).toEqual({ ok: true });
        expect(info.resources.every(({ reservations }) => reservations.length === 0)).toBe(true);
        const again = adoptAgentInfo({ bytes, current, extent: 'whole', fits: () => true });
        expect(typeof again === 'string' ? again : again.bytes).toEqual(bytes);
      }),
    );
  });

  it(randomly('only fields that differ change, and what is not known stays', 500), () => {
    const unknown = Buffer.concat([encodeField(11, Buffer.from('later')), encodeField(100, Buffer.from([1, 2, 3]))]);
    check(
      500,
      fc.property(
        agentInfos,
        agentInfos,
        fc.constantFrom('least' as const, 'whole' as const),
        (previous, current, extent) => {
          const before = fieldsOf(fileOf(previous, unknown));
          const after = fieldsOf(adopt(previous, current, extent, { more: unknown }).bytes);
          const changed = new Set(
            agentInfoDifferences(agentInfo(previous), agentInfo(current)).map(({ field }) => field as string),
          );
          const rest = (fields: typeof before): typeof before => fields.filter(({ name }) => !changed.has(name));
          expect(rest(after)).toEqual(rest(before));
        },
      ),
    );
  });
});
