import { shown } from './escape.ts';
import type { StyleName } from './style.ts';

/** A text that is safe on a screen, and how it looks. */
export interface Cell {
  readonly text: string;
  readonly style?: StyleName | undefined;
}

/** A cell with a text from the checkpoint, which is made safe here. */
export const cell = (text: string, style?: StyleName): Cell => ({ text: shown(text), style });

/** A cell with nothing in it. */
export const BLANK: Cell = Object.freeze({ text: '' });
