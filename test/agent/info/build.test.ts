import { describe, expect, it } from 'vitest';
import { buildAgentInfo } from '../../../src/agent/info/build.ts';
import { Resources } from '../../../src/agent/resources.ts';
import { GIGABYTE, inputOf, type Made } from './support.ts';

const build = (made: Made) => buildAgentInfo(inputOf(made));
const resources = (made: Made): string => String(Resources.of(build(made).info.resources));
const part = (made: Made, field: string) => build(made).parts.find((each) => each.field === field);

describe('resources', () => {
  it('that are not given are detected: memory less 1 GB, disk less 5 GB, ports 31000-32000', () => {
    expect(resources({})).toBe('cpus:8; mem:15360; disk:97280; ports:[31000-32000]');
    expect(part({}, 'resources.mem')).toMatchObject({ certainty: 'detected', text: '15360', from: '/proc/meminfo' });
    expect(part({}, 'resources.ports')).toMatchObject({ certainty: 'default' });
  });

  it.each<[string, Made, string]>([
    ['half of memory below 2 GB', { memory: 2 * GIGABYTE - 1 }, 'mem:1023'],
    ['1 GB less from 2 GB on', { memory: 2 * GIGABYTE }, 'mem:1024'],
    ['half of the disk below 10 GB', { disk: 10 * GIGABYTE - 2 ** 20 }, 'disk:5119'],
    ['5 GB less from 10 GB on', { disk: 10 * GIGABYTE }, 'disk:5120'],
  ])('%s', (_what, made, expected) => {
    expect(resources(made).split('; ')).toContain(expected);
  });

  it.each<[string, string]>([
    ['cpus:4;mem:1024', 'cpus:4; mem:1024; disk:97280; ports:[31000-32000]'],
    [' cpus : 4 ; disk:0; ports:[1-5, 7-9] ', 'cpus:4; ports:[1-5, 7-9]; mem:15360'],
    ['cpus(role):4;mem:1', 'cpus(reservations: [(STATIC,role)]):4; mem:1; disk:97280; ports:[31000-32000]'],
    ['gpus:2;cpus:1;mem:1;disk:1;ports:[]', 'gpus:2; cpus:1; mem:1; disk:1'],
    ['disks:{a, b};cpus:1;mem:1;disk:1;ports:[]', 'disks:{a, b}; cpus:1; mem:1; disk:1'],
    [
      '[{"name":"cpus","type":"SCALAR","scalar":{"value":24}},{"name":"mem","type":"SCALAR","scalar":{"value":"1"},"role":"r","unknown":1}]',
      'cpus:24; mem(reservations: [(STATIC,r)]):1; disk:97280; ports:[31000-32000]',
    ],
    ['cpus:0x10;mem:1;disk:1;ports:[]', ''],
  ])('%s', (given, expected) => {
    if (expected !== '') expect(resources({ flags: { resources: given } })).toBe(expected);
    else expect(build({ flags: { resources: given } }).refusals).toHaveLength(1);
  });

  it('have the default role, those that are detected too', () => {
    expect(resources({ flags: { resources: 'cpus:4;mem(*):1', default_role: 'web' } })).toBe(
      'cpus(reservations: [(STATIC,web)]):4; mem:1; disk(reservations: [(STATIC,web)]):97280; ports(reservations: [(STATIC,web)]):[31000-32000]',
    );
  });

  it.each([
    ['cpus', "Bad value for resources, missing or extra ':' in cpus"],
    ['cpus:4:5', "Bad value for resources, missing or extra ':' in cpus:4:5"],
    ['cpus(r:4', 'Bad value for resources, mismatched parentheses in cpus(r:4'],
    ['cpus:four', 'Bad type for resource cpus value four type TEXT'],
    ['cpus:-4', 'Bad type for resource cpus value -4 type TEXT'],
    ['ports:[1-2', 'Failed to parse resource ports value [1-2 error Mismatched brackets'],
    ['ports:[a-b]', "Failed to parse resource ports value [a-b] error Expecting non-negative integers in 'a'"],
    ['ports:[1-2-3]', 'Failed to parse resource ports value [1-2-3] error Expecting one or more "ranges"'],
    ['cpus:0.0001', 'Invalid scalar resource: value <= 0'],
    ['disks:{a,a}', 'Invalid set resource: duplicated elements'],
    ['cpus:4;cpus(r):[1-2]', "Resources with the same name ('cpus') but different types are not allowed"],
    ['[{"name":"cpus"}]', 'Some JSON resources were not formatted properly: Missing required fields: type'],
    [
      '[{"name":"cpus","type":"SCALAR","scalar":{"value":1},"revocable":{}}]',
      "Revocable resources cannot be specified at the command line; do not include a 'revocable' key in the resources JSON",
    ],
    ['{"name":"cpus"}', 'Bad value for resources, missing or extra \':\' in {"name":"cpus"}'],
  ])('%s is refused', (given, message) => {
    const found = build({ flags: { resources: given } });
    if (given.startsWith('{')) expect(found.refusals).toHaveLength(1);
    else
      expect(found.refusals).toEqual([
        { message: `Failed to determine agent resources: ${message}`, from: '/etc/mesos-slave/resources' },
      ]);
    expect(found.parts.find(({ field }) => field === 'resources')?.certainty).toBe('unknown');
  });

  it('gpus are counted where the isolator is on, and pass where they are given', () => {
    const flags = { isolation: 'cgroups/cpu,gpu/nvidia' };
    expect(resources({ gpus: 2, flags })).toContain('gpus:2; cpus:8');
    expect(resources({ gpus: 2 })).not.toContain('gpus');
    expect(resources({ gpus: 2, flags: { ...flags, resources: 'gpus:0' } })).not.toContain('gpus');
    expect(resources({ gpus: 2, flags: { resources: 'gpus:1' } })).toContain('gpus:1');
  });

  it('that cannot be told are unknown, and not guessed', () => {
    expect(resources({ disk: null })).not.toContain('disk');
    expect(part({ disk: null }, 'resources.disk')).toMatchObject({ certainty: 'unknown', text: '' });
    expect(part({ flags: { resources: null } }, 'resources')).toMatchObject({
      certainty: 'unknown',
      from: '/etc/default/mesos-slave:1',
    });
    expect(part({ flags: { hooks: 'x', resources: 'cpus:1' } }, 'resources')).toMatchObject({ certainty: 'assumed' });
  });
});

describe('attributes', () => {
  it('are texts, scalars and ranges', () => {
    const { info, parts } = build({
      flags: { attributes: 'rack:r1;level:10;ports:[1-5];os: a b ;url:http://x:1\nlast:{' },
    });
    expect(info.attributes).toEqual([]);
    expect(parts.find(({ field }) => field === 'attributes')?.certainty).toBe('unknown');
    expect(
      build({ flags: { attributes: 'rack:r1;level:10;ports:[1-5];os: a b ;url:http://x:1\nlast:-3' } }).info.attributes,
    ).toEqual([
      { name: 'rack', type: 'TEXT', text: { value: 'r1' } },
      { name: 'level', type: 'SCALAR', scalar: { value: 10 } },
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1n, end: 5n }] } },
      { name: 'os', type: 'TEXT', text: { value: 'ab' } },
      { name: 'url', type: 'TEXT', text: { value: 'http://x:1' } },
      { name: 'last', type: 'TEXT', text: { value: '-3' } },
    ]);
  });

  it.each([
    ['rack', "Invalid attribute key:value pair 'rack'"],
    [':x', "Invalid attribute key:value pair ':x'"],
    ['rack:', "Invalid attribute key:value pair 'rack:'"],
    ['rack:(', 'Failed to parse attribute rack text ( error Mismatched brackets'],
    ['rack:{a}', 'Bad type for attribute rack text {a} type 2'],
    ['rack:1e-320', 'Failed to parse attribute rack text 1e-320 error Subnormal values not supported'],
  ])('%s aborts', (given, message) => {
    expect(build({ flags: { attributes: given } }).refusals).toEqual([
      { message, from: '/etc/mesos-slave/attributes' },
    ]);
  });
});

describe('the hostname', () => {
  it.each<[string, Made, string | undefined, string, string]>([
    ['the flag', { flags: { hostname: 'h.example' } }, 'h.example', 'set', '/etc/mesos-slave/hostname'],
    ['unknown where the flag is', { flags: { hostname: null } }, undefined, 'unknown', '/etc/default/mesos-slave:1'],
    ['assumed from the host', {}, 'n1', 'assumed', '/etc/hostname'],
    [
      'the first name of the address of the own name',
      { files: { '/etc/hosts': '127.0.0.1 localhost\n127.0.1.1 n1.example n1\n' } },
      'n1.example',
      'detected',
      '/etc/hosts:2',
    ],
    [
      'the first name of the bound address',
      { flags: { ip: '10.0.0.7' }, files: { '/etc/hosts': '10.0.0.7 other.example\n' } },
      'other.example',
      'detected',
      '/etc/hosts:1',
    ],
    [
      'the first name of the advertised address',
      { flags: { ip: '10.0.0.7', advertise_ip: '1.1.1.1' }, files: { '/etc/hosts': '10.0.0.7 a\n1.1.1.1 b\n' } },
      'b',
      'detected',
      '/etc/hosts:2',
    ],
    [
      'of LIBPROCESS_IP',
      { environment: { LIBPROCESS_IP: '10.0.0.7' }, files: { '/etc/hosts': '10.0.0.7 a\n' } },
      'a',
      'detected',
      '/etc/hosts:1',
    ],
    [
      'assumed where DNS is asked first',
      { files: { '/etc/hosts': '127.0.1.1 n1.example n1\n', '/etc/nsswitch.conf': 'hosts: dns files\n' } },
      'n1',
      'assumed',
      '/etc/hostname',
    ],
    [
      'the address without lookup',
      { flags: { hostname_lookup: 'false', ip: '10.0.0.7' } },
      '10.0.0.7',
      'set',
      '/etc/mesos-slave/ip',
    ],
    [
      'unknown where a command tells the address',
      { flags: { hostname_lookup: 'false', ip_discovery_command: '/x' } },
      undefined,
      'unknown',
      '/etc/mesos-slave/ip_discovery_command',
    ],
    ['unknown where nothing tells', { files: { '/etc/hostname': '' } }, undefined, 'unknown', '/etc/hostname'],
  ])('is %s', (_what, made, value, certainty, from) => {
    expect(part(made, 'hostname')).toMatchObject({ text: value ?? '', certainty, from });
  });
});

describe('port and domain', () => {
  it('are flags or defaults', () => {
    expect(part({}, 'port')).toMatchObject({ text: '5051', certainty: 'default' });
    expect(part({ flags: { port: '6000' } }, 'port')).toMatchObject({ text: '6000', certainty: 'set' });
    expect(part({ flags: { port: '6000', advertise_port: '7000' } }, 'port')).toMatchObject({
      text: '7000',
      certainty: 'set',
    });
    expect(part({ environment: { LIBPROCESS_ADVERTISE_PORT: '8000' } }, 'port')).toMatchObject({ text: '8000' });
    expect(part({ flags: { port: '0' } }, 'port')).toMatchObject({ certainty: 'unknown' });
    const domain = '{"fault_domain": {"region": {"name": "eu"}, "zone": {"name": "b"}}}';
    expect(build({ flags: { domain } }).info.domain).toEqual({
      fault_domain: { region: { name: 'eu' }, zone: { name: 'b' } },
    });
    expect(build({ flags: { domain: '{"fault_domain": {"region": {"name": "eu"}}}' } }).refusals[0]?.message).toBe(
      'Missing required fields: fault_domain.zone',
    );
  });
});
