// biome-ignore-all lint/suspicious/noTemplateCurlyInString: units and shells write their variables so
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Looked } from '../../../src/host/host.ts';
import { sourceFile } from '../../../src/host/shell/evaluate.ts';
import { ShellState } from '../../../src/host/shell/state.ts';
import { type HostFiles, makeHost } from '../../support/hosts.ts';

const run = (text: string, files: HostFiles = {}, exportsAll = true) => {
  const state = new ShellState(makeHost({ ...files, '/etc/default/mesos-slave': text }), exportsAll);
  const looked: Looked[] = [];
  sourceFile(state, '/etc/default/mesos-slave', looked);
  return { state, looked };
};

const valuesOf = (text: string): Record<string, string> =>
  Object.fromEntries([...run(text).state.variables].map(([name, { value }]) => [name, value]));

/** What the shell itself makes of it: the expected values are those of bash, on this text. */
const inBash = (text: string, names: readonly string[]): Record<string, string> => {
  const script = `${text}\nfor n in ${names.join(' ')}; do printf '%s\\0%s\\0' "$n" "\${!n}"; done`;
  const { stdout } = spawnSync('bash', ['--norc', '-c', script], { env: {}, encoding: 'utf8' });
  const parts = stdout.split('\0');
  return Object.fromEntries(names.map((_, i) => [parts[2 * i] ?? '', parts[2 * i + 1] ?? '']));
};

describe('what has no end that anybody sees is given up, and said', () => {
  const ten = '1 2 3 4 5 6 7 8 9 10';
  const loops = (depth: number): string => (depth === 0 ? 'A=$A$n' : `for n in ${ten}; do\n${loops(depth - 1)}\ndone`);
  const other = '/etc/default/other';

  it.each<[string, string, HostFiles]>([
    ['loops in loops', loops(9), {}],
    [
      'files that read each other',
      `. ${other}\n. ${other}\n. ${other}`,
      {
        [other]: `. /etc/default/mesos-slave\n. /etc/default/mesos-slave\nfor n in ${ten} ${ten} ${ten} ${ten}; do A=b; done`,
      },
    ],
    [
      'functions that call each other',
      `f() { g; g; ${'A=b;'.repeat(20)} }\ng() { f; f; f; }\n${'f\n'.repeat(500)}`,
      {},
    ],
  ])('%s', (_, text, files) => {
    const { state } = run(text, files);
    expect(state.unfollowed).toMatch(/^scripts do more than is followed$|can set anything, and is not run$/);
    expect(state.work.left).toBeLessThan(0);
    expect(state.work.left).toBeGreaterThan(-1000);
  });

  it.each([
    ['that is doubled', `A=aaaaaaaa\n${'A=$A$A\n'.repeat(60)}`],
    ['that names a long one many times', `A=aaaaaaaa\n${'A=$A$A\n'.repeat(20)}A="${'$A'.repeat(100)}"\n`],
  ])('a text %s', (_, text) => {
    expect(run(text).state.variables.get('A')?.unknown).toMatch(
      /longer than any program can be given|\$A cannot be known/,
    );
  });

  it('but not a script of thousands of lines, of which each is told', () => {
    const { state } = run(`${'A=b\n'.repeat(9000)}B=c\n`);
    expect(state.unfollowed).toBeUndefined();
    expect(state.variables.get('B')?.origin.line).toBe(9001);
    // Of what it had before, the last values are kept, and of these no more than themselves.
    const { overridden = [] } = state.variables.get('A') ?? {};
    expect(overridden.map(({ origin }) => origin.line)).toEqual(Array.from({ length: 100 }, (_, i) => 8900 + i));
    expect(overridden.every((each) => !('overridden' in each))).toBe(true);
  });
});

describe('assignments', () => {
  it.each<[string, Record<string, string>]>([
    ['A=b', { A: 'b' }],
    [`A="b c" B='d "e"' C=f\\ g`, { A: 'b c', B: 'd "e"', C: 'f g' }],
    ['A=1; B=$A-$A; C="${A}2$B"', { A: '1', B: '1-1', C: '121-1' }],
    [`A='$B' B="\\$C" C="\\"\\\\\\d"`, { A: '$B', B: '$C', C: '"\\\\d' }],
    ["A=$'x\\ty\\x41'", { A: 'x\tyA' }],
    ['A=a\\\nb\nB="c\nd"', { A: 'ab', B: 'c\nd' }],
    ['# A=1\nB=2 # comment\nC=3#no', { B: '2', C: '3#no' }],
    ['A=b*c B={1,2} C=[a]', { A: 'b*c', B: '{1,2}', C: '[a]' }],
    [
      'A=${B:-d} C=${B-e} D=${A:+f} E=${A+g} F=${B:=h} G=$B',
      { A: 'd', C: 'e', D: 'f', E: 'g', F: 'h', B: 'h', G: 'h' },
    ],
    ['A=x; A+=y; B=${#A}', { A: 'xy', B: '2' }],
    ['A=1; if [ -n "$A" ]; then B=yes; else B=no; fi', { A: '1', B: 'yes' }],
    ['A=; if [[ -z $A && ! a == b ]]; then B=yes; fi', { A: '', B: 'yes' }],
    ['[ a = b ] || A=1; [ a = b ] && B=1; true && { C=1; D=2; }', { A: '1', C: '1', D: '2' }],
    ['A=1; (A=2; B=3); A2=$A', { A: '1', A2: '1' }],
    ['A=1; unset A; B=${A:-gone}', { B: 'gone' }],
    ['A=; while [ ${#A} -lt 3 ]; do A=x$A; done; B=${#A}', { A: 'xxx', B: '3' }],
    ['A=; until [[ $A == xx ]]; do A=x$A; done', { A: 'xx' }],
    ['A=; for w in a b c; do [ $w = b ] && continue; A=$A$w; done', { A: 'ac', w: 'c' }],
    ['A=; for w in a b c; do if [ $w = b ]; then break; fi; A=$A$w; done; B=$w', { A: 'a', B: 'b', w: 'b' }],
    ['A=; while true; do for w in a b; do break; done; A=$w; break; done', { A: 'a', w: 'a' }],
    ['A=$(dirname /a/b/c) B="$(basename /a/b)" C=$(cd / && pwd) D=$(dirname x)', { A: '/a/b', B: 'b', C: '/', D: '.' }],
    [
      'A=2; [ $A -eq 2 ] && B=1; [ $A -ne 2 ] || C=1; [ $A -ge 3 ] || [ $A -le 1 ] || D=1',
      { A: '2', B: '1', C: '1', D: '1' },
    ],
    ['MESOS_RESOURCES="cpus:4;mem:1024"', { MESOS_RESOURCES: 'cpus:4;mem:1024' }],
    ['export A=b C; readonly D=e; declare -x F="g h"', { A: 'b', D: 'e', F: 'g h' }],
  ])('%j', (text, expected) => {
    expect(valuesOf(text)).toEqual(expected);
    expect(inBash(text, Object.keys(expected))).toEqual(expected);
  });

  it('have lines', () => {
    const { state } = run('\nA=1\nexport B="x\ny" C=2\nA=3');
    expect(state.variables.get('A')).toMatchObject({
      value: '3',
      origin: { place: '/etc/default/mesos-slave', line: 5 },
    });
    expect(state.variables.get('A')?.overridden).toMatchObject([{ value: '1', origin: { line: 2 } }]);
    expect(state.variables.get('C')).toMatchObject({ origin: { line: 4 } });
  });
});

describe('what is run is never run', () => {
  it.each([
    ['$(hostname -f)', '$(hostname -f) runs a program'],
    ['a`date`b', '`date` runs a program'],
    ['$((1+1))', 'has to be calculated'],
    ['~/x', 'home folder'],
    ['$1', "the shell's own"],
    ['$HOME/x', "the shell's own"],
    ['${A%x}', 'has to be evaluated'],
    ['$A\\\nx', 'goes on in the next line'],
    ['$A\\\n\\\nx', 'goes on in the next line'],
  ])('%s is unknown', (value, why) => {
    const { state } = run(`A=b\nB=${value}\nC=$B`);
    expect(state.variables.get('B')).toMatchObject({ value, unknown: expect.stringContaining(why) });
    expect(state.variables.get('C')?.unknown).toContain('$B cannot be known');
  });

  it.each(['`cat /etc/mesos/zk`', '$(cat /etc/mesos/zk)', '"$(</etc/mesos/zk)"', "$(cat '/etc/mesos/zk')"])(
    'but %s is as good as read, and is where the value is from',
    (value) => {
      const { state, looked } = run(`MASTER=${value}`, { '/etc/mesos/zk': 'zk://a:2181/mesos\n\n' });
      expect(state.variables.get('MASTER')).toMatchObject({
        value: 'zk://a:2181/mesos',
        unknown: undefined,
        origin: { place: '/etc/mesos/zk', line: undefined },
      });
      expect(looked.map(({ place }) => place)).toContain('/etc/mesos/zk');
    },
  );

  it('nor is a command, which a forgotten quote may make of a value', () => {
    const { state } = run('MESOS_ATTRIBUTES=rack:2;u:1\nA=1');
    expect(state.variables.get('MESOS_ATTRIBUTES')?.value).toBe('rack:2');
    expect(state.variables.get('A')?.value).toBe('1');
    expect(state.remarks).toMatchObject([{ text: expect.stringContaining("'u:1' is a command"), origin: { line: 1 } }]);
  });

  it('what is set under a condition that has to be run is unknown', () => {
    const { state } = run(
      'if grep -q x /etc/y; then A=1; else A=2; fi\nfor i in $(seq 2); do B=$i; done\nping -c1 h && C=1\nD=1',
    );
    for (const name of ['A', 'B', 'C']) expect(state.variables.get(name)?.unknown, name).toBeTypeOf('string');
    expect(state.variables.get('D')?.unknown).toBeUndefined();
  });

  it('files that are there decide', () => {
    const text = '[ -f /etc/x ] && A=1\n[ -d /etc/x ] && B=1\n[ ! -e /nothing ] && C=1\n. /etc/x';
    const { state } = run(text, { '/etc/x': 'D=1' });
    expect([...state.variables.keys()]).toEqual(['A', 'C', 'D']);
    expect(state.variables.get('D')?.origin.place).toBe('/etc/x');
  });

  it('files that source each other come to an end', () => {
    expect(run('A=1\n. /etc/x', { '/etc/x': '. /etc/x' }).state.variables.get('A')?.value).toBe('1');
  });
});

describe('exports', () => {
  it('are what programs get', () => {
    const { state } = run(
      'A=1\nexport B=2\nC=3\nexport C\nset -a\nD=4\nset +a\nE=5\nexport F=6\nexport -n F',
      {},
      false,
    );
    const exported = [...state.variables].filter(([, { isExported }]) => isExported).map(([name]) => name);
    expect(exported).toEqual(['B', 'C', 'D']);
  });

  it('may come before the value', () => {
    expect(run('export A\nA=1', {}, false).state.variables.get('A')?.isExported).toBe(true);
  });
});

describe('what ends a shell', () => {
  it('is an error of syntax: what stands before it is done', () => {
    const { state } = run('A=1\nB="unclosed\nC=3');
    expect(state.variables.get('A')?.value).toBe('1');
    expect(state.variables.has('C')).toBe(false);
    expect(state.stopped).toMatchObject({ origin: { line: 2 } });
  });

  it('is exit, and a variable that has to be set', () => {
    expect(run('exit 1\nA=1').state).toMatchObject({ stopped: { origin: { line: 1 } } });
    expect(run('A=${B:?no}').state.stopped?.why).toContain('$B');
  });

  it('is nothing that can be made of bytes', () => {
    for (const text of [
      '\0\0',
      '((((',
      '${',
      '`',
      '$(',
      'if',
      'a'.repeat(100_000),
      '('.repeat(5000),
      '$('.repeat(3000),
    ]) {
      expect(() => run(text)).not.toThrow();
    }
  });
});
