import { originText } from '../../agent/flags/origin.ts';
import type { Space } from '../../host/host.ts';
import { isReadOnly } from '../../host/mounts.ts';
import { sizeText } from '../../text/words.ts';
import type { Facts } from '../facts/facts.ts';
import { withheldFrom } from '../facts/withheld.ts';
import { keepsText, takeOut } from './about-unit.ts';
import { dontKnow, endsStart, fail, notSeen, ok, type PreflightCheck, type Row, warn } from './check.ts';

const MIB = 1024 * 1024;
/** A checkpoint of a busy agent is some MiB; with less the agent cannot write what it must before it answers. */
const LEAST = { bytes: 16 * MIB, inodes: 1000 };
/** Below these something else will soon have filled the disk. */
const LOW = { bytes: 512 * MIB, share: 0.02, inodes: 20_000 };

/** Whether the agent can write. */
export const workDirDisk: PreflightCheck<'work-dir-disk'> = {
  code: 'work-dir-disk',
  title: 'The disk of the work_dir takes writes',
  explanation:
    'A checkpoint needs little, and fails badly: on a disk that is full, out of inodes or mounted read-only the agent cannot write its boot_id, an update or a resource, and aborts. A disk that has errors is mounted read-only by the kernel while the agent still runs. And a unit may make it so for what it starts: ProtectSystem=, ReadOnlyPaths= and their like.',
  remedy:
    'Make room: old sandboxes under slaves/ are the first to go (see collection), a log that grew is the next. A disk that turned read-only is looked at with dmesg before anything else.',
  visibility: 'Run this on the host itself, where /proc/mounts shows how the disk is mounted.',
  judge: ({ facts }) => {
    const found = facts.workDir;
    if (found === undefined) return [dontKnow('nothing tells where the work_dir is')];
    const rows: Row[] = [];
    if (found.mount.known && found.mount.value !== undefined && isReadOnly(found.mount.value)) {
      rows.push(
        endsStart(`${found.mount.value.path} is mounted read-only (${found.mount.value.device})`, '/proc/mounts'),
      );
    }
    rows.push(...ofUnit(facts, found.real));
    if (found.space.known) rows.push(...judgeSpace(found.space.value, found.path));
    if (rows.some(({ verdict }) => verdict !== 'ok')) return rows.filter(({ verdict }) => verdict !== 'ok');
    if (!found.mount.known) return [notSeen(found.mount)];
    return found.space.known ? rows : [notSeen(found.space)];
  },
};

/** What a unit takes of its host away from the agent that it starts. */
const ofUnit = (facts: Facts, path: string): readonly Row[] => {
  const withheld = withheldFrom(facts, path);
  if (withheld === undefined) return [];
  const { directive, isHidden } = withheld;
  return [
    endsStart(
      keepsText(withheld, path),
      originText(directive),
      isHidden ? takeOut(directive) : `Set ReadWritePaths=${path} in the unit, and run systemctl daemon-reload.`,
    ),
  ];
};

const judgeSpace = ({ size, free, inodes, freeInodes }: Space, path: string): readonly Row[] => {
  const text = `${sizeText(free)} of ${sizeText(size)} are free at ${path}`;
  const rows: Row[] = [];
  if (free < LEAST.bytes) rows.push(fail(text));
  else if (free < LOW.bytes || free < size * LOW.share) rows.push(warn(text));
  // Some file systems make inodes as they need them, and count none.
  const isCounted = inodes > 0;
  const inodeText = `${freeInodes} of ${inodes} inodes are free at ${path}`;
  if (isCounted && freeInodes < LEAST.inodes) rows.push(fail(inodeText));
  else if (isCounted && freeInodes < LOW.inodes) rows.push(warn(inodeText));
  return rows.length > 0 ? rows : [ok(isCounted ? `${text}, and ${freeInodes} inodes` : text)];
};
