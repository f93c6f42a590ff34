'use strict';
// Starts the command from its parts (scripts/build.mjs), with what V8 has compiled of them before where the Node at hand is
// the one that compiled it: docs/decisions/0062-compiled.md. Nothing is written.
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

/** What the Node at hand compiled is in a file of its name: another one's would be refused by V8, or be another processor's. */
const COMPILED = path.join(__dirname, 'compiled', `${process.versions.v8}-${process.arch}.bin`);
/** The length of the list of parts, before the list. */
const HEAD_BYTES = 4;

/** Where what was compiled of each part is in the file, and its sum: `undefined` where there is none. */
const openCompiled = () => {
  try {
    const descriptor = fs.openSync(COMPILED);
    const head = Buffer.allocUnsafeSlow(HEAD_BYTES);
    fs.readSync(descriptor, head, 0, HEAD_BYTES, 0);
    const list = Buffer.allocUnsafeSlow(Math.min(head.readUInt32LE(0), fs.fstatSync(descriptor).size));
    fs.readSync(descriptor, list, 0, list.length, HEAD_BYTES);
    const places = new Map(JSON.parse(list.latin1Slice()));
    return { descriptor, places, start: HEAD_BYTES + list.length };
  } catch {
    // The parts are compiled then, as they are for any other Node.
    return undefined;
  }
};

const compiled = openCompiled();

/** The files in which parts lie together, by the names of the parts: the build knows them (scripts/packs.mjs). */
const PACKS = {};

/** The functions of the parts in such a file, by its name. */
const packs = new Map();

/** The parts that were loaded, and the scripts that V8 made of them, by the names of their files. */
const loaded = new Map();
const scripts = new Map();

/** Bytes of a word: Node's buffers begin at the beginning of one. */
const WORD = 4;

/**
 * A sum of bytes, continued from an earlier sum. A word that has changed makes it another, and so do two that have changed places. It
 * tells damage, and not what somebody has changed on purpose. To load what Node has for sums takes longer than to count this one.
 */
const sumFrom = (begin, bytes) => {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / WORD));
  let sum = begin;
  for (let at = 0; at < words.length; at++) {
    // Turned, so that what is multiplied away at one end comes in at the other.
    const product = Math.imul(sum ^ words[at], 0x1e3779b1);
    sum = (product << 13) | (product >>> 19);
  }
  for (let at = WORD * words.length; at < bytes.length; at++) sum = Math.imul(sum ^ bytes[at], 0x1e3779b1);
  return sum;
};

/** Of the text of a part and of what was compiled of it: V8 looks at the length of the one, and runs whatever the other is. */
const sumOf = (text, data) => sumFrom(sumFrom(data.length, text), data);

/** What was compiled of a part, unless the part or that has changed since. */
const compiledOf = (name, text) => {
  try {
    // Of a file in which parts lie together each command uses others.
    const place = compiled?.places.get(`${process.argv[2]} ${name}`) ?? compiled?.places.get(name);
    if (place === undefined) return undefined;
    const [at, length, sum] = place;
    const data = Buffer.allocUnsafeSlow(length);
    const isWhole = fs.readSync(compiled.descriptor, data, 0, length, compiled.start + at) === length;
    return isWhole && sumOf(text, data) === sum ? data : undefined;
  } catch {
    // The list is damaged.
    return undefined;
  }
};

const requireFrom = (name) => (name.startsWith('./') ? loadPart(name.slice(2)) : require(name));

/** What a part exports, as `require` would give it, without looking for where it is. */
const loadPart = (name) => {
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const part = { exports: {} };
  loaded.set(name, part);
  const pack = PACKS[name];
  // The function is on the line on which the part starts, so that the lines of errors are the part's own.
  const start =
    pack === undefined
      ? run(name, (text) => `(function (exports, require, module, __filename, __dirname) {${text}\n})`)
      : functionsIn(pack)[name];
  start.call(part.exports, part.exports, requireFrom, part, path.join(__dirname, name), __dirname);
  return part.exports;
};

const functionsIn = (pack) => {
  const known = packs.get(pack);
  if (known !== undefined) return known;
  const functions = run(pack, (text) => text);
  packs.set(pack, functions);
  return functions;
};

/** Runs a file, and returns what its last expression is. */
const run = (name, wrap) => {
  const file = path.join(__dirname, name);
  const text = fs.readFileSync(file);
  const script = new vm.Script(wrap(text.utf8Slice()), { filename: file, cachedData: compiledOf(name, text) });
  scripts.set(name, script);
  return script.runInThisContext();
};

module.exports = { COMPILED, HEAD_BYTES, PACKS, loadPart, scripts, sumOf };
