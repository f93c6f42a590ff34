// biome-ignore-all lint/suspicious/noTemplateCurlyInString: units and shells write their variables so
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareAgentInfo } from '../../../src/agent/info/compare.ts';
import { buildInputOf } from '../../../src/host/agent-info.ts';
import { gatherFlags } from '../../../src/host/flags/resolve.ts';
import { sourceFile } from '../../../src/host/shell/evaluate.ts';
import { ShellState } from '../../../src/host/shell/state.ts';
import { flagsScreen } from '../../../src/report/preflight/flags.ts';
import { agentInfo } from '../../agent/samples.ts';
import { type HostFiles, makeHost } from '../../support/hosts.ts';
import { check, randomly } from '../../support/random.ts';

const VERSION = [1, 11, 0] as const;

/** Pieces of units, shells and flags, in any order. */
const PIECES = [
  ...['MESOS_', 'PORT', 'STRICT', '=', '"', "'", '\\', '\n', '$', '{', '}', '(', ')', '`', ' ', ';', '#', 'export '],
  ...['[', ']', '%', '%H', '\0', 'cat /etc/x', 'if ', 'then ', 'fi', '<<EOF', '/usr/sbin/mesos-agent', '--work_dir='],
  ...['--no-strict', 'ExecStart=', '[Service]\n', 'Environment=', 'EnvironmentFile=', '-', '*', ':', '\u{dcff}', 'é'],
  ...['{"a":', '[]', 'cpus:', '31000-32000', 'docker run -e ', 'env ', '/bin/sh -c ', '|', '&&', '~', '!'],
];
const junk = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...PIECES), { maxLength: length }).map((parts) => parts.join(''));

const hosts: fc.Arbitrary<HostFiles> = fc.oneof(
  fc.tuple(junk(20), junk(30), junk(20)).map(([args, more, file]) => ({
    '/etc/systemd/system/mesos-agent.service': `[Service]\nExecStart=/usr/sbin/mesos-agent ${args}\n${more}`,
    '/etc/x': file,
  })),
  fc.tuple(junk(10), junk(50), junk(8), junk(5)).map(([wrapper, shell, resources, attribute]) => ({
    '/usr/bin/mesos-init-wrapper': wrapper,
    '/etc/default/mesos-slave': shell,
    '/etc/mesos-slave/resources': resources,
    '/etc/mesos-slave/attributes/a': attribute,
  })),
  fc
    .tuple(fc.constantFrom('/bin/sh -c ', '/usr/bin/env ', '/usr/bin/docker run ', '/opt/script '), junk(30), junk(40))
    .map(([start, args, script]) => ({
      '/etc/systemd/system/mesos-agent.service': `[Service]\nExecStart=${start}${args}`,
      '/opt/script': `#!/bin/sh\n${script}`,
    })),
);

describe('files that make no sense', () => {
  it(randomly('end in flags and a comparison all the same', 60), () => {
    check(
      60,
      fc.property(hosts, junk(6), junk(6), (files, commandLine, supposed) => {
        const host = makeHost({
          ...files,
          '/proc/5/cmdline': `mesos-agent\0${commandLine}`,
          '/proc/5/environ': commandLine,
        });
        const flags = gatherFlags(host, { version: VERSION, supposed: [supposed] });
        expect(flags.isKnown).toBe(true);
        expect(flagsScreen(flags, { width: 80, colour: false, version: '1', showSecrets: false })).toMatch(/\n$/);
        compareAgentInfo(agentInfo(), buildInputOf(host, flags, VERSION), VERSION);
      }),
    );
  });
});

/** Texts of shell that run nothing. */
const text = fc
  .array(
    fc.constantFrom(
      'a',
      'B',
      '1',
      ' ',
      '\t',
      '\\',
      "'",
      '"',
      '$A',
      '${B}',
      '${A:-x}',
      '${C-"y z"}',
      '=',
      ':',
      '*',
      '#',
      '\\\n',
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''));

describe('a shell file', () => {
  it(randomly('sets what bash sets, wherever bash takes it', 40), () => {
    check(
      40,
      fc.property(text, text, (first, second) => {
        const file = `A=1\nB='b  b'\nX=${first}\nY="${second.replaceAll('"', '')}"\n`;
        const script = `${file}\nprintf '%s\\0' "$A" "$B" "$X" "$Y"`;
        const { stdout, status, stderr } = spawnSync('bash', ['--norc', '-c', script], { env: {}, encoding: 'utf8' });
        // What bash does not understand, or runs as a command, is told, and not compared.
        fc.pre(status === 0 && stderr === '');
        const state = new ShellState(makeHost({ '/f': file }));
        sourceFile(state, '/f', []);
        for (const [i, name] of ['A', 'B', 'X', 'Y'].entries()) {
          const variable = state.variables.get(name);
          if (variable?.unknown === undefined)
            expect(variable?.value ?? '', JSON.stringify(file)).toBe(stdout.split('\0')[i]);
        }
      }),
    );
  });
});
