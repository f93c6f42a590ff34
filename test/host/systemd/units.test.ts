// biome-ignore-all lint/suspicious/noTemplateCurlyInString: units and shells write their variables so
import { describe, expect, it } from 'vitest';
import { parseEnvironmentFile } from '../../../src/host/systemd/environment-file.ts';
import { expandVariables, parseExec } from '../../../src/host/systemd/exec.ts';
import { globHost } from '../../../src/host/systemd/glob.ts';
import { startOf } from '../../../src/host/systemd/service.ts';
import { expandSpecifiers, specifiersOf } from '../../../src/host/systemd/specifiers.ts';
import { readUnit } from '../../../src/host/systemd/unit.ts';
import { splitWords } from '../../../src/host/systemd/words.ts';
import { type HostFiles, makeHost } from '../../support/hosts.ts';

const words = (text: string): readonly string[] | undefined => splitWords(text)?.map((word) => word.text);

describe('words of a unit', () => {
  it.each([
    ['a b\tc', ['a', 'b', 'c']],
    [`"A=word1 word2" B=word3 "C=$word 5 6"`, ['A=word1 word2', 'B=word3', 'C=$word 5 6']],
    [`A="b c"d 'e "f"'`, ['A=b cd', 'e "f"']],
    ['""', ['']],
    [String.raw`a\x20b\ttab \u00e4 \101 \s`, ['a b\ttab', 'ä', 'A', ' ']],
    [String.raw`\xc3\xa4`, ['ä']],
    [String.raw`back\\slash unknown\q`, ['back\\slash', 'unknown\\q']],
    ['', []],
  ])('%s', (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  it('are none where a quote is not closed', () => {
    expect(words('a "b c')).toBeUndefined();
  });
});

describe('a file of EnvironmentFile=', () => {
  const read = (text: string) =>
    Object.fromEntries(parseEnvironmentFile(text).assignments.map((a) => [a.name, a.value]));

  it.each([
    ['A=b', { A: 'b' }],
    ['  A = b c  \n', { A: 'b c' }],
    ['# A=1\n; B=2\nC=3 # not a comment', { C: '3 # not a comment' }],
    [`A="b 'c'" \nB='d "e"'`, { A: "b 'c'", B: 'd "e"' }],
    ['A="one" "two"', { A: 'onetwo' }],
    ['A=one "two"', { A: 'one "two"' }],
    ['A=a\\\nb', { A: 'ab' }],
    ['A="a\nb"', { A: 'a\nb' }],
    [String.raw`A="\"\\\$\a"`, { A: String.raw`"\$\a` }],
    [String.raw`A='\"'`, { A: String.raw`\"` }],
    [String.raw`A=\"x\ `, { A: '"x ' }],
    ['A=$B', { A: '$B' }],
    ['A=1\nA=2', { A: '2' }],
    ['A=\nB', { A: '' }],
    ['# comment \\\nA=1\nB=2', { B: '2' }],
  ])('%j', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('tells the line of each assignment', () => {
    expect(parseEnvironmentFile('\n# x\nA=a\\\nb\n\nB="1\n2"\nC=3').assignments.map(({ line }) => line)).toEqual([
      3, 6, 8,
    ]);
  });

  it('is no shell: export is part of the name', () => {
    const { assignments, ignored } = parseEnvironmentFile('A=1\nexport B=2');
    expect(assignments.map(({ name }) => name)).toEqual(['A']);
    expect(ignored).toEqual([{ text: 'export B=2', line: 2 }]);
  });
});

describe('ExecStart=', () => {
  it.each([
    ['/bin/a b', '/bin/a', ['b']],
    ['-@!/bin/a name b', '/bin/a', ['b']],
    ['+/bin/a', '/bin/a', []],
    [String.raw`/bin/a \; "b c"`, '/bin/a', [';', 'b c']],
  ])('%s', (value, program, args) => {
    const [command, ...more] = parseExec(value) ?? [];
    expect(command?.program.text).toBe(program);
    expect(command?.args.map(({ text }) => text)).toEqual(args);
    expect(more).toEqual([]);
  });

  it('may hold several commands, and keeps variables with :', () => {
    expect(
      parseExec('/bin/a b ; :/bin/c $D')?.map(({ program, keepsVariables }) => [program.text, keepsVariables]),
    ).toEqual([
      ['/bin/a', false],
      ['/bin/c', true],
    ]);
  });

  const variables = (name: string) => {
    const values: Record<string, string> = { ONE: 'one', TWO: `two two 'in quotes'`, EMPTY: '' };
    return values[name] === undefined ? undefined : { value: values[name], unknown: undefined };
  };
  it.each([
    ['$ONE', ['one']],
    ['$TWO', ['two', 'two', 'in quotes']],
    ['${TWO}', [`two two 'in quotes'`]],
    ['--a=${ONE}-${ONE}', ['--a=one-one']],
    ['--a=$ONE', ['--a=$ONE']],
    ['$EMPTY', []],
    ['$MISSING', []],
    ['${MISSING}', ['']],
    ['$$ONE', ['$ONE']],
    ['a$$b', ['a$b']],
    ['${ONE:-x}', ['${ONE:-x}']],
  ])('puts variables into %s', (text, expected) => {
    expect(expandVariables(text, variables).map((argument) => argument.text)).toEqual(expected);
  });
});

describe('specifiers', () => {
  const host = makeHost.bind(undefined, { '/etc/hostname': 'node7.example\n', '/etc/machine-id': 'abc\n' });
  it.each([
    ['%n %N %p', 'mesos-agent@blue-1.service mesos-agent@blue-1 mesos-agent'],
    ['%i %I', 'blue-1 blue/1'],
    ['%H %l %m', 'node7.example node7 abc'],
    ['100%% %t %S', '100% /run /var/lib'],
    ['%u %h', 'root /root'],
    ['%z %', '%z %'],
  ])('%s', (text, expected) => {
    expect(expandSpecifiers(text, specifiersOf('mesos-agent@blue-1.service', host(), undefined))).toEqual({
      text: expected,
    });
  });

  it('that files do not tell are unknown', () => {
    expect(expandSpecifiers('%H', specifiersOf('a.service', makeHost({}), undefined))).toEqual({ unknown: '%H' });
    expect(expandSpecifiers('%o', specifiersOf('a.service', makeHost({}), undefined))).toEqual({ unknown: '%o' });
  });
});

describe('a unit', () => {
  const unit = (text: string): string => `[Service]\n${text}\n`;
  const start = (files: HostFiles, name = 'mesos-agent.service') => {
    const host = makeHost(files);
    const found = readUnit(host, name);
    if (found === undefined) throw new Error('no unit');
    return { unit: found, ...startOf(host, found) };
  };

  it('is found in the folder that comes first: /etc before /run before /usr/lib before /lib', () => {
    const places = ['/lib', '/usr/lib', '/run', '/etc'].map((root) => `${root}/systemd/system/mesos-agent.service`);
    for (let i = 1; i <= places.length; i++) {
      const files = Object.fromEntries(places.slice(0, i).map((place) => [place, unit(`ExecStart=${place}`)]));
      expect(start(files).unit.files).toEqual([places[i - 1]]);
    }
  });

  it('has its drop-ins, sorted by name over all folders, the first folder winning where a name occurs twice', () => {
    const { unit: found, program } = start({
      '/lib/systemd/system/mesos-agent.service': unit('ExecStart=/bin/a'),
      '/lib/systemd/system/mesos-agent.service.d/20-b.conf': unit('ExecStart=\nExecStart=/bin/lib20'),
      '/run/systemd/system/mesos-agent.service.d/30-c.conf': unit('ExecStart=\nExecStart=/bin/run30'),
      '/etc/systemd/system/mesos-agent.service.d/20-b.conf': unit('ExecStart=\nExecStart=/bin/etc20'),
      '/etc/systemd/system/mesos-agent.service.d/10-a.txt': unit('ExecStart=/bin/no'),
      '/etc/systemd/system/mesos-.service.d/10-p.conf': unit('Environment=A=prefix'),
      '/etc/systemd/system/service.d/05-all.conf': unit('Environment=A=all'),
    });
    expect(found.files).toEqual([
      '/lib/systemd/system/mesos-agent.service',
      '/etc/systemd/system/service.d/05-all.conf',
      '/etc/systemd/system/mesos-.service.d/10-p.conf',
      '/etc/systemd/system/mesos-agent.service.d/20-b.conf',
      '/run/systemd/system/mesos-agent.service.d/30-c.conf',
    ]);
    expect(program?.value).toBe('/bin/run30');
  });

  it('loses a drop-in that is masked by a link to /dev/null of the same name', () => {
    const { program } = start({
      '/lib/systemd/system/mesos-agent.service': unit('ExecStart=/bin/a'),
      '/lib/systemd/system/mesos-agent.service.d/x.conf': unit('ExecStart=\nExecStart=/bin/x'),
      '/etc/systemd/system/mesos-agent.service.d/x.conf': { link: '/dev/null' },
    });
    expect(program?.value).toBe('/bin/a');
  });

  it('that is masked is not started, and what is behind the mask is read', () => {
    const mask = { '/etc/systemd/system/mesos-agent.service': { link: '/dev/null' } };
    const behind = start({ '/lib/systemd/system/mesos-agent.service': unit('ExecStart=/bin/a'), ...mask });
    expect(behind.program?.value).toBe('/bin/a');
    expect(behind.refusals.map(({ message }) => message)).toEqual([
      'the unit mesos-agent.service is masked: systemd does not start it',
    ]);
    const alone = start(mask);
    expect(alone.program).toBeUndefined();
    expect(alone.refusals).toEqual(behind.refusals);
  });

  it('known by an alias has the drop-ins of both names', () => {
    const { unit: found } = start({
      '/lib/systemd/system/mesos-slave.service': unit('ExecStart=/bin/a'),
      '/etc/systemd/system/mesos-agent.service': { link: '/lib/systemd/system/mesos-slave.service' },
      '/etc/systemd/system/mesos-slave.service.d/a.conf': unit('Environment=A=1'),
      '/etc/systemd/system/mesos-agent.service.d/b.conf': unit('Environment=B=1'),
    });
    expect(found.name).toBe('mesos-slave.service');
    expect(found.files.slice(1).map((file) => file.slice(-6))).toEqual(['a.conf', 'b.conf']);
  });

  it('of a template has the instance in it', () => {
    const { args } = start(
      {
        '/etc/systemd/system/agent@.service': unit('ExecStart=/bin/a --port=%i --hostname=%H'),
        '/etc/hostname': 'h\n',
      },
      'agent@5052.service',
    );
    expect(args.map(({ value }) => value)).toEqual(['--port=5052', '--hostname=h']);
  });

  it('tells the line of each argument of a continued command, comments between left out', () => {
    const { args } = start({
      '/etc/systemd/system/mesos-agent.service': unit(
        'ExecStart=/usr/sbin/mesos-agent \\\n  --work_dir=/a \\\n# --port=1 \\\n  --port=2 \\\n  "--attributes=a:b c"',
      ),
    });
    expect(args.map(({ value, origin }) => [value, origin.line])).toEqual([
      ['--work_dir=/a', 3],
      ['--port=2', 5],
      ['--attributes=a:b c', 6],
    ]);
  });

  it('reads its environment: assignments, then files in their order, a reset by an empty one', () => {
    const { environment } = start({
      '/etc/systemd/system/mesos-agent.service': unit(
        'Environment=GONE=1\nEnvironment=\nEnvironment=A=unit B=unit "C=c d"\nEnvironmentFile=/etc/one\n' +
          'EnvironmentFile=-/etc/missing\nEnvironmentFile=/etc/two\nExecStart=/bin/a',
      ),
      '/etc/one': 'A=one\nB=one\n',
      '/etc/two': '#\nB=two\n',
    });
    expect([...environment].map(({ name, value, origin }) => [name, value, origin])).toEqual([
      ['A', 'one', { place: '/etc/one', line: 1 }],
      ['B', 'two', { place: '/etc/two', line: 2 }],
      ['C', 'c d', { place: '/etc/systemd/system/mesos-agent.service', line: 4 }],
    ]);
    expect(environment.get('B')?.overridden.map(({ value }) => value)).toEqual(['unit', 'one']);
  });

  it('is not started without a file that is not optional', () => {
    const { refusals } = start({
      '/etc/systemd/system/mesos-agent.service': unit('EnvironmentFile=/etc/missing\nExecStart=/bin/a'),
    });
    expect(refusals).toEqual([
      {
        message: expect.stringContaining('EnvironmentFile=/etc/missing is not there'),
        origin: { place: '/etc/systemd/system/mesos-agent.service', line: 2 },
      },
    ]);
  });

  it('with a second ExecStart= that does not clear the first is refused', () => {
    const { refusals } = start({
      '/lib/systemd/system/mesos-agent.service': unit('ExecStart=/bin/a'),
      '/etc/systemd/system/mesos-agent.service.d/x.conf': unit('ExecStart=/bin/b'),
    });
    expect(refusals[0]?.message).toContain('more than one ExecStart=');
    expect(refusals[0]?.origin?.place).toBe('/etc/systemd/system/mesos-agent.service.d/x.conf');
  });

  it('takes variables away, and passes on some that no file tells', () => {
    const { environment } = start({
      '/etc/systemd/system/mesos-agent.service': unit(
        'Environment=A=1 B=2 C=3\nUnsetEnvironment=A B=9 C=3\nPassEnvironment=MESOS_PORT PATH\nExecStart=/bin/a',
      ),
    });
    expect([...environment].map(({ name, unknown }) => [name, unknown !== undefined])).toEqual([
      ['B', false],
      ['MESOS_PORT', true],
    ]);
  });
});

describe('patterns of files', () => {
  it('are those of glob(3)', () => {
    const host = makeHost({
      '/etc/a.env': '',
      '/etc/b.env': '',
      '/etc/.c.env': '',
      '/etc/d/e.env': '',
      '/etc/[x].env': '',
    });
    expect(globHost(host, '/etc/*.env')).toEqual(['/etc/[x].env', '/etc/a.env', '/etc/b.env']);
    expect(globHost(host, '/etc/[ab].env')).toEqual(['/etc/a.env', '/etc/b.env']);
    expect(globHost(host, '/*/?/e.env')).toEqual(['/etc/d/e.env']);
    expect(globHost(host, '/etc/a.env')).toEqual(['/etc/a.env']);
    expect(globHost(host, '/etc/{a,b}.env')).toEqual([]);
  });
});
