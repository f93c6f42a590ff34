import { describe, expect, it } from 'vitest';
import { definitionsOf } from '../../../src/agent/flags/definitions.ts';
import { parseBytes } from '../../../src/agent/flags/notation/bytes.ts';
import { parseDuration } from '../../../src/agent/flags/notation/duration.ts';
import { LATEST_RELEASE } from '../../../src/agent/version.ts';
import { type Given, load, messages, NEEDED } from './load-flags.ts';

const valueIn = (name: string, given: Given): string | undefined => load(given).flags.get(name)?.value;

describe('names', () => {
  it.each([
    ['--strict', 'true'],
    ['--strict=', 'true'],
    ['--strict=1', 'true'],
    ['--strict=false', 'false'],
    ['--strict=0', 'false'],
    ['--no-strict', 'false'],
    ['--no-strict=', 'false'],
    ['--NO-Strict', 'false'],
    ['  --strict=false\n', 'false'],
  ])('%j', (argument, value) => {
    const given = { args: [...NEEDED, argument] };
    expect(valueIn('strict', given)).toBe(value);
    expect(messages(given)).toEqual([]);
  });

  it.each(['MESOS_STRICT', 'MESOS_strict', 'MESOS_Strict'])('%s in the environment', (name) => {
    expect(valueIn('strict', { env: { [name]: 'false' } })).toBe('false');
  });

  it('in the environment: the prefix is in capitals, and of two cases the last in order counts', () => {
    expect(valueIn('strict', { env: { mesos_strict: 'false' } })).toBeUndefined();
    expect(valueIn('port', { env: { MESOS_port: '1', MESOS_PORT: '2' } })).toBe('1');
  });

  it('on the command line count more than in the environment', () => {
    const flag = load({ env: { MESOS_WORK_DIR: '/e' } }).flags.get('work_dir');
    expect(flag).toMatchObject({ value: '/w', overridden: [{ value: '/e', origin: { place: 'env' } }] });
  });

  it('that are deprecated are still taken, and said', () => {
    const { flags, refusals } = load({ env: { MESOS_SLAVE_SUBSYSTEMS: 'cpu' } });
    expect(flags.get('agent_subsystems')).toMatchObject({ value: 'cpu', note: expect.stringContaining('deprecated') });
    expect(refusals).toEqual([]);
  });

  it('differ from version to version', () => {
    expect(definitionsOf([1, 4, 3]).has('reconfiguration_policy')).toBe(false);
    expect(definitionsOf([1, 5, 0]).has('reconfiguration_policy')).toBe(true);
    expect(definitionsOf([1, 5, 1]).has('network_cni_root_dir_persist')).toBe(false);
    expect(definitionsOf([1, 4, 3]).has('network_cni_root_dir_persist')).toBe(true);
    expect(definitionsOf([1, 4, 0]).get('executor_secret_key')?.name).toBe('executor_secret_key');
    expect(definitionsOf([1, 5, 0]).get('executor_secret_key')?.name).toBe('jwt_secret_key');
    // 121 of 1.4.0's own list, and 150 of 1.11.0's: names and deprecated names.
    expect(new Set([...definitionsOf([1, 4, 0]).values()].map(({ name }) => name)).size).toBe(121);
    expect(new Set([...definitionsOf(LATEST_RELEASE).values()].map(({ name }) => name)).size).toBe(150);
  });
});

describe('the agent refuses', () => {
  it.each<[string, readonly string[], string]>([
    ['an unknown flag', ['--work-dir=/x'], "Failed to load unknown flag 'work-dir'"],
    ['an unknown switch', ['--no-x'], "Failed to load unknown flag 'x' via 'no-x'"],
    ['a value that is missing', ['--recover'], "Failed to load non-boolean flag 'recover': Missing value"],
    [
      'no- before what is not a switch',
      ['--no-recover=x'],
      "Failed to load non-boolean flag 'recover' via 'no-recover'",
    ],
    [
      'a value behind no-',
      ['--no-strict=true'],
      "Failed to load boolean flag 'strict' via 'no-strict' with value 'true'",
    ],
    ['a flag twice', ['--port=1', '--port=1'], "Flag 'port' is already loaded via name 'port'"],
    ['a flag and its negation', ['--strict', '--no-strict'], "Flag 'strict' is already loaded via name 'strict'"],
    [
      'a flag by two names',
      ['--agent_subsystems=a', '--slave_subsystems=a'],
      "Flag 'slave_subsystems' is already loaded via name 'agent_subsystems'",
    ],
    [
      'a switch that is yes',
      ['--strict=yes'],
      "Failed to load flag 'strict': Failed to load value 'yes': Expecting a boolean (e.g., true or false)",
    ],
    [
      'a switch that is True',
      ['--strict=True'],
      "Failed to load flag 'strict': Failed to load value 'True': Expecting a boolean (e.g., true or false)",
    ],
    [
      'a duration without unit',
      ['--gc_delay=5'],
      "Failed to load flag 'gc_delay': Failed to load value '5': Invalid duration '5'",
    ],
    [
      'a port out of range',
      ['--port=65536'],
      "Failed to load flag 'port': Failed to load value '65536': Failed to convert into required type",
    ],
    [
      'a re-registration above 15 secs',
      ['--executor_reregistration_timeout=16secs'],
      'Expected `--executor_reregistration_timeout` to be not more than 15secs',
    ],
    ['a domain without fault domain', ['--domain={}'], '`domain` must define `fault_domain`'],
    [
      'a policy that is none',
      ['--reconfiguration_policy=any'],
      "Unknown option for 'reconfiguration_policy' flag any. Please run the agent with '--help' to see the valid options.",
    ],
    [
      'a recovery that is none',
      ['--recover=never'],
      "Unknown option for 'recover' flag never. Please run the agent with '--help' to see the valid options",
    ],
    ['two masters', ['--master_detector=x'], 'Only one of `--master` or `--master_detector` should be specified'],
    [
      'two addresses',
      ['--ip=1.2.3.4', '--ip_discovery_command=x'],
      'Only one of `--ip` or `--ip_discovery_command` should be specified',
    ],
    [
      'headroom above 1',
      ['--gc_disk_headroom=1.5'],
      "Invalid value '1.5' for --gc_disk_headroom. Must be between 0.0 and 1.0",
    ],
    [
      'a file that is not there',
      ['--resources=file:///r.json'],
      "Failed to load flag 'resources': Failed to load value 'file:///r.json': Error reading file '/r.json': No such file or directory",
    ],
    ['--help', ['--help'], 'it prints its help, and exits'],
  ])('%s', (_what, args, message) => {
    expect(messages({ args: [...NEEDED, ...args] })).toEqual([message]);
  });

  it('what contradicts the environment by another spelling', () => {
    expect(messages({ env: { MESOS_STRICT: 'true' }, args: [...NEEDED, '--no-strict'] })).toEqual([
      "Flag 'strict' is already loaded via name 'strict'",
    ]);
  });

  it('to start without work_dir and master, unless they may be set where nobody can look', () => {
    expect(messages({ args: [] })).toEqual([
      "Flag 'work_dir' is required, but it was not provided",
      'Missing required option `--master` or `--master_detector`',
    ]);
    expect(messages({ args: [], isComplete: false })).toEqual([]);
  });

  it('MESOS_VERSION, which is a switch, but passes over what it does not know in the environment', () => {
    expect(messages({ env: { MESOS_VERSION: '1.11.0' } })[0]).toContain('Expecting a boolean');
    const { refusals, remarks } = load({ env: { MESOS_WORKDIR: '/x' } });
    expect(refusals).toEqual([]);
    expect(remarks).toMatchObject([{ text: expect.stringContaining('MESOS_WORKDIR is not a flag') }]);
  });

  it('in the order of the names, as it meets them', () => {
    expect(
      messages({ args: [...NEEDED, '--strict=x', '--port=x', '--aaa'] }).map((text) => /'(\w+)'/.exec(text)?.[1]),
    ).toEqual(['aaa', 'port', 'strict']);
  });
});

describe('what looks like no flag', () => {
  it('is passed over without a word: a value without = too', () => {
    const { refusals, remarks } = load({ args: [...NEEDED, '--port=1', 'x', '-v'] });
    expect(refusals).toEqual([]);
    expect(remarks.map(({ text }) => text.slice(0, 4))).toEqual(["'x' ", "'-v'"]);
  });

  it('is all that comes behind --', () => {
    expect(load({ args: [...NEEDED, '--', '--port=1'] }).flags.has('port')).toBe(false);
  });
});

describe('files that values name', () => {
  const files = { '/a': 'rack:1', '/t': 'true', '/n': 'true\n', '/o': '{"a": "b"}', '/p': '[]' };
  it.each([
    ['--attributes=file:///a', undefined],
    ['--strict=file:///t', undefined],
    ['--strict=file:///n', 'Expecting a boolean'],
    ['--docker_config=file:///o', undefined],
    ['--docker_config=/o', undefined],
    ['--docker_config=/p', 'Unexpected JSON type'],
    ['--docker_config={', 'syntax error at line 1 near: '],
    ['--credential=file:///nothing', undefined],
    ['--executor_environment_variables={"A":1}', 'must only contain string values'],
  ])('%s', (argument, problem) => {
    const found = messages({ args: [...NEEDED, argument], files });
    if (problem === undefined) expect(found).toEqual([]);
    else expect(found).toEqual([expect.stringContaining(problem)]);
  });
});

describe('flags that are supposed', () => {
  it('replace what set the same flag, however it is spelled', () => {
    const given = {
      env: { MESOS_STRICT: 'true', MESOS_SLAVE_SUBSYSTEMS: 'cpu' },
      supposed: ['--no-strict', '--agent_subsystems=x', '--port=7'],
    };
    const { flags, refusals } = load(given);
    expect(refusals).toEqual([]);
    expect(flags.get('strict')).toMatchObject({
      value: 'false',
      origin: { place: 'supposed' },
      overridden: [{ value: 'true' }],
    });
    expect(flags.get('agent_subsystems')).toMatchObject({ value: 'x', overridden: [{ value: 'cpu' }] });
    expect(flags.get('port')?.value).toBe('7');
  });
});

describe('durations', () => {
  it.each([
    ['15mins', 900e9],
    ['1hrs', 3600e9],
    ['1.5days', 129600e9],
    ['.5secs', 0.5e9],
    ['5.secs', 5e9],
    ['1weeks', 604800e9],
    ['10ns', 10],
    ['0ns', 0],
  ])('%s', (text, value) => {
    expect(parseDuration(text)).toEqual({ ok: true, value });
  });

  it.each([
    ['', "Invalid duration ''"],
    ['15', "Invalid duration '15'"],
    ['mins', "Failed to convert '' to number"],
    ['-1secs', "Failed to convert '' to number"],
    ['1.2.3secs', "Failed to convert '1.2.3' to number"],
    [
      '15 mins',
      "Unknown duration unit ' mins'; supported units are 'ns', 'us', 'ms', 'secs', 'mins', 'hrs', 'days', and 'weeks'",
    ],
    [
      '15m',
      "Unknown duration unit 'm'; supported units are 'ns', 'us', 'ms', 'secs', 'mins', 'hrs', 'days', and 'weeks'",
    ],
    [
      '1MINS',
      "Unknown duration unit 'MINS'; supported units are 'ns', 'us', 'ms', 'secs', 'mins', 'hrs', 'days', and 'weeks'",
    ],
    [
      '1constructor',
      "Unknown duration unit 'constructor'; supported units are 'ns', 'us', 'ms', 'secs', 'mins', 'hrs', 'days', and 'weeks'",
    ],
    ['99999weeks', "Argument out of the range that a Duration can represent due to int64_t's size limit"],
  ])('%j is none', (text, message) => {
    expect(parseDuration(text)).toEqual({ ok: false, message });
  });
});

describe('sizes', () => {
  it.each([
    ['1GB', 2n ** 30n],
    ['10mb', 10n * 2n ** 20n],
    ['0B', 0n],
    ['2tB', 2n ** 41n],
  ])('%s', (text, value) => {
    expect(parseBytes(text)).toEqual({ ok: true, value });
  });

  it.each([
    ['10', "Invalid bytes '10'"],
    ['1.5GB', "Fractional bytes '1.5GB'"],
    ['GB', "Failed to convert '' to number"],
    ['1GiB', "Unknown bytes unit 'GIB'"],
    ['1 GB', "Unknown bytes unit ' GB'"],
  ])('%j is none', (text, message) => {
    expect(parseBytes(text)).toEqual({ ok: false, message });
  });
});
