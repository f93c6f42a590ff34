import { describe, expect, it } from 'vitest';
import { verifyJson } from '../../src/report/json/verify.ts';
import { verifyScreen } from '../../src/report/verify/screen.ts';
import { AGENT, BOOT_ID, MARATHON, VOLUMES } from './places.ts';
import { predict, writeBytes, writeText } from './predict.ts';

const MEGABYTE = 1024 * 1024;
const PID = `${VOLUMES.first.run}/pids/forked.pid`;
const screen = { mode: 'strict', width: 80, colour: false } as const;

describe('a text as long as its file', () => {
  it.each([
    [PID],
    [`${VOLUMES.first.run}/pids/libprocess.pid`],
    [`${VOLUMES.framework}/framework.pid`],
    [`${VOLUMES.first.path}/executor_generated_for_command_task`],
    [BOOT_ID],
  ])('is not repeated whole: %s', (path) => {
    for (const bytes of [Buffer.alloc(MEGABYTE), Buffer.alloc(MEGABYTE, 'x')]) {
      const verification = predict('volumes', [writeBytes(path, bytes)]);
      for (const { message } of verification.findings) expect(message.length).toBeLessThan(2000);
      expect(verifyScreen(verification, screen).length).toBeLessThan(40_000);
      const json = verifyJson('x', verification, { mode: 'strict', withState: true });
      expect(JSON.stringify(json).length).toBeLessThan(16 * MEGABYTE);
    }
  });

  it("is whole in the agent's own words, as far as texts go that any agent writes", () => {
    const text = 'x'.repeat(10_000);
    const verification = predict('volumes', [writeText(PID, text)]);
    expect(JSON.stringify(verifyJson('x', verification, { mode: 'strict', withState: false }))).toContain(
      `Failed to convert '${text}' to number`,
    );
    expect(verifyScreen(verification, screen)).toMatch(/x…\s+\(9\d+ more characters\)/);
    expect(verifyScreen(verification, { ...screen, log: true })).toMatch(/x{300}… \(\d+ more characters\)/);
  });
});

describe('much of a kind', () => {
  const executors = [MARATHON.web, MARATHON.api, MARATHON.nightly, MARATHON.cache, MARATHON.webBefore];
  const edits = [
    ...executors.flatMap(({ run }) => [writeText(`${run}/pids/forked.pid`, 'x')]),
    ...Array.from({ length: 20 }, (_, i) => writeText(`${AGENT}/stray-${i}`, 'x')),
  ];
  const verification = predict('marathon', edits);

  it('is counted after the first few', () => {
    const text = verifyScreen(verification, screen);
    expect(text).toContain('  and 12 more like it; --all shows all');
    expect(text).not.toContain('stray-19');
  });

  it('is listed whole where all is asked for', () => {
    const text = verifyScreen(verification, { ...screen, all: true });
    expect(text).not.toContain('--all');
    for (let i = 0; i < 20; i++) expect(text).toContain(`/stray-${i}\n`);
  });
});
