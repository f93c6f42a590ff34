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
/** Longer is no list, but what stands for its length was damaged. */
const MAX_LIST_BYTES = 64 * 1024;

/** Where what was compiled of each part is in the file, and its text: `undefined` where there is no such file. */
const openCompiled = () => {
  try {
    // Not blocking: nobody may write to what is there in its place.
    const descriptor = fs.openSync(COMPILED, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const bytes = Buffer.allocUnsafeSlow(HEAD_BYTES + MAX_LIST_BYTES);
    fs.readSync(descriptor, bytes, 0, bytes.length, 0);
    const start = HEAD_BYTES + bytes.readUInt32LE(0);
    const places = new Map(JSON.parse(bytes.latin1Slice(HEAD_BYTES, start)));
    return { descriptor, places, start };
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

/** What is compared is read into it, piece by piece: memory that is new takes longer than all the rest of it. */
const piece = Buffer.allocUnsafeSlow(128 * 1024);

/** Reads what is at a place of the file of what was compiled, and says whether all of it is there. */
const readAt = (place, into, length) =>
  fs.readSync(compiled.descriptor, into, 0, length, compiled.start + place) === length;

/**
 * Whether the same bytes are at a place of the file. V8 looks at the length of a text and of nothing else, and runs whatever was compiled
 * of it: so the file has all of that twice, and the text. To compare is what Node does fastest, and has no need to load anything for.
 */
const isAlsoAt = (place, bytes) => {
  for (let at = 0; at < bytes.length; at += piece.length) {
    const length = Math.min(piece.length, bytes.length - at);
    if (!readAt(place + at, piece, length) || bytes.compare(piece, 0, length, at, at + length) !== 0) return false;
  }
  return true;
};

/** What was compiled of a part, unless the part or that has changed since. */
const compiledOf = (name, text) => {
  try {
    // Of a file in which parts lie together each command uses others.
    const place = compiled?.places.get(`${process.argv[2]} ${name}`) ?? compiled?.places.get(name);
    if (place === undefined) return undefined;
    const [at, length, textAt] = place;
    const data = Buffer.allocUnsafeSlow(length);
    return readAt(at, data, length) && isAlsoAt(at + length, data) && isAlsoAt(textAt, text) ? data : undefined;
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

module.exports = { COMPILED, HEAD_BYTES, MAX_LIST_BYTES, PACKS, loadPart, scripts };
