import { describe, expect, it } from 'vitest';
import { unknown } from '../../src/host/known.ts';
import { installedVersion, readVersions } from '../../src/host/versions.ts';
import { type HostFiles, makeHost } from '../support/hosts.ts';

const found = (files: HostFiles, program?: string): readonly (readonly string[])[] =>
  readVersions(makeHost(files), unknown('no processes'), program).installed.map(({ text, place }) => [text, place]);

const PACKAGE = (status: string, version: string): string =>
  `Package: mesos-master\nStatus: install ok installed\nVersion: 9.9.9\n\nPackage: mesos\nStatus: ${status}\nVersion: ${version}\n\n`;

describe('an installed version', () => {
  it('is that of the package, without its epoch', () => {
    expect(found({ '/var/lib/dpkg/status': PACKAGE('install ok installed', '1:1.9.0-2.0.1') })).toEqual([
      ['1.9.0-2.0.1', '/var/lib/dpkg/status'],
    ]);
  });

  it('is that of a package whose files are there, and which is not set up yet', () => {
    for (const state of ['unpacked', 'half-configured', 'triggers-pending']) {
      expect(found({ '/var/lib/dpkg/status': PACKAGE(`install ok ${state}`, '1.11.0') })).toHaveLength(1);
    }
    expect(found({ '/var/lib/dpkg/status': PACKAGE('install reinstreq half-installed', '1.11.0') })).toEqual([]);
  });

  it('is none of a package that was removed', () => {
    expect(found({ '/var/lib/dpkg/status': PACKAGE('deinstall ok config-files', '1.9.0') })).toEqual([]);
  });

  it('is in the name of the library, wherever it is', () => {
    expect(
      found({ '/usr/lib64/libmesos-1.8.1.so': '', '/usr/lib64/libmesos.so': '', '/usr/lib/libmesosx-1.so': '' }),
    ).toEqual([['1.8.1', '/usr/lib64/libmesos-1.8.1.so']]);
  });

  it('is in the name of the library beside the program', () => {
    const folder = '/opt/mesosphere/packages/mesos--0c1d2e';
    expect(found({ [`${folder}/lib/libmesos-1.9.1.so`]: '' }, `${folder}/bin/mesos-agent`)).toEqual([
      ['1.9.1', `${folder}/lib/libmesos-1.9.1.so`],
    ]);
  });

  it('is that of the image, where a container is started, whatever the host has', () => {
    const of = (image: string) => {
      const container = {
        image,
        hasHostPids: true,
        hasHostNetwork: true,
        volumes: [],
        user: undefined,
        origin: { place: '/u', line: 3 },
      };
      const host = makeHost({ '/usr/lib/libmesos-1.8.1.so': '' });
      return readVersions(host, unknown('no processes'), undefined, container).installed.map(({ text }) => text);
    };
    expect(of('mesosphere/mesos-slave:1.11.0-2.0.1@sha256:0a')).toEqual(['1.11.0-2.0.1']);
    expect(of('registry:5000/mesos-slave')).toEqual([]);
    expect(of('mesosphere/mesos-slave:latest')).toEqual([]);
  });

  it('is in the path of the program', () => {
    expect(found({ '/etc/x': '' }, '/opt/mesos-1.11.0/sbin/mesos-agent')).toEqual([
      ['1.11.0', '/opt/mesos-1.11.0/sbin/mesos-agent'],
    ]);
  });

  it('is told once where all places agree, and not at all where they do not', () => {
    const facts = (files: HostFiles) => readVersions(makeHost(files), unknown('no processes'), undefined);
    const agreeing = {
      '/usr/lib/libmesos-1.9.0.so': '',
      '/var/lib/dpkg/status': PACKAGE('install ok installed', '1.9.0-2'),
    };
    expect(installedVersion(facts(agreeing))?.version).toEqual([1, 9, 0]);
    expect(installedVersion(facts({ ...agreeing, '/usr/local/lib/libmesos-1.8.0.so': '' }))).toBeUndefined();
  });

  it('may be in a database that is not read, which is told', () => {
    const facts = readVersions(makeHost({ '/var/lib/rpm/Packages': 'x' }), unknown('no processes'), undefined);
    expect(facts.unread).toEqual(['/var/lib/rpm']);
  });
});
