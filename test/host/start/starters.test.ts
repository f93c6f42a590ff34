import { describe, expect, it } from 'vitest';
import type { TracedText } from '../../../src/agent/flags/origin.ts';
import { givenToShell, hasOwnEnvironment, startedBehind, userOfStarter } from '../../../src/host/start/starters.ts';

const words = (text: string): readonly TracedText[] =>
  text.split(' ').map((value) => ({ value, origin: { place: '/unit', line: 1 }, unknown: undefined }));
const joined = (texts: readonly TracedText[] | undefined): string | undefined =>
  texts?.map(({ value }) => value).join(' ');

describe('a program that starts another', () => {
  it.each<[string, string, string | undefined]>([
    ['nice -n 5 agent --x', 'agent --x', undefined],
    ['sudo -E -u mesos agent', 'agent', 'mesos'],
    ['sudo --user=mesos A=b agent', 'agent', 'mesos'],
    ['sudo agent', 'agent', undefined],
    ['runuser -u mesos -- agent', 'agent', 'mesos'],
    ['chpst -u mesos:staff:other -o 100 agent', 'agent', 'mesos'],
    ['chpst -umesos agent', 'agent', 'mesos'],
    ['setuidgid mesos agent', 'agent', 'mesos'],
    ['gosu mesos:mesos agent', 'agent', 'mesos'],
    ['setpriv --reuid 990 --clear-groups agent', 'agent', '990'],
    ['setpriv --reuid=990 agent', 'agent', '990'],
    ['timeout -k 5 60 agent', 'agent', undefined],
    ['flock /run/lock agent', 'agent', undefined],
    ['numactl --interleave=all agent', 'agent', undefined],
    ['tini -- agent', 'agent', undefined],
    ['env -u A B=c agent', 'agent', undefined],
  ])('%s', (text, behind, user) => {
    expect(joined(startedBehind(words(text)))).toBe(behind);
    expect(userOfStarter(words(text))?.value).toBe(user);
  });

  it('is none of any other kind', () => {
    expect(startedBehind(words('docker run agent'))).toBeUndefined();
    expect(userOfStarter(words('docker -u mesos'))).toBeUndefined();
  });

  it('may become another user without being followed', () => {
    expect(userOfStarter(words('start-stop-daemon --start --chuid mesos:x --exec agent'))?.value).toBe('mesos');
    expect(userOfStarter(words('start-stop-daemon -S -c mesos -x agent'))?.value).toBe('mesos');
    expect(userOfStarter(words('su mesos -c agent'))?.value).toBe('mesos');
    expect(userOfStarter(words('su -s /bin/sh -c agent mesos'))?.value).toBe('mesos');
    expect(userOfStarter(words('su - mesos -c agent'))?.value).toBe('mesos');
    expect(userOfStarter(words('su -c agent'))).toBeUndefined();
  });

  it('may take the environment away', () => {
    const has = (text: string): boolean => hasOwnEnvironment(words(text));
    expect(['sudo agent', 'sudo -u m agent', 'su - m -c agent', 'runuser -l m -c agent'].map(has)).toEqual(
      Array(4).fill(true),
    );
    expect(['sudo -E agent', 'sudo --preserve-env=A agent', 'su m -c agent', 'nice agent'].map(has)).toEqual(
      Array(4).fill(false),
    );
  });
});

describe('a shell', () => {
  it.each<[string, object | undefined]>([
    ['sh -c agent a0 a1', { text: 'agent', args: 'a1' }],
    ['/bin/bash -xec agent', { text: 'agent', args: '' }],
    ['bash -x -o pipefail /opt/start --x', { file: '/opt/start', args: '--x' }],
    ['su mesos -c agent', { text: 'agent', args: '' }],
    ['su --command=agent', { text: 'agent', args: '' }],
    ['su mesos', undefined],
    ['bash', undefined],
    ['bash -i', undefined],
    ['fish -c agent', undefined],
  ])('%s', (text, expected) => {
    const given = givenToShell(words(text));
    const told =
      given === undefined
        ? undefined
        : { ...('text' in given ? { text: given.text.value } : { file: given.file.value }), args: joined(given.args) };
    expect(told).toEqual(expected);
  });
});
