import type { Version } from '../agent/version.ts';
import type { ReadExecutors } from '../checkpoint/load.ts';
import type { Manifest } from '../checkpoint/manifest.ts';
import type { Checkpoint } from '../checkpoint/model.ts';
import type { Finding } from '../findings/finding.ts';
import type { SimulationOptions, Start } from '../recovery/simulate.ts';
import type { Launcher } from '../recovery/startup/containers.ts';
import type { StartingInfo } from '../recovery/startup/startup.ts';
import type { CollectedAbout } from '../source/collected/tree.ts';
import type { Boot, BootOptions } from './boot.ts';
import type { Impact } from './impact.ts';

/** What is known, or assumed, of the agent that will start. */
export interface VerifyOptions extends BootOptions {
  /**
   * The version of the agent that will start, from 1.4.0 to 1.12.
   * @default '1.11.0'
   */
  readonly version?: Version | string | undefined;
  /**
   * Whether a missing sandbox ends the start: `auto`, where the tree has any, or is read in place.
   * @default 'auto'
   */
  readonly sandboxes?: 'auto' | 'judge' | 'ignore' | undefined;
  /**
   * Keep just what is worth telling: of an executor in whose folder all is as it should be, no more than what becomes of
   * it, with `named` its kind and its tasks' names too. Many executors cost little memory then, but the agent's state cannot be
   * shown.
   * @default false
   */
  readonly brief?: boolean | 'named' | undefined;
  /**
   * Reads the executors of a framework, in several threads for example: as short as `brief` allows, or whole.
   * @default one after the other
   */
  readonly readExecutors?: ReadExecutors | undefined;
  /**
   * How the agent launches executors; `posix` refuses a pid that occurs twice.
   * @default 'linux', which an agent takes that runs as root
   */
  readonly launcher?: Launcher | undefined;
  /**
   * Whether the agent manages the gids of volumes (`--volume_gid_range`): only then does a damaged list of them end its start.
   * @default true
   */
  readonly managesVolumeGids?: boolean | undefined;
  /**
   * The info that the agent builds from its flags and its host, and the policy by which it compares it with `slave.info`.
   * @default it is that of `slave.info`
   */
  readonly agentInfo?: StartingInfo | undefined;
}

/** What a mode does: its starts one after the other, and what they cost. */
export interface ModeResult {
  readonly starts: readonly Start[];
  readonly impact: Impact;
  /** What `slave/recovery_errors` will show; undefined where no start comes up. */
  readonly metric: number | undefined;
  readonly exitCode: 0 | 1 | 2 | 3;
}

/** What is predicted of a checkpoint. */
export interface Verification {
  readonly checkpoint: Checkpoint;
  readonly version: Version;
  /** The work_dir's absolute path on the agent. */
  readonly home: string;
  readonly inPlace: boolean;
  /** What a snapshot says of itself, where it is one that was read. */
  readonly manifest: Manifest | undefined;
  /** What a host that was collected says of itself. */
  readonly collected: CollectedAbout | undefined;
  readonly boot: Boot;
  /** What every start was simulated with. */
  readonly assumed: Omit<SimulationOptions, 'strict' | 'version'> & { readonly version: Version };
  readonly strict: ModeResult;
  readonly nonStrict: ModeResult;
  /** What was found, in the order of the tree. */
  readonly findings: readonly Finding[];
}
