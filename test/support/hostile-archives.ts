import { BLOCK } from '../../src/source/tar/header.ts';
import { encodeEnd, encodeMember } from '../../src/source/tar/writer.ts';

const NOTHING = { content: Buffer.alloc(0), target: '', mode: 0o644, uid: 0, gid: 0, modifiedNs: 0n } as const;

const file = (name: string, content = ''): Buffer =>
  encodeMember({ ...NOTHING, kind: 'file', name, content: Buffer.from(content) });
const folder = (name: string): Buffer => encodeMember({ ...NOTHING, kind: 'folder', name });
const link = (name: string, target: string): Buffer => encodeMember({ ...NOTHING, kind: 'link', name, target });

const padded = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);

/** A block with a type, and fields by their place. */
const block = (type: string, size: number, fields: readonly (readonly [number, string])[] = []): Buffer => {
  const bytes = Buffer.alloc(BLOCK);
  bytes.write('meta/x', 0);
  bytes.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  for (const [at, text] of fields) bytes.write(text, at);
  bytes.fill(' ', 148, 156);
  bytes.write(type, 156);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return bytes;
};

const extended = (type: string, content: Buffer): Buffer =>
  Buffer.concat([block(type, content.length), padded(content)]);

const record = (text: string): string => {
  let length = text.length + 3;
  while (`${length} ${text}\n`.length !== length) length++;
  return `${length} ${text}\n`;
};
const records = (texts: readonly string[]): Buffer => Buffer.from(texts.map(record).join(''));

const times = <T>(count: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i));

const octal = (value: number): string => `${value.toString(8).padStart(11, '0')}\0`;

/** A sparse file in GNU's old format, whose map goes on in so many blocks. */
const oldSparse = (blocks: number): Buffer => {
  const head = block('S', 0, [
    [482, '\x01'],
    [483, octal(1 << 30)],
  ]);
  const more = times(blocks, (i) => {
    const bytes = Buffer.alloc(BLOCK);
    for (let pair = 0; pair < 21; pair++) bytes.write(octal(i * 21 + pair) + octal(0), pair * 24);
    if (i < blocks - 1) bytes[504] = 1;
    return bytes;
  });
  return Buffer.concat([head, ...more]);
};

const sparseMap = (parts: number): Buffer => {
  const map = padded(Buffer.from([parts, ...times(parts, (i) => `${i}\n0`)].join('\n').concat('\n')));
  const said = records([
    'GNU.sparse.major=1',
    'GNU.sparse.minor=0',
    'GNU.sparse.realsize=1000000000',
    'GNU.sparse.name=meta/x',
  ]);
  return Buffer.concat([extended('x', said), block('0', map.length), map]);
};

/** A file without content that says of itself to be so large, and to be zeros. */
const hole = (name: string, size: number): Buffer => {
  const map = padded(Buffer.from('0\n'));
  const said = records([
    'GNU.sparse.major=1',
    'GNU.sparse.minor=0',
    `GNU.sparse.realsize=${size}`,
    `GNU.sparse.name=${name}`,
  ]);
  return Buffer.concat([extended('x', said), block('0', map.length), map]);
};

/** What `collect` writes of a host, of which it took one folder, with what is in that. */
const collected = (content: readonly Buffer[]): readonly Buffer[] => [
  file('mesos-ckpt.collect', 'mesos-ckpt collect 1\nH\ttime\t2026-01-01T00:00:00Z\nT\t/a\n'),
  folder('./a'),
  ...content,
  file('mesos-ckpt.collect.end', 'mesos-ckpt collect 1\n'),
];

const parts = (count: number, name: (i: number) => string): string => times(count, name).join('/');

/** Folders to a depth that a path can just have. */
const DEEP = 1900;

/** Forty links, each of which leads through as many folders as fit into the next. */
const throughLinks = (count: number, last: (i: number) => Buffer): readonly Buffer[] => [
  folder(`meta/${parts(DEEP, () => 'd')}`),
  ...times(39, (i) => link(`meta/l${i}`, `${'./'.repeat(1000)}l${i + 1}`)),
  link(
    'meta/l39',
    parts(DEEP, () => 'd'),
  ),
  ...times(count, last),
];

/** Archives that are made to cost more than they weigh: each by a number that says how large it is. */
export const HOSTILE: Readonly<Record<string, (size: number) => readonly Buffer[]>> = {
  'headers for all members': (size) => times(size, (i) => extended('g', records([`key${i}=${i}`, `mtime=${i}`]))),
  'headers for all members, and members': (size) => [
    extended('g', records(times(size, (i) => `key${i}=${i}`))),
    ...times(size, (i) => file(`meta/${i}`)),
  ],
  'headers for one member': (size) => [...times(size, (i) => extended('x', records([`key${i}=${i}`]))), file('meta/x')],
  'records of one header': (size) => [extended('x', records(times(size * 10, (i) => `key${i}=${i}`))), file('meta/x')],
  'long names for one member': (size) => [...times(size, () => extended('L', Buffer.from('meta/y\0'))), file('meta/x')],
  'a map of a sparse file in blocks': (size) => [oldSparse(size)],
  'a map of a sparse file before its content': (size) => [sparseMap(size * 50)],
  'a map of a sparse file in records': (size) => {
    const pairs = times(size * 10, (i) => [`GNU.sparse.offset=${i}`, 'GNU.sparse.numbytes=0']).flat();
    return [extended('x', records(['GNU.sparse.size=1000000000', ...pairs])), block('0', 0)];
  },
  'a map of a sparse file in one record': (size) => {
    const map = times(size * 50, (i) => `${i},0`).join(',');
    return [extended('x', records(['GNU.sparse.size=1000000000', `GNU.sparse.map=${map}`])), block('0', 0)];
  },
  'a map of a sparse file with more parts than any has': (size) => [sparseMap(size * 500)],
  'members without content': (size) => times(size, (i) => file(`meta/slaves/S/${i}`)),
  'members of no checkpoint': (size) => times(size, (i) => file(`etc/${i}`)),
  'one name again and again': (size) => times(size, (i) => file('meta/slaves/S/slave.info', `${i}`)),
  'one name as a file and a folder in turn': (size) =>
    times(size, (i) => (i % 2 === 0 ? file('meta/x') : folder('meta/x'))),
  'deep folders that are not members': (size) => times(size / 10, (i) => file(`meta/${i}/${parts(DEEP, () => 'd')}/x`)),
  'deep folders below each other': (size) => times(size / 10, (i) => file(`meta/${parts(DEEP, () => 'd')}/${i}`)),
  'members through links': (size) => throughLinks(size, (i) => file(`meta/l0/${i}`)),
  'folders through links, deeper than a path': (size) => [
    folder(`meta/${parts(DEEP, () => 'd')}`),
    link(
      'meta/l0',
      parts(DEEP, () => 'd'),
    ),
    ...times(Math.min(size, 4), (i) => [
      file(`meta/l${i}/${parts(DEEP, () => 'd')}/x`),
      link(`meta/l${i + 1}`, `l${i}/${parts(DEEP - 2, () => 'd')}`),
    ]).flat(),
    ...times(size, (i) => file(`meta/${i}`)),
  ],
  'hard links through links': (size) => [
    ...throughLinks(0, () => Buffer.alloc(0)),
    file('meta/l0/x'),
    ...times(size, (i) =>
      block('1', 0, [
        [0, `meta/h${i}`],
        [157, 'meta/l0/x'],
      ]),
    ),
  ],
  'links to long names': (size) => times(size / 10, (i) => link(`meta/${i}`, 'x/'.repeat(50_000))),
  'names of a megabyte': (size) => times(size / 50, (i) => file(`meta/${i}/${'x/'.repeat(500_000)}`)),
  'folders of no checkpoint with names of a megabyte': (size) =>
    times(size / 50, (i) => folder(`etc/${i}/${'x/'.repeat(500_000)}`)),
  'folders of the name of a checkpoint': (size) => times(size, (i) => folder(`a${i}/meta`)),
  'a checkpoint in a checkpoint': (size) => times(size / 10, (i) => folder(`meta/${parts(i, () => 'meta')}`)),
  'sandboxes in sandboxes': (size) =>
    times(size / 10, (i) => file(`${parts(200, () => 'slaves/S/frameworks/F/executors/E/runs/R')}/${i}`)),
  'names that are no UTF-8': (size) => times(size, (i) => file(`meta/slaves/${'\udcff'.repeat(80)}${i}`)),
  'a manifest that is a hole': (size) => [
    file('meta/boot_id', 'x'),
    ...times(size, () => hole('mesos-ckpt.snapshot.json', 1e10)),
  ],
  'a collected host with a folder of many names': (size) => collected(times(size * 50, (i) => file(`./a/${i}`))),
  'archives one behind the other': (size) =>
    times(size, (i) => Buffer.concat([file(`meta/${i}`), encodeEnd(2 * BLOCK)])),
  'zeros behind the end': (size) => [file('meta/x'), Buffer.alloc(size * 20 * BLOCK)],
};

/** The bytes of one of them, with what ends an archive. */
export const hostileArchive = (name: keyof typeof HOSTILE, size: number): Buffer => {
  const bytes = Buffer.concat(HOSTILE[name]?.(size) ?? []);
  return Buffer.concat([bytes, encodeEnd(bytes.length)]);
};
