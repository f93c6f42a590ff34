import { compareVersions, parseVersion, type Version } from '../../agent/version.ts';

/**
 * Whether a version has a fix that went into several lines of releases.
 * @param releases the first release of each line that has it, the newest line last: later lines have it all
 */
export const hasFix = (version: Version, releases: readonly string[]): boolean =>
  releases.some((text, i) => {
    const fixed = parseVersion(text);
    if (fixed === undefined || compareVersions(version, fixed) < 0) return false;
    const isSameLine = fixed[0] === version[0] && fixed[1] === version[1];
    return isSameLine || i === releases.length - 1;
  });
