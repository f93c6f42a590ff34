import { versionText } from '../agent/version.ts';
import type { Checkpoint } from '../checkpoint/model.ts';
import type { Opened } from '../checkpoint/open.ts';
import { distinct, type Finding, type Mode } from '../findings/finding.ts';
import { advance, during } from '../program/progress.ts';
import { trace } from '../program/trace.ts';
import { explore, simulateStarts } from '../recovery/simulate.ts';
import { rulesOf } from '../recovery/versions.ts';
import { excerpt } from '../text/excerpt.ts';
import { assumptionFindings } from './assumptions.ts';
import { bootFindings, bootOf } from './boot.ts';
import { checks } from './checks/index.ts';
import { exitCodeOf, metricOf } from './exit-code.ts';
import { defaultsOf, load } from './load.ts';
import { oddMemberFindings } from './odd-members.ts';
import type { ModeResult, Verification, VerifyOptions } from './verification.ts';
import { impactOf } from './weigh/weigh.ts';

/**
 * Predicts the recovery of an opened checkpoint, in both modes.
 * @throws AccessDenied where a file may not be read, TypeError where `version` is a text that names none that is simulated
 */
export const verifyCheckpoint = (opened: Opened, given: VerifyOptions = {}): Verification =>
  verifyLoaded(opened, load(opened, { ...given, ...defaultsOf(given) }), given);

/** The same of one that was read, whole, as far as recovery asks. */
export const verifyLoaded = (opened: Opened, checkpoint: Checkpoint, given: VerifyOptions = {}): Verification =>
  during('predicting recovery', undefined, () => judgeLoaded(opened, checkpoint, given));

const judgeLoaded = (opened: Opened, checkpoint: Checkpoint, given: VerifyOptions): Verification => {
  const options = { ...given, ...defaultsOf(given) };
  const { home } = opened.tree;
  const { manifest, collected } = opened;
  // A snapshot is judged as on its host, when it was taken; so is what was collected from one.
  const ownBootId =
    collected === undefined
      ? manifest === undefined
        ? options.ownBootId
        : (manifest.host.bootId ?? undefined)
      : collected.bootId;
  const boot = bootOf(checkpoint.bootId, { ...options, ownBootId }, opened.inPlace || collected !== undefined);
  // Of a meta that was given alone, the sandboxes beside it are not looked at, wherever it is.
  const seesSandboxes = checkpoint.hasSandboxes || (opened.inPlace && opened.level === 'work_dir');
  const judgeSandboxes = options.sandboxes === 'judge' || (options.sandboxes === 'auto' && seesSandboxes);
  const common = {
    version: options.version,
    home,
    rebooted: boot.rebooted,
    launcher: options.launcher,
    judgeSandboxes,
    managesVolumeGids: options.managesVolumeGids,
    agentInfo: options.agentInfo,
  };
  trace('assumed', () => ({
    version: versionText(options.version),
    workDir: home,
    launcher: options.launcher,
    judgeSandboxes,
    bootIdIn: boot.kind,
    checkpointedBootId: boot.checkpointed,
    hostBootId: boot.host,
    rebooted: boot.rebooted,
    rebootIsAssumed: boot.assumed,
  }));
  const explored = explore(checkpoint, common);
  const rules = rulesOf(options.version);
  const findings = distinct([
    ...explored.findings,
    ...checks.flatMap((check) => {
      advance(0);
      return check(checkpoint, { rules, home });
    }),
    ...bootFindings(boot, checkpoint),
    ...assumptionFindings(opened, checkpoint, boot, { ...options, judgeSandboxes }),
    ...oddMemberFindings(opened.oddMembers ?? []),
  ]).map(shortened);
  // A start that nothing ended, and that a strict agent would have made too, need not be made again.
  const simulate = (mode: Mode, isExplored: boolean): Pick<ModeResult, 'starts' | 'impact'> => {
    advance(0);
    const starts = isExplored ? [explored.start] : simulateStarts(checkpoint, { ...common, strict: mode === 'strict' });
    return { starts, impact: impactOf(checkpoint, starts) };
  };
  const strict = simulate('strict', explored.isStrictStart);
  const nonStrict = explored.isStrictStart ? strict : simulate('nonStrict', explored.isNonStrictStart);
  for (const { code, path, offset } of findings) trace('finding', () => ({ code, path, offset }));
  const result = (mode: Mode, { starts, impact }: Pick<ModeResult, 'starts' | 'impact'>): ModeResult => {
    const exitCode = exitCodeOf(checkpoint, starts, impact, findings, mode);
    trace('verdict', () => ({ mode, starts: starts.map(({ verdict }) => verdict), exitCode }));
    return { starts, impact, metric: metricOf(starts), exitCode };
  };
  return {
    checkpoint,
    version: options.version,
    home,
    inPlace: opened.inPlace,
    manifest: opened.manifest,
    collected: opened.collected,
    boot,
    assumed: common,
    strict: result('strict', strict),
    nonStrict: result('nonStrict', nonStrict),
    findings,
  };
};

const shortened = (finding: Finding): Finding =>
  finding.message.length <= MOST_OF_A_MESSAGE
    ? finding
    : { ...finding, message: excerpt(finding.message, MOST_OF_A_MESSAGE) };

/** In UTF-16 units; what is longer lists resources or volumes, of which a hundred are enough. */
const MOST_OF_A_MESSAGE = 10_000;
