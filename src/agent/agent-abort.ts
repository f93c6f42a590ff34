/**
 * A place where the agent ends itself with SIGABRT: a failed `CHECK`, a `LOG(FATAL)` or an `UNREACHABLE()`.
 * It is thrown where the agent would die, and whoever asked turns it into an outcome: it is no failure of ours.
 */
export class AgentAbort extends Error {
  override readonly name = 'AgentAbort';
}

/** The abort of a failed `CHECK(condition) << detail`, in the words that glog gives it. */
export function failedCheck(condition: string, detail = ''): AgentAbort {
  return new AgentAbort(`Check failed: ${condition} ${detail}`.trimEnd());
}

/** The abort of an `UNREACHABLE()` that is reached. */
export function unreachable(): AgentAbort {
  return new AgentAbort('Reached unreachable statement');
}
