import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { debugString } from '../../src/agent/text-format.ts';
import { messageFromText } from '../../src/agent/text-format-reader.ts';
import { messageType, type SlaveInfo } from '../../src/schema/index.ts';
import { check, randomly } from '../support/random.ts';
import { agentInfos } from './agent-infos.ts';

const TYPE = messageType('mesos.SlaveInfo');
const read = (text: string): unknown => {
  const found = messageFromText(TYPE, text);
  return found.ok ? found.value : found.message;
};

describe('protobuf text', () => {
  it(randomly('of any agent info is read back as it was', 300), () => {
    check(
      300,
      fc.property(agentInfos, (info: SlaveInfo) => {
        expect(read(debugString(TYPE, info))).toEqual(info);
      }),
    );
  });

  it('has quotes, escapes of all kinds, and bytes that are no UTF-8', () => {
    const info = { hostname: 'a"b\'c\\d\n\t\r\u0001é\udc80', resources: [], attributes: [] };
    expect(read(debugString(TYPE, info))).toEqual(info);
    expect(read('hostname: \'a\' "\\x62\\143"')).toMatchObject({ hostname: 'abc' });
  });

  it('may be on one line, with signs that DebugString leaves out', () => {
    const text = 'hostname: "n1", port: 5051; resources: <name: "cpus" type: SCALAR scalar { value: 1e+20 }>';
    expect(read(text)).toMatchObject({ port: 5051, resources: [{ name: 'cpus', scalar: { value: 1e20 } }] });
  });

  it('passes over what was printed by number', () => {
    expect(read('hostname: "n1"\n15: 7\n16 {\n  1: "x"\n}\n17: 0x1f\nport: 1\n')).toMatchObject({ port: 1 });
  });

  it.each([
    ['hostname: "n1', 'line 1: a quoted text does not end'],
    ['hostname: "n1"\nport: many\n', "line 2: port: 'many' is not a value of type int32"],
    ['hostname: "n1"\ncolour: "red"\n', "line 2: 'colour' is not a field of mesos.SlaveInfo"],
    ['hostname: "n1"\nresources {\n  name: "cpus"\n', "line 3: '}' is missing"],
    ['hostname: "n1"\nhostname: "n2"\n', 'line 2: hostname is there twice'],
    ['hostname "n1"', "line 1: ':' is missing behind 'hostname'"],
    [
      'hostname: "n1"\nresources {\n  name: "a"\n  type: COLOUR\n}',
      "line 4: type: 'COLOUR' is not a value of type enum",
    ],
    ['port: 1\n', 'mesos.SlaveInfo.hostname is required, and missing'],
    ['hostname: 7', "line 1: hostname: '7' is not a value of type string"],
    ['hostname: "n1" }', 'line 1: the name of a field is expected'],
    ['hostname:', 'line 1: the text ends in a field'],
    ['hostname: "n1" %', "line 1: '%' is not expected"],
  ])('says what is wrong with %j, and where', (text, message) => {
    expect(read(text)).toBe(message);
  });
});
