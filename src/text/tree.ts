import { fitLine, type Part } from './line.ts';
import { styles } from './style.ts';
import type { TableOptions } from './table.ts';

/** A line of a tree, and what hangs below it. */
export interface TreeNode {
  readonly parts: readonly Part[];
  readonly children: readonly TreeNode[];
}

/** Below this many columns a line says nothing, however deep it hangs. */
const LEAST = 8;

/** A tree, a line a node, each ending in a newline. */
export const renderTree = (roots: readonly TreeNode[], options: Omit<TableOptions, 'indent'>): string => {
  const paint = styles(options.colour);
  const lines: string[] = [];
  const width = options.wide === true ? Number.POSITIVE_INFINITY : options.width;
  const draw = (node: TreeNode, lead: string, below: string): void => {
    const cut = width - lead.length < LEAST ? lead.slice(0, Math.max(0, width - LEAST)) : lead;
    lines.push(`${paint.dim(cut)}${fitLine(node.parts, width - cut.length, paint)}\n`);
    for (const [i, child] of node.children.entries()) {
      const last = i === node.children.length - 1;
      draw(child, `${below}${last ? '└─ ' : '├─ '}`, `${below}${last ? '   ' : '│  '}`);
    }
  };
  for (const root of roots) draw(root, '', '');
  return lines.join('');
};
