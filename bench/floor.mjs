/**
 * The floor: lists every folder of a tree and reads every file, and does nothing with the bytes. Nothing that reads a
 * checkpoint with one thread of Node can take much less.
 */
import * as fs from 'node:fs';

const buffer = Buffer.allocUnsafeSlow(256 * 1024);

const walk = (folder) => {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) walk(path);
    else if (entry.isFile()) readAll(path);
  }
};

const readAll = (path) => {
  const descriptor = fs.openSync(path, 'r');
  while (fs.readSync(descriptor, buffer, 0, buffer.length, null) > 0);
  fs.closeSync(descriptor);
};

walk(process.argv[2]);
