import { TooManyResources } from '../../agent/resource-sum.ts';
import { isSupported, type Version, versionText } from '../../agent/version.ts';
import type { ReadExecutors } from '../../checkpoint/load.ts';
import { type Opened, openPath, openSource, UnusablePath } from '../../checkpoint/open.ts';
import type { Mode } from '../../findings/finding.ts';
import type { HostFacts } from '../../host/gather.ts';
import { type Host, isUnseen } from '../../host/host.ts';
import { ifKnown, type Known, known, unknown } from '../../host/known.ts';
import { SUPPORTED, SUPPORTED_SPAN } from '../../host/versions.ts';
import type { WorkDir } from '../../host/work-dir.ts';
import { AccessDenied, RecordTooLarge, type Source } from '../../source/source.ts';
import type { Verification } from '../../verify/verification.ts';
import { verifyCheckpoint } from '../../verify/verify.ts';

/** What is predicted of the checkpoint. */
export interface CheckpointFacts {
  readonly verification: Verification;
  /** The mode that decides: strict unless the flags say otherwise. */
  readonly mode: Mode;
  readonly source: Source;
  /** As it was opened, for what plans on it. */
  readonly opened: Opened;
}

/** What reads the executors of an opened checkpoint for an agent of a version; undefined where nothing else than usual does. */
export type ReadersFor = (opened: Opened, version: Version) => ReadExecutors | undefined;

/** How executors are read, and how much of them is kept. */
interface Reading {
  readonly readersFor?: ReadersFor | undefined;
  readonly keepsWhole?: boolean | undefined;
}

/** Reads the checkpoint of a host's agent, and predicts its recovery, after a reboot where one is about to happen. */
export const readCheckpoint = (
  host: Host,
  facts: HostFacts,
  isReboot: boolean,
  reading: Reading,
): Known<CheckpointFacts> => {
  const opened =
    facts.workDir === undefined
      ? unknown('nothing tells where the work_dir is; --work-dir does')
      : openCheckpoint(host, facts.workDir);
  return opened.known ? predict(opened.value, facts, isReboot, reading) : opened;
};

/** Opens the checkpoint in the work_dir of a host's agent. */
export const openCheckpoint = (host: Host, { path: workDir, inside, isContained }: WorkDir): Known<Opened> => {
  // What the host has at the same path is another one's.
  if (isContained) return unknown(`${workDir}: it is in the agent's container alone`);
  // What a host has of its own, and what was collected there, is what its agent will find, sandboxes or none.
  const options = { workDir: inside, inPlace: host.isOwn };
  const collected = host.sourceAt?.(workDir);
  if (collected !== undefined) return known(openSource(collected, options));
  const local = host.local(workDir);
  if (local === undefined) {
    const stat = host.stat(workDir);
    return isUnseen(stat)
      ? unknown(`${workDir}: it may not be looked at`, true)
      : unknown(`${workDir}: it is not there`);
  }
  try {
    return known(openPath(local, options));
  } catch (error) {
    return failureOf(workDir, error);
  }
};

/** What root cannot read either. */
const MAKE_READABLE = 'Make the file readable; if the host was collected, collect it again as root.';

const failureOf = (workDir: string, error: unknown): Known<never> => {
  if (error instanceof RecordTooLarge) return unknown(error.message);
  if (error instanceof TooManyResources) return unknown(`${workDir}: ${error.message}`);
  if (error instanceof AccessDenied) {
    return unknown(`${workDir}: ${error.message}`, error.isForRoot, error.isForRoot ? undefined : MAKE_READABLE);
  }
  if (error instanceof UnusablePath) return unknown(error.message, error.isDenied);
  throw error;
};

const predict = (
  opened: Opened,
  facts: HostFacts,
  isReboot: boolean,
  { readersFor, keepsWhole }: Reading,
): Known<CheckpointFacts> => {
  const { version } = facts.to;
  if (!isSupported(version)) {
    return unknown(
      `the recovery of ${versionText(version)} is not known; that of ${SUPPORTED_SPAN} is`,
      false,
      SUPPORTED,
    );
  }
  try {
    const verification = verifyCheckpoint(opened, {
      version,
      bootId: ifKnown(facts.clock.bootId),
      rebooted: isReboot ? true : undefined,
      launcher: facts.launcher,
      brief: keepsWhole === true ? false : 'named',
      readExecutors: readersFor?.(opened, version),
      managesVolumeGids: !facts.flags.isComplete || facts.flags.flags.has('volume_gid_range'),
    });
    if (!verification.checkpoint.hasMeta) {
      return unknown(`${verification.home}: there is no folder 'meta' in it, so it is not a work_dir, or a new one`);
    }
    const mode: Mode = facts.settings.strict.value ? 'strict' : 'nonStrict';
    return known({ verification, mode, source: opened.tree.source, opened });
  } catch (error) {
    return failureOf(opened.tree.home, error);
  }
};
