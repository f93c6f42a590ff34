import type { TextFile } from '../checkpoint/files.ts';
import type { Checkpoint } from '../checkpoint/model.ts';
import { type Finding, findingOf } from '../findings/finding.ts';
import { fileIn } from '../layout/kinds.ts';
import * as names from '../layout/names.ts';
import { isFifo, isFolderItself } from '../recovery/reading.ts';
import { quoted } from '../text/excerpt.ts';

/** What is known of the host's boot. */
export interface BootOptions {
  /**
   * The host's boot id, where it is known.
   * @default `ownBootId`, where that counts
   */
  readonly bootId?: string | undefined;
  /**
   * The host is known to have been rebooted.
   * @default what the boot ids say; false where there is nothing to compare
   */
  readonly rebooted?: boolean | undefined;
  /**
   * The boot id of the machine that this runs on: it counts where the tree is read in place, or holds the same.
   * @default not known
   */
  readonly ownBootId?: string | undefined;
}

/** Whether the agent will take its host for rebooted, and how that is known. */
export interface Boot {
  /** Whether the checkpointed boot id was there and could be read. */
  readonly kind: 'read' | 'missing' | 'unreadable';
  readonly checkpointed: string | undefined;
  /** What it was compared with. */
  readonly host: string | undefined;
  readonly rebooted: boolean;
  /** Nothing was there to compare with: not rebooted was assumed. */
  readonly assumed: boolean;
}

/** Compares the boot ids as the agent does: the checkpointed one is trimmed, and an empty one is another. */
export const bootOf = (file: TextFile, options: BootOptions, inPlace: boolean): Boot => {
  const kind = file.kind === 'text' ? 'read' : file.kind === 'absent' ? 'missing' : 'unreadable';
  const checkpointed = file.kind === 'text' ? file.text.replace(/^[ \t\n\r]+|[ \t\n\r]+$/g, '') : undefined;
  const isOwnHost = inPlace || (checkpointed !== undefined && checkpointed === options.ownBootId);
  const host = options.bootId ?? (isOwnHost ? options.ownBootId : undefined);
  if (options.rebooted === true) return { kind, checkpointed, host, rebooted: true, assumed: false };
  // What is no boot id at all is no host's.
  const isOther = checkpointed !== undefined && (host === undefined ? !isBootId(checkpointed) : checkpointed !== host);
  return { kind, checkpointed, host, rebooted: isOther, assumed: host === undefined && !isOther };
};

/** Whether a text can be a boot id: the kernel makes a uuid. */
export const isBootId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** What is to be said of the boot ids. */
export const bootFindings = (boot: Boot, { hasMeta, bootId }: Checkpoint): readonly Finding[] => {
  if (!hasMeta) return [];
  const location = { path: fileIn(names.META, 'boot_id') };
  const { kind, checkpointed } = boot;
  const found: Finding[] = [];
  if (kind === 'missing') {
    found.push(findingOf('boot-id-missing', location, 'the agent takes the host for not rebooted'));
  }
  // A FIFO or a folder has a finding of its own.
  if (kind === 'unreadable' && !isFifo(bootId) && !isFolderItself(bootId)) {
    found.push(findingOf('boot-id-unreadable', location, 'the agent takes the host for not rebooted'));
  }
  if (checkpointed !== undefined && !isBootId(checkpointed)) {
    const message = `${quoted(checkpointed)} is not a host's boot id, so the agent takes its host for rebooted`;
    found.push(findingOf('boot-id-malformed', location, message));
  }
  if (boot.assumed && kind === 'read') {
    const message = 'may be a copy: assuming no reboot';
    found.push(findingOf('boot-id-assumed', location, message));
  }
  if (boot.rebooted) {
    const message = boot.host === undefined ? 'so it is assumed' : 'the host runs under another boot id';
    found.push(findingOf('host-rebooted', location, message));
  }
  return found;
};
