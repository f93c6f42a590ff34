import { describe, expect, it } from 'vitest';
import { infoInLog } from '../../../src/agent/info/agent-log.ts';
import { checkAgentInfo } from '../../../src/agent/info/check.ts';
import { debugString } from '../../../src/agent/text-format.ts';
import { messageType, type SlaveInfo } from '../../../src/schema/index.ts';
import { agentInfo, domain, ranges, scalar, staticFor, textAttribute } from '../samples.ts';

const TYPE = messageType('mesos.SlaveInfo');
const OLD = agentInfo({ checkpoint: true, port: 5051, resources: [scalar('mem', 64000)] });
const NEW = agentInfo({
  checkpoint: true,
  port: 5051,
  resources: [scalar('mem', 62000), ranges('ports', [[1, 5]]), scalar('cpus', 2, { reservations: [staticFor('web')] })],
  attributes: [textAttribute('note', 'a "New agent info:" #012')],
  domain: domain('eu', 'a'),
});
const { id: _id, ...WITHOUT_ID } = NEW;

const RULE = '-'.repeat(60);

/** As `Slave::recover` of 1.4 words it: the new info has no id yet. */
const message14 = [
  'Incompatible agent info detected.',
  RULE,
  `Old agent info:\n${debugString(TYPE, OLD)}`,
  RULE,
  `New agent info:\n${debugString(TYPE, WITHOUT_ID)}`,
  RULE,
].join('\n');

/** As `compatibility::equal` words it, from 1.5.0 on. */
const message15 = (current: SlaveInfo = NEW): string => {
  const verdict = checkAgentInfo(OLD, current, 'equal');
  return verdict.ok ? '' : verdict.message;
};

const glog = (message: string): string =>
  [
    'I1126 13:33:10.000001  1203 slave.cpp:6301] Finished recovering all executors',
    `E1126 13:33:11.123456  1204 slave.cpp:8356] EXIT with status 1: Failed to perform recovery: ${message}`,
    'If recovery failed due to a change in configuration and you want to',
    'keep the current agent id, you might want to change the',
    '`--reconfiguration_policy` flag to a more permissive value.',
    '',
  ].join('\n');

const read = (text: string): SlaveInfo | string => {
  const found = infoInLog(text);
  return found.ok ? found.value.current : found.message;
};

describe('the info that an agent has printed', () => {
  it.each([
    ['1.4', glog(message14), WITHOUT_ID],
    ['1.5 and later', glog(message15()), NEW],
    ['after a reboot', `W1126 slave.cpp:1] Falling back to recover as a new agent due to error: ${message15()}\n`, NEW],
    ['with ends of lines of Windows', glog(message15()).replaceAll('\n', '\r\n'), NEW],
    ['alone', debugString(TYPE, NEW), NEW],
    ['from its header on', message15().slice(message15().indexOf('New agent info:')), NEW],
  ])('in the log of %s', (_what, text, info) => {
    expect(read(text)).toEqual(info);
  });

  it.each([
    ['journalctl', (line: string, i: number) => `Nov 26 13:33:${10 + (i % 2)} n1 mesos-agent[1203]: ${line}`],
    ['journalctl -o short-iso', (line: string) => `2026-11-26T13:33:11+0000 n1 mesos-agent[1203]: ${line}`],
    ['docker logs -t', (line: string, i: number) => `2026-11-26T13:33:11.12345678${i % 10}Z ${line}`],
  ])('as %s shows it, and where blanks at the ends of lines are gone', (_what, prefix) => {
    const lines = glog(message15()).split('\n').map(prefix);
    expect(read(lines.join('\n'))).toEqual(NEW);
    expect(read(lines.map((line) => line.trimEnd()).join('\n'))).toEqual(NEW);
  });

  it('as syslog escapes it', () => {
    const plain = { ...NEW, attributes: [] };
    const line = glog(message15(plain)).split('\n').slice(1).join('#012');
    expect(read(`Nov 26 13:33:11 n1 mesos-agent[1]: ${line}\nNov 26 13:33:12 n1 other: x\n`)).toEqual(plain);
  });

  it('is the last of several, with what was checkpointed beside it', () => {
    const later = { ...NEW, hostname: 'n2' };
    const found = infoInLog(glog(message15()) + glog(message15(later)));
    expect(found).toMatchObject({ ok: true, value: { current: later, previous: OLD } });
  });
});

describe('what is no such text', () => {
  it.each([
    ['another log', 'I1126 slave.cpp:1] Finished recovery\n', /there is no 'New agent info:' in it/],
    [
      'a block that is cut off',
      glog(message15()).slice(0, glog(message15()).indexOf('New agent info:') + 60),
      /cut off/,
    ],
    ['a block without its end', `New agent info:\n${debugString(TYPE, NEW)}`, /cut off/],
    [
      'other lines among its own',
      `n1: New agent info:\nn1: hostname: "a"\nother\nn1: ${RULE}\n`,
      /line 3: it does not begin/,
    ],
    ['text that does not parse', `New agent info:\nhostname: 5\n${RULE}\n`, /behind line 1: line 1: hostname: '5'/],
    ['nothing', '', /there is no/],
  ])('%s', (_what, text, reason) => {
    expect(read(text)).toMatch(reason);
  });
});
