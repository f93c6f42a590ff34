import { displayWidth } from './width.ts';

/**
 * Lays words out in lines of at most `width` columns: the first behind `first`, the others behind `rest`. A word that is
 * wider than a line gets one of its own, unbroken, so that a path can still be copied.
 */
export const wrap = (text: string, width: number, first = '', rest = first): string => {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = rest;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].join('\n');
};
