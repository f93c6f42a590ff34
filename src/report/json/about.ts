/**
 * How the name of a host is known: `host` where it was asked, or its files were; `manifest` where a snapshot or what was
 * collected from it says so; `slave.info` where the agent's checkpointed info does; else it is made of the `path`.
 */
export type HostFrom = 'host' | 'manifest' | 'slave.info' | 'path';

/** What a line of JSON is about, and when it was made: by this, lines that were gathered from many hosts are told apart. */
export interface About {
  readonly host: string;
  readonly hostFrom: HostFrom;
  /** When this was judged, and, of an archive that says so, when it was taken; in ISO 8601. */
  readonly time: string;
  readonly takenAt: string | undefined;
  /** The machine that judged it: by it and the path, a name that is made of a path is known. */
  readonly judgedOn: string;
}

/** The keys that say what a line is about; none where that is not known. */
export const aboutJson = (about: About | undefined): object =>
  about === undefined
    ? {}
    : {
        host: about.host,
        hostFrom: about.hostFrom,
        time: about.time,
        takenAt: about.takenAt ?? null,
        judgedOn: about.judgedOn,
      };

/** The same, with the agent that was read. */
export const aboutAgentJson = (about: About | undefined, agent: string | undefined): object =>
  about === undefined ? {} : { ...aboutJson(about), agentId: agent ?? null };
