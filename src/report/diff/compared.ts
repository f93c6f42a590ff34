import type { Verification } from '../../verify/verification.ts';

/** One of two trees. */
export interface Compared {
  /** As it was given, or what it is. */
  readonly name: string;
  readonly verification: Verification;
}
