import { expect, it } from 'vitest';
import type { MessageType } from '../../src/format/message-type.ts';
import { shapeOf } from '../../src/format/shape.ts';
import { collectedHost } from '../../src/host/collected.ts';
import { readRecordAt } from '../../src/preflight/facts/record-at.ts';
import { CollectedNode } from '../../src/source/collected/node.ts';
import type { Reason } from '../../src/source/collected/reasons.ts';
import { CollectedTree } from '../../src/source/collected/tree.ts';

const ANY: MessageType = { name: 'any', fields: [], syntax: 'proto2', requiredCount: 0 };

/** A collected host with one file, whose content is not known for a reason. */
const hostWithout = (reason: Reason) => {
  const [root, file] = [new CollectedNode(), new CollectedNode()];
  file.stat = { kind: 'file', mode: 0o100644, uid: 0, gid: 0, size: 9, modified: 0 };
  file.reason = reason;
  root.children.set('state', file);
  const time = '2026-01-02T03:04:05Z';
  const about = { hostName: 'n1', time, isLive: true, isRedacted: false, isRoot: true, workDirs: [] };
  return collectedHost('n1.tar', new CollectedTree(root, about, new Map()));
};

it.each([
  ['slow', 'reading it took too long when the host was collected', false],
  ['changed', 'it changed while it was collected', false],
  ['failed', 'Input/output error', false],
  ['denied', 'Permission denied', true],
] as const)(
  'a record of a collected host that is not known (%s) is said to be so, and why',
  (reason, why, needsRoot) => {
    expect(readRecordAt(hostWithout(reason), '/state', shapeOf(ANY, {}))).toEqual({
      known: false,
      why: `/state: ${why}`,
      needsRoot,
    });
  },
);
