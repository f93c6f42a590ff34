import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEmptyPid, isPlainPid, isReachable, parsePid, pidText } from '../../src/recovery/pid.ts';
import { check, randomly } from '../support/random.ts';

const EMPTY = '@0.0.0.0:0';

/** What the agent makes of a text, and whether that is what the text said. */
const read = (text: string): [string, boolean] => {
  const { pid, malformed } = parsePid(text);
  return [pidText(pid), malformed];
};

describe('parsePid takes', () => {
  it.each([
    ['scheduler-3f1d2c44@10.0.4.2:15101', 'scheduler-3f1d2c44@10.0.4.2:15101'],
    ['executor(1)@10.0.4.7:40404', 'executor(1)@10.0.4.7:40404'],
    ['a@1.2.3.4:5', 'a@1.2.3.4:5'],
    ['@1.2.3.4:5', '@1.2.3.4:5'],
    [EMPTY, EMPTY],
    ['a/b:c@1.2.3.4:5', 'a/b:c@1.2.3.4:5'],
    ['é@1.2.3.4:5', 'é@1.2.3.4:5'],
  ])('%j', (text, pid) => {
    expect(read(text)).toEqual([pid, false]);
  });

  it.each([
    ['blanks before it', ' a@1.2.3.4:5', 'a@1.2.3.4:5'],
    ['any blanks before it', ' \t\n\v\f\ra@1.2.3.4:5', 'a@1.2.3.4:5'],
    ['a newline behind it', 'a@1.2.3.4:5\n', 'a@1.2.3.4:5'],
    ['words behind it', 'a@1.2.3.4:5 trailing', 'a@1.2.3.4:5'],
    ['zeros behind it', 'executor(1)@10.0.4.7:40\0\0\0', 'executor(1)@10.0.4.7:40'],
    ['letters behind the port', 'a@1.2.3.4:5x', 'a@1.2.3.4:5'],
    ['a NUL behind the address', 'a@1.2.3.4\0x:5', 'a@1.2.3.4:5'],
    ['a NUL behind the port', 'a@1.2.3.4:5\0x', 'a@1.2.3.4:5'],
    ['a second port', 'a@1.2.3.4:5:6', 'a@1.2.3.4:5'],
  ])('%s', (_what, text, pid) => {
    expect(read(text)).toEqual([pid, false]);
  });
});

describe('a port', () => {
  it.each([
    ['0', 0],
    ['65535', 65535],
    ['65536', 0],
    ['70000', 4464],
    ['-1', 65535],
    ['+5', 5],
    ['007', 7],
    ['4294967295', 65535],
    ['4294967296', 0],
    ['18446744073709551615', 65535],
    ['18446744073709551616', 65535],
    ['99999999999999999999999', 65535],
    ['-99999999999999999999999', 65535],
  ])('%s is %i', (text, port) => {
    expect(read(`a@1.2.3.4:${text}`)).toEqual([`a@1.2.3.4:${port}`, false]);
  });

  it.each(['', 'x', '-', '+', ' 5', 'x5', '--5'])('%j is none', (text) => {
    expect(read(`a@1.2.3.4:${text}`)).toEqual([EMPTY, true]);
  });
});

describe('an address', () => {
  it.each([
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['1.2.3', '1.2.0.3'],
    ['1.2', '1.0.0.2'],
    ['1', '0.0.0.1'],
    ['1.65535', '1.0.255.255'],
    ['1.2.65535', '1.2.255.255'],
    ['4294967295', '255.255.255.255'],
    ['0x7f.1', '127.0.0.1'],
    ['0X7F000001', '127.0.0.1'],
    ['010.0.0.1', '8.0.0.1'],
    ['0.0.0.010', '0.0.0.8'],
  ])('%s is %s', (text, ip) => {
    expect(read(`a@${text}:5`)).toEqual([`a@${ip}:5`, false]);
  });

  it.each([
    ...['', '.', '1.', '.1', '1..2', '1.2.3.4.5', '256.1.1.1', '1.256.1.1', '1.2.3.256', '1.2.65536', '1.16777216'],
    ...['4294967296', '08.1.1.1', '1.2.3.4/8', '[::1]', '::1', '-1.2.3.4'],
  ])('%j is none', (text) => {
    expect(read(`a@${text}:5`)).toEqual([EMPTY, true]);
    expect(parsePid(`a@${text}:5`).hostName).toBeUndefined();
  });
});

describe('what is no pid becomes that of nobody', () => {
  it.each([
    ...['', '\n', ' ', 'garbage', 'a@', '@', 'a@1.2.3.4', 'a 1.2.3.4:5', 'a b@1.2.3.4:5', 'a@b@1.2.3.4:5'],
    ...['\0'.repeat(26), 'e\0\0\0', 'executor(1)@10.', 'executor(1)@10.0\0\0', 'executor(1)@10.\0\0', '\udcff'],
  ])('%j', (text) => {
    expect(read(text)).toEqual([EMPTY, true]);
  });

  it(randomly('or is one', 3000), () => {
    const parts = fc.constantFrom('a', '@', ':', '.', '0', '1', '255', '256', ' ', '-', '0x', '\0', 'é', '\n');
    check(
      3000,
      fc.property(fc.array(parts, { maxLength: 14 }), (texts) => {
        const { pid, malformed, hostName } = parsePid(texts.join(''));
        expect(pid.port).toBeGreaterThanOrEqual(0);
        expect(pid.port).toBeLessThan(65536);
        expect(pid.ip).toMatch(/^(\d{1,3}\.){3}\d{1,3}$/);
        if (malformed) expect(isEmptyPid(pid)).toBe(true);
        // What the agent would write is read as itself.
        else expect(parsePid(pidText(pid)).pid).toEqual(pid);
        if (hostName !== undefined) expect(malformed).toBe(true);
      }),
    );
  });
});

describe('a host name', () => {
  it.each(['localhost', 'node-7.example.com', 'a.b', 'example.com.', '1a', '10.0.0.x', '256.1.1.x', '0x.1'])(
    '%s',
    (name) => {
      expect(parsePid(`a@${name}:5`)).toMatchObject({ malformed: true, hostName: name });
    },
  );

  it.each(['-a', 'a b', 'a..b', 'ä', '', '1.2.3.4', 'a_/b'])('%j is none', (name) => {
    expect(parsePid(`a@${name}:5`).hostName).toBeUndefined();
  });
});

describe('what can be reached', () => {
  it.each([
    ['a@1.2.3.4:5', true, false],
    ['@1.2.3.4:5', false, false],
    ['a@0.0.0.0:5', false, false],
    ['a@1.2.3.4:0', false, false],
    ['a@1.2.3.4:65536', false, false],
    [EMPTY, false, true],
    ['garbage', false, true],
  ])('%s', (text, reachable, empty) => {
    const { pid } = parsePid(text);
    expect([isReachable(pid), isEmptyPid(pid)]).toEqual([reachable, empty]);
  });
});

describe('a pid is plain', () => {
  it.each(['executor(1)@10.0.4.7:40404', 'executor-0a1b(12)@255.255.255.255:65535', 'x@0.0.0.1:1'])('%j', (text) => {
    expect(isPlainPid(text)).toBe(true);
  });

  it.each([
    '',
    'executor(1)@0.0.0.0:5051',
    'executor(1)@10.0.4.7:0',
    'executor(1)@10.0.4.7:65536',
    'executor(1)@10.0.4.256:1',
    'executor(1)@10.0.4.07:1',
    'executor(1)@10.0.4:1',
    'executor(1)@host:1',
    'executor(1)@10.0.4.7:1\n',
    ' executor(1)@10.0.4.7:1',
    '@10.0.4.7:1',
    'é@10.0.4.7:1',
  ])('not where it is %j', (text) => {
    expect(isPlainPid(text)).toBe(false);
  });

  it(randomly('only where it is one that can be reached, of itself', 5000), () => {
    const number = fc.oneof({ weight: 20, arbitrary: fc.nat(260) }, fc.constantFrom('', '00', '1a'));
    const port = fc.oneof({ weight: 8, arbitrary: fc.nat(70_000) }, fc.constantFrom('', '007', '-1', '1 '));
    const parts = fc.tuple(
      fc.constantFrom('executor(1)', 'a-b.c', '', 'a b', 'é', 'a@b'),
      number,
      number,
      number,
      number,
      port,
    );
    let plain = 0;
    check(
      5000,
      fc.property(parts, ([id, a, b, c, d, at]) => {
        const text = `${id}@${a}.${b}.${c}.${d}:${at}`;
        if (!isPlainPid(text)) return;
        plain++;
        const { pid, malformed, hostName } = parsePid(text);
        expect([pidText(pid), malformed, hostName, isReachable(pid)]).toEqual([text, false, undefined, true]);
      }),
    );
    expect(plain).toBeGreaterThan(500);
  });
});
