import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../src/host/host.ts';
import { checkCodes } from '../../src/preflight/checks/index.ts';
import { gatherFacts } from '../../src/preflight/facts/facts.ts';
import { type Preflight, runChecks } from '../../src/preflight/preflight.ts';
import { preflightJson } from '../../src/report/json/preflight.ts';
import { preflightScreen } from '../../src/report/preflight/screen.ts';
import { jsonLine } from '../../src/text/escape.ts';
import { hostsInMemory, NOW, readHostFixture } from '../support/fixture-hosts.ts';
import { type Answer, withAnswers } from '../support/host-answers.ts';
import { check as randomCheck, randomly } from '../support/random.ts';

const makeHost = hostsInMemory();

const preflightOf = (host: Host): Preflight => runChecks(gatherFacts(host, { now: NOW }));

const codesWith = ({ results }: Preflight, verdict: string): readonly string[] =>
  results.filter((result) => result.verdict === verdict).map(({ code }) => code);

/** Something to say of every check, and something to print. */
const check = (preflight: Preflight): void => {
  expect(preflight.results.map(({ code }) => code)).toEqual(checkCodes);
  for (const { code, rows } of preflight.results) {
    expect(rows.length, code).toBeGreaterThan(0);
    for (const row of rows) {
      expect(row.found, code).toMatch(/\S/);
      if (row.verdict !== 'ok') expect(row.todo, code).toMatch(/\S/);
    }
  }
  const screen = preflightScreen(preflight, { width: 80, colour: false });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  expect(screen).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(() => JSON.parse(jsonLine(preflightJson(preflight, { showSecrets: false })))).not.toThrow();
};

/** All paths of a host that its own files are at, and the folders above them. */
const pathsOf = (host: Host, folder = ''): readonly string[] =>
  ((found) => (Array.isArray(found) ? (found as readonly string[]) : []))(
    host.list(folder === '' ? '/' : folder),
  ).flatMap((name) => {
    const path = `${folder}/${name}`;
    // What is in a checkpoint is hidden as a whole: verify has tests of its own.
    const isDeep = typeof host.link(path) === 'string' || path.startsWith('/var/lib/mesos/');
    return [path, ...(isDeep ? [] : pathsOf(host, path))];
  });

describe('no check says ok for what it could not see', () => {
  it('where nothing may be looked at', () => {
    const host = withAnswers(makeHost(readHostFixture('plain')), () => ({ code: 'EACCES' }));
    const preflight = preflightOf(host);
    check(preflight);
    expect(codesWith(preflight, 'ok')).toEqual([]);
    expect(preflight.exitCode).toBe(3);
  });

  it.each([
    ['/proc', ['processes', 'uncheckpointed', 'downtime', 'boot', 'work-dir-disk', 'agent-container', 'kill-mode']],
    ['/var/lib/mesos', ['checkpoint', 'findings', 'lives', 'boot', 'agent-info', 'sandboxes', 'orphans', 'providers']],
    ['/etc', ['flags', 'recover', 'timers']],
    ['/etc/default', ['flags', 'recover', 'timers']],
    ['/etc/systemd', ['unit', 'kill-mode', 'delegate', 'restart']],
    ['/var/run', ['runtime-dir', 'docker-volumes']],
  ])('below %s', (folder, unknown) => {
    const host = withAnswers(makeHost(readHostFixture('plain')), (path) =>
      path === folder || path.startsWith(`${folder}/`) ? { code: 'EACCES' } : undefined,
    );
    const preflight = preflightOf(host);
    check(preflight);
    expect(unknown.filter((code) => codesWith(preflight, 'ok').includes(code))).toEqual([]);
  });

  it.each([
    ...['recover', 'kill-mode', 'flags', 'restart', 'delegate', 'docker-down', 'uncheckpointed', 'stray'],
    ...['docker-volumes', 'processes'],
  ])(`%s: ${randomly('what is wrong is never ok because a file may not be read', 6)}`, (name) => {
    const own = makeHost(readHostFixture(name));
    const before = preflightOf(own);
    const bad = [...codesWith(before, 'fail'), ...codesWith(before, 'warn')];
    expect(bad).not.toEqual([]);
    const paths = pathsOf(own);
    expect(paths.length).toBeGreaterThan(20);
    randomCheck(
      6,
      fc.property(fc.constantFrom(...paths), (hidden) => {
        const host = withAnswers(own, (path) =>
          path === hidden || path.startsWith(`${hidden}/`) ? { code: 'EACCES' } : undefined,
        );
        const now = codesWith(preflightOf(host), 'ok');
        const wrong = bad.filter((code) => now.includes(code));
        // What differs from the agent that runs is told where that one may be looked at.
        expect(hidden.startsWith('/proc') ? wrong.filter((code) => code !== 'flags') : wrong).toEqual([]);
      }),
    );
  });
});

describe('whatever a host answers', () => {
  const GARBAGE: readonly Buffer[] = [
    Buffer.alloc(0),
    Buffer.from('\u{1b}[31m\u202e\n\0\0=\n[Service\nKillMode=\\\n'),
    Buffer.from('ffff00ff80', 'hex'),
    Buffer.from('x'.repeat(70_000)),
  ];

  it('something is said, and nothing is thrown', () => {
    const host = makeHost(readHostFixture('dcos'));
    const answers: readonly Answer[] = [...GARBAGE, 'absent', { code: 'EACCES' }, { code: 'EIO' }, { code: 'ELOOP' }];
    randomCheck(
      12,
      fc.property(
        fc.array(fc.nat(), { minLength: 7, maxLength: 7 }),
        fc.integer({ min: 2, max: 40 }),
        (salt, share) => {
          const hash = (path: string): number =>
            [...path].reduce((sum, letter, i) => (sum * 31 + letter.charCodeAt(0) + (salt[i % 7] ?? 0)) % 1_000_003, 7);
          check(
            preflightOf(
              withAnswers(host, (path) =>
                hash(path) % share === 0 ? answers[hash(`${path}!`) % answers.length] : undefined,
              ),
            ),
          );
        },
      ),
    );
  });
});
