import { describe, expect, it } from 'vitest';
import { messageJson, REDACTED } from '../../../src/report/json/message.ts';
import { messageType } from '../../../src/schema/index.ts';

const STATIC = 'mesos.Volume.Source.CSIVolume.StaticProvisioning';

describe('messageJson', () => {
  it('has numbers that are none as texts', () => {
    const json = (value: number) => messageJson(messageType('mesos.Value.Scalar'), { value }, false);
    expect(json(Number.NaN)).toEqual({ value: 'NaN' });
    expect(json(Number.NEGATIVE_INFINITY)).toEqual({ value: '-Infinity' });
    expect(json(0.5)).toEqual({ value: 0.5 });
  });

  it('redacts the values of a map of secrets, and keeps its keys', () => {
    const secrets = new Map([['__proto__', { value: { data: Buffer.from('hunter2') } }]]);
    const message = { volume_id: 'v', node_stage_secrets: secrets };
    const json = messageJson(messageType(STATIC), message, false);
    expect(JSON.stringify(json)).toBe(`{"volume_id":"v","node_stage_secrets":{"__proto__":"${REDACTED}"}}`);
    expect(JSON.stringify(messageJson(messageType(STATIC), message, true))).toContain('68756e74657232');
  });

  it('redacts every entry of a repeated secret', () => {
    const type = messageType('mesos.Volume.Source.CSIVolume.VolumeCapability.MountVolume');
    expect(messageJson(type, { fs_type: 'xfs', mount_flags: ['a', 'b'] }, false)).toEqual({
      fs_type: 'xfs',
      mount_flags: [REDACTED, REDACTED],
    });
  });
});
