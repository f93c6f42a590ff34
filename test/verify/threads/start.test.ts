import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAhead, startWorkers } from '../../../src/verify/threads/start.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesos-ckpt-start-'));
  // A thread that tells how often it was asked.
  for (const name of ['one', 'other']) {
    writeFileSync(
      join(folder, `${name}.cjs`),
      `let asked = 0;
       const { port } = require('node:worker_threads').workerData;
       port.on('message', () => port.postMessage(['${name}', ++asked]));`,
    );
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const ask = (port: MessagePort | undefined): Promise<unknown> =>
  new Promise((resolve) => {
    port?.once('message', resolve);
    port?.postMessage('');
  });

describe('a thread that was started ahead', () => {
  it('is given to who asks for its program first, and to nobody twice', async () => {
    const [one, other] = [join(folder, 'one.cjs'), join(folder, 'other.cjs')];
    startAhead(one);
    // One is enough: it is not known yet whether it will be asked for.
    startAhead(one);
    const ports = [startWorkers(other, 1), startWorkers(one, 1), startWorkers(one, 1)].map(([port]) => port);
    expect(new Set(ports).size).toBe(3);
    expect(await Promise.all(ports.map(ask))).toEqual([
      ['other', 1],
      ['one', 1],
      ['one', 1],
    ]);
    expect(await ask(ports[1])).toEqual(['one', 2]);
    for (const port of ports) port?.close();
  });

  it('counts among those that are asked for', () => {
    const one = join(folder, 'one.cjs');
    startAhead(one);
    const most = startWorkers(one).length;
    expect(most).toBe(startWorkers(one).length);
  });
});
