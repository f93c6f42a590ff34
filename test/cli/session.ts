import { type Ran, run } from '../inspect/support.ts';

export { type Ran, run };

/** The lines that may be wider than the screen: what an operator copies, a path or the agent's message, is not broken. */
export const isCopied = (line: string): boolean => {
  const words = line.trim().split(' ');
  return (
    line.startsWith('  Failed to perform recovery: ') ||
    line.startsWith('  or: ') ||
    line.startsWith('  Check failed: ') ||
    line.startsWith('  Try::get()') ||
    line.startsWith('  Cannot find latest run') ||
    line.startsWith("  Missing 'Resource.AllocationInfo'") ||
    /^ {2}meta\//.test(line) ||
    /^ {2}slaves\//.test(line) ||
    words.some((word) => word.length > 60)
  );
};
