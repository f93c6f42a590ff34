/** A number that the agent finds out about its host, or why it cannot be told. */
export type Detected =
  | { readonly known: true; readonly value: number; readonly from: string }
  | { readonly known: false; readonly why: string };

/** A line of `/etc/hosts`. */
export interface HostsLine {
  /** From 1. */
  readonly line: number;
  readonly address: string;
  readonly names: readonly string[];
}

/** What an agent finds out about its host that its flags do not say. */
export interface DetectedHost {
  readonly cpus: Detected;
  /** Bytes. */
  readonly memory: Detected;
  readonly gpus: Detected;
  /** Bytes of the file system that the work_dir is on. */
  readonly disk: Detected;
  /** What the host calls itself; undefined where that is not known. */
  readonly ownName: string | undefined;
  /** The names in `/etc/hosts`; none where the resolver of the host asks something else before it. */
  readonly hosts: readonly HostsLine[];
}
