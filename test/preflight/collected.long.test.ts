import * as fs from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openPath, UnusablePath } from '../../src/checkpoint/open.ts';
import type { Host } from '../../src/host/host.ts';
import { checkCodes } from '../../src/preflight/checks/index.ts';
import { gatherFacts } from '../../src/preflight/facts/facts.ts';
import { openHost } from '../../src/preflight/open-host.ts';
import { type Preflight, runChecks } from '../../src/preflight/preflight.ts';
import { Failure } from '../../src/program/failure.ts';
import { preflightJson } from '../../src/report/json/preflight.ts';
import { preflightScreen } from '../../src/report/preflight/screen.ts';
import type { Member } from '../../src/source/tar/reader.ts';
import { encodeEnd, encodeMember } from '../../src/source/tar/writer.ts';
import { Unpacker } from '../../src/source/unpack.ts';
import { jsonLine } from '../../src/text/escape.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { collect, toolsHere } from '../support/collect.ts';
import { makeHostOnDisk, NOW, readHostFixture } from '../support/fixture-hosts.ts';
import { anyBytes, check as randomCheck, randomly } from '../support/random.ts';
import { temporaryFolder } from '../support/trees.ts';

const [shell] = toolsHere();

interface Piece {
  readonly member: Member;
  readonly content: Buffer;
}

const collected = (name: string): Buffer => {
  if (shell === undefined) throw new Error('neither dash, busybox nor bash is here');
  return collect(makeHostOnDisk(readHostFixture(name)), shell).bytes;
};

const piecesOf = (bytes: Buffer): readonly Piece[] => {
  const pieces: { member: Member; content: Buffer }[] = [];
  const unpacker = new Unpacker({
    joins: () => true,
    member: (member) => {
      // Its name is read from bytes that are gone afterwards.
      const piece = { member: { ...member, name: member.name, target: member.target }, content: Buffer.alloc(0) };
      pieces.push(piece);
      return (more, start, end) => {
        piece.content = Buffer.concat([piece.content, more.subarray(start, end)]);
      };
    },
  });
  unpacker.write(bytes);
  unpacker.end();
  return pieces;
};

const packed = (pieces: readonly Piece[]): Buffer => {
  const bytes = Buffer.concat(
    pieces.map(({ member, content }) => encodeMember({ ...member, kind: member.kind as 'file', content })),
  );
  return Buffer.concat([bytes, encodeEnd(bytes.length)]);
};

const fileWith = (bytes: Buffer): string => {
  const file = path.join(temporaryFolder(), 'host.tar');
  fs.writeFileSync(file, bytes);
  return file;
};

/** What is said of a host: something of every check, without control characters; or a failure of ours that names the file. */
const judge = (bytes: Buffer): Preflight | undefined => {
  const file = fileWith(bytes);
  let host: Host;
  try {
    host = openHost(file);
  } catch (error) {
    expect(error).toBeInstanceOf(UnusablePath);
    expect((error as Error).message).toMatch(/^\/.*host\.tar: \S/);
    return undefined;
  }
  const preflight = runChecks(gatherFacts(host, { now: NOW }));
  expect(preflight.results.map(({ code }) => code)).toEqual(checkCodes);
  const screen = preflightScreen(preflight, { width: 80, colour: false });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  expect(screen).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  JSON.parse(jsonLine(preflightJson(preflight, { showSecrets: false })));
  return preflight;
};

const verify = (bytes: Buffer): number | undefined => {
  try {
    return verifyCheckpoint(openPath(fileWith(bytes), { whole: true })).strict.exitCode;
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    return undefined;
  }
};

const codesWith = (preflight: Preflight | undefined, ...verdicts: readonly string[]): readonly string[] =>
  (preflight?.results ?? []).filter(({ verdict }) => verdicts.includes(verdict)).map(({ code }) => code);

const isRecords = ({ member }: Piece): boolean => /^mesos-ckpt\.collect(?:\.\d+)?$/.test(member.name);

/** Where a random place of a buffer is. */
const placeIn = (bytes: Buffer, share: number): number => Math.min(bytes.length, Math.floor(bytes.length * share));

describe('what a host sends that is hostile', () => {
  let kept: Buffer | undefined;
  const plain = (): { readonly whole: Buffer; readonly pieces: readonly Piece[] } => {
    kept ??= collected('plain');
    return { whole: kept, pieces: piecesOf(kept) };
  };

  it('is read as it is where nothing is changed', () => {
    const { whole, pieces } = plain();
    expect(judge(packed(pieces))).toEqual(expect.objectContaining({ exitCode: judge(whole)?.exitCode }));
    expect(verify(packed(pieces))).toBe(verify(whole));
  });

  it(randomly('is refused where it is cut off, at any place', 150), () => {
    const { whole } = plain();
    randomCheck(
      150,
      fc.property(fc.double({ min: 0, max: 0.9999, noNaN: true }), (share) => {
        const cut = whole.subarray(0, Math.min(placeIn(whole, share), whole.length - 1024));
        expect(() => openHost(fileWith(cut))).toThrow(UnusablePath);
        expect(() => openPath(fileWith(cut))).toThrow(UnusablePath);
      }),
    );
  });

  it(randomly('is refused or said something of, whatever bytes are in the place of others', 200), () => {
    const { pieces } = plain();
    randomCheck(
      200,
      fc.property(
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        anyBytes(60),
        fc.nat(100),
        (pick, share, put, gone) => {
          const at = pick % pieces.length;
          const changed = pieces.map((piece, i) => {
            if (i !== at) return piece;
            const place = placeIn(piece.content, share);
            const content = Buffer.concat([
              piece.content.subarray(0, place),
              put,
              piece.content.subarray(place + gone),
            ]);
            return { ...piece, content };
          });
          judge(packed(changed));
          verify(packed(changed));
        },
      ),
    );
  });

  it(randomly('is said something of, whatever is in its files', 100), () => {
    const { pieces } = plain();
    randomCheck(
      100,
      fc.property(fc.nat(), fc.integer({ min: 1, max: 12 }), anyBytes(200), (salt, share, put) => {
        const field = put
          .toString('latin1')
          .replace(/[%\t\n]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
        let i = salt;
        const changed = pieces.map((piece) => {
          if (!isRecords(piece)) return piece;
          const lines = piece.content
            .toString('latin1')
            .split('\n')
            .map((line) => {
              const [kind, name] = line.split('\t');
              return kind === 'C' && i++ % share === 0 ? `C\t${name}\t${field}` : line;
            });
          return { ...piece, content: Buffer.from(lines.join('\n'), 'latin1') };
        });
        expect(judge(packed(changed))).toBeDefined();
      }),
    );
  });

  it(randomly('is refused or said something of, whatever its members are', 200), () => {
    const { pieces } = plain();
    const member = (name: string, kind: 'file' | 'folder' | 'link', target: string, content: Buffer): Piece => ({
      member: { ...(pieces[0] as Piece).member, name, kind, target, size: content.length },
      content,
    });
    randomCheck(
      200,
      fc.property(
        fc.constantFrom(
          ...[
            './proc',
            './proc/812/cmdline',
            './var/lib/mesos/meta',
            './etc/../x',
            '/x',
            './var',
            'mesos-ckpt.collect.7',
            './proc/1/cwd/x',
            './',
          ],
        ),
        fc.constantFrom('file', 'folder', 'link'),
        fc.constantFrom('/', '..', './var', '/var/lib/mesos/meta/slaves', 'a'),
        fc.nat(pieces.length),
        anyBytes(40),
        (name, kind, target, at, content) => {
          const own = kind === 'file' ? content : Buffer.alloc(0);
          const more = [
            ...pieces.slice(0, at),
            member(name, kind as 'file', kind === 'link' ? target : '', own),
            ...pieces.slice(at),
          ];
          judge(packed(more));
          verify(packed(more));
        },
      ),
    );
  });
});

/** What was collected of a host, as if a path and what is below it had not been, for that reason. */
const without = (pieces: readonly Piece[], hidden: string, why: string): readonly Piece[] => {
  const isHidden = (at: string): boolean => at === hidden || at.startsWith(`${hidden}/`);
  return pieces
    .filter(({ member }) => !isHidden(member.name.slice(1)))
    .map((piece) => {
      if (!isRecords(piece)) return piece;
      const kept = piece.content
        .toString('latin1')
        .split('\n')
        .filter((line) => {
          const [kind, ...fields] = line.split('\t');
          const at = kind === 'S' || kind === 'V' ? fields[5] : kind === 'X' ? fields[1] : fields[0];
          return kind === 'H' || kind === 'W' || at === undefined || !isHidden(at);
        })
        .join('\n');
      const said = piece.member.name === 'mesos-ckpt.collect' ? `${kept}X\t${why}\t${hidden}\n` : kept;
      return { ...piece, content: Buffer.from(said, 'latin1') };
    });
};

describe('what is wrong with a host', () => {
  it.each([
    'recover',
    'kill-mode',
    'flags',
    'restart',
    'delegate',
    'checkpoint',
    'uncheckpointed',
    'stray',
    'docker-volumes',
    'processes',
  ])(`%s: ${randomly('is never ok because something was not collected', 8)}`, (name) => {
    const pieces = piecesOf(collected(name));
    const before = judge(packed(pieces));
    const bad = codesWith(before, 'fail', 'warn');
    expect(bad).not.toEqual([]);
    const paths = [
      ...new Set(
        pieces.filter(isRecords).flatMap(({ content }) =>
          content
            .toString('latin1')
            .split('\n')
            .flatMap((line) => (/^[SCAK]\t/.test(line) ? (line.split('\t')[line.startsWith('S') ? 6 : 1] ?? []) : [])),
        ),
      ),
    ].filter((each) => !each.startsWith('/proc/8') && !each.includes('%'));
    randomCheck(
      8,
      fc.property(fc.constantFrom(...paths), fc.constantFrom('denied', 'slow', 'large', 'failed'), (hidden, why) => {
        const judged = judge(packed(without(pieces, hidden, why)));
        expect([hidden, judged]).not.toEqual([hidden, undefined]);
        const now = codesWith(judged, 'ok');
        const wrong = bad.filter((code) => now.includes(code));
        expect([hidden, wrong]).toEqual([hidden, []]);
      }),
    );
  });
});

describe('a part of the checkpoint that was not collected', () => {
  it('is not told of as if root would see it: nobody sees it any more', () => {
    const pieces = piecesOf(collected('checkpoint'));
    const infos = pieces.map(({ member }) => member.name.slice(1)).filter((name) => name.endsWith('/slave.info'));
    expect(infos).not.toEqual([]);
    for (const info of infos) {
      const judged = judge(packed(without(pieces, info, 'slow')));
      const rows = judged?.results.find(({ code }) => code === 'checkpoint')?.rows;
      expect(rows).toEqual([
        expect.objectContaining({
          verdict: 'unknown',
          found: expect.stringMatching(/slave\.info: reading it took too long when the host was collected$/),
        }),
      ]);
      expect(rows?.[0]?.todo).toMatch(/collect it again as root/);
    }
  });
});

describe('sandboxes that a host does not have', () => {
  it.each([
    { where: 'the host itself', root: '/', verdict: 'fail', found: /sandbox-missing/ },
    { where: 'a disk that is mounted elsewhere', root: '/mnt/n1', verdict: 'ok', found: /sandboxes-not-seen/ },
  ])('are missing or not seen, by whether $where was collected', ({ root: collectedAs, verdict, found }) => {
    if (shell === undefined) throw new Error('neither dash, busybox nor bash is here');
    const root = makeHostOnDisk(readHostFixture('plain'));
    fs.rmSync(path.join(root, 'var/lib/mesos/slaves'), { recursive: true });
    const pieces = piecesOf(collect(root, shell).bytes).map((piece) =>
      piece.member.name === 'mesos-ckpt.collect'
        ? {
            ...piece,
            content: Buffer.from(
              piece.content.toString('latin1').replace(/^H\troot\t.*$/m, `H\troot\t${collectedAs}`),
              'latin1',
            ),
          }
        : piece,
    );
    const rows = judge(packed(pieces))?.results.flatMap(({ rows: each }) => each);
    expect(rows).toContainEqual(expect.objectContaining({ verdict, found: expect.stringMatching(found) }));
  });
});
