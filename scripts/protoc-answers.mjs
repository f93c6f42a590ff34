/**
 * Writes `fixtures/decode/protoc.jsonl.gz`: what `protoc --decode` says of every message in the wire cases and in the trees of
 * the conformance data, so that tests can compare without it. Needs protoc (Debian's protobuf-compiler, 3.21).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { list } from 'tar';
import { load } from './load.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => path.join(root, ...parts);

const { contentOf, framesOf, messageNames, messageType } = await load(
  at('src'),
  "export { contentOf } from './decode/content.ts'; export { framesOf } from './format/frames.ts';" +
    "export { messageNames, messageType } from './schema/index.ts';",
);

const protos = readdirSync(at('src/schema/proto'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.proto'),
);

/** What protoc prints of a message; null where it takes it for none. */
const ask = (type, hex) => {
  const { status, stdout } = spawnSync(
    'protoc',
    [`--proto_path=${at('src/schema/proto')}`, `--decode=${type}`, ...protos],
    {
      input: Buffer.from(hex, 'hex'),
      maxBuffer: 2 ** 28,
    },
  );
  return status === 0 ? stdout.toString('latin1') : null;
};

const wire = gunzipSync(readFileSync(at('fixtures/conformance/wire.jsonl.gz')))
  .toString()
  .trim()
  .split('\n');
const messages = new Map();
for (const line of wire) {
  const { type, hex } = JSON.parse(line);
  messages.set(`${type} ${hex}`, { type, hex });
}
for (const name of readdirSync(at('fixtures/conformance/trees'))) {
  list({
    file: at('fixtures/conformance/trees', name),
    sync: true,
    onReadEntry: (entry) => {
      const type = contentOf(entry.path)?.content.message;
      if (entry.type !== 'File' || type === undefined) return;
      const chunks = [];
      entry.on('data', (chunk) => chunks.push(chunk));
      entry.on('end', () => {
        const bytes = Buffer.concat(chunks);
        for (const { start, end } of framesOf(bytes).records) {
          const hex = bytes.toString('hex', start, end);
          messages.set(`${type} ${hex}`, { type, hex });
        }
      });
    },
  });
}

// Messages of every type, made up from one seed: with several values of what is no list, packed lists, maps, members of one
// oneof, and fields and values of enumerations that the schema does not have.
let seed = 20261126;
const below = (most) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * most);
};
const varint = (value) => {
  const bytes = [];
  for (let left = BigInt.asUintN(64, BigInt(value)); ; left >>= 7n) {
    if (left < 0x80n) return Buffer.from([...bytes, Number(left)]);
    bytes.push(Number(left & 0x7fn) | 0x80);
  }
};
const tagged = (number, wire, ...rest) => Buffer.concat([varint((number << 3) | wire), ...rest]);
const long = (number, bytes) => tagged(number, 2, varint(bytes.length), bytes);
const NUMBERS = [0n, 1n, 127n, 300n, -1n, 2n ** 31n, 2n ** 63n - 1n];
const DOUBLES = [0, -0, 0.1, 1e21, 1.5, 1 / 3, Number.NaN, Number.POSITIVE_INFINITY, 1500000000.25];
const TEXTS = ['', 'a', 'it\'s "so"\n', 'é\u{1f600}', 'x'.repeat(40)];
const scalar = ({ kind, enum: names }) => {
  switch (kind) {
    case 'double': {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(DOUBLES[below(DOUBLES.length)]);
      return [1, bytes];
    }
    case 'enum':
      return [0, varint(below(6) === 0 ? 4242 : [...names.nameByNumber.keys()][below(names.nameByNumber.size)])];
    case 'bool':
      return [0, varint(below(2))];
    default:
      return [0, varint(NUMBERS[below(NUMBERS.length)])];
  }
};
const madeUp = (type, depth) =>
  Buffer.concat([
    ...type.fields.flatMap((field) => {
      if (field === undefined) return [];
      const times = field.label === 'required' ? 1 + below(2) : below(depth > 2 ? 2 : 3);
      return Array.from({ length: times }, () => {
        const { number, kind } = field;
        if (kind === 'message') return long(number, depth > 3 ? Buffer.alloc(0) : madeUp(field.message, depth + 1));
        if (kind === 'string') return long(number, Buffer.from(TEXTS[below(TEXTS.length)]));
        if (kind === 'bytes') return long(number, Buffer.from(Array.from({ length: below(20) }, () => below(256))));
        const values = Array.from({ length: 1 + below(2) }, () => scalar(field));
        if (field.label === 'repeated' && below(2) === 0)
          return long(number, Buffer.concat(values.map(([, bytes]) => bytes)));
        return Buffer.concat(values.map(([wire, bytes]) => tagged(number, wire, bytes)));
      });
    }),
    ...(below(3) === 0
      ? [
          tagged(1001, 0, varint(NUMBERS[below(NUMBERS.length)])),
          tagged(1002, 5, Buffer.from([1, 2, 3, 255])),
          tagged(1003, 1, Buffer.from([1, 2, 3, 4, 5, 6, 7, 255])),
          long(1004, below(2) === 0 ? Buffer.from('text') : long(1, long(2, tagged(3, 0, varint(7))))),
          tagged(1005, 3, tagged(1, 0, varint(5)), tagged(1005, 4)),
        ]
      : []),
  ]);
for (const type of messageNames) {
  for (let time = 0; time < 2; time++) {
    const bytes = madeUp(messageType(type), 0);
    if (bytes.length <= 2 ** 14) messages.set(`${type} ${bytes.toString('hex')}`, { type, hex: bytes.toString('hex') });
  }
}

const lines = [...messages.values()].map(({ type, hex }) => JSON.stringify({ type, hex, text: ask(type, hex) }));
mkdirSync(at('fixtures/decode'), { recursive: true });
writeFileSync(at('fixtures/decode/protoc.jsonl.gz'), gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
process.stdout.write(`${lines.length} messages, by ${execFileSync('protoc', ['--version']).toString()}`);
