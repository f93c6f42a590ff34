import type { Difference } from '../../compare/compare.ts';
import { shown } from '../../text/escape.ts';
import { excerpt } from '../../text/excerpt.ts';
import { type ScreenOptions, type Styles, styles } from '../../text/style.ts';
import { count, verb } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';
import { runsText } from '../verify/screen.ts';
import { modeName, verdictStyle, verdictText } from '../verify/verdict.ts';
import type { Compared } from './compared.ts';
import type { LivingBelow } from './living-below.ts';
import { hasMessages, messagePatch, resourceChanges } from './messages.ts';
import { changeText, entityText, WORDS } from './words.ts';

export interface DiffScreenOptions extends ScreenOptions {
  readonly showSecrets: boolean;
  /** How much runs below a folder that came or went. */
  readonly living: LivingBelow;
}

/** Lines of one message's difference that are shown. */
const MOST_LINES = 60;
/** Paths of files that no agent reads that are named. */
const MOST_UNREAD = 5;

/** The two trees, and what each comes to: the first lines of the screen. */
export const headText = (a: Compared, b: Compared, { width, colour }: ScreenOptions): string => {
  const paint = styles(colour);
  return (
    [
      ['A', a],
      ['B', b],
    ] as const
  )
    .map(([letter, { name, verification }]) => {
      const modes = (['strict', 'nonStrict'] as const).map((mode) => {
        const style = paint[verdictStyle(verification[mode].exitCode)];
        return style(wrap(`${modeName(mode)}: ${verdictText(verification, mode)}`, width, '     ', '       '));
      });
      const runs = wrap(runsText(verification), width, '     ', '       ');
      return [`${paint.bold(letter)}  ${shown(name)}`, runs, ...modes, ''].join('\n');
    })
    .join('');
};

/** A difference, as lines: what it is about where that is new, and what it is. */
export class DifferenceLines {
  readonly #options: DiffScreenOptions;
  readonly #paint: Styles;
  #entity = '';
  #unread: Difference[] = [];

  constructor(options: DiffScreenOptions) {
    this.#options = options;
    this.#paint = styles(options.colour);
  }

  /** What no agent reads is told at the end, all at once. */
  of(difference: Difference): string {
    if (!difference.isRead) {
      this.#unread.push(difference);
      return '';
    }
    const { width } = this.#options;
    const entity = entityText(difference.place);
    const head = entity === this.#entity ? [] : ['', this.#paint.bold(entity)];
    this.#entity = entity;
    const mark = difference.what === 'came' ? '+' : difference.what === 'went' ? '-' : '~';
    const paint = this.#paint[difference.what === 'came' ? 'good' : difference.what === 'went' ? 'bad' : 'warn'];
    const line = `  ${paint(mark)} ${wrap(excerpt(changeText(difference, this.#options.living), 1000), width - 4)
      .split('\n')
      .join('\n    ')}`;
    return `${[...head, line, ...this.#details(difference)].join('\n')}\n`;
  }

  #details(difference: Difference): readonly string[] {
    const { width, showSecrets } = this.#options;
    const resources = resourceChanges(difference);
    if (resources !== undefined) {
      const lines = (mark: string, all: readonly string[]): readonly string[] =>
        all.map((each) => wrap(shown(excerpt(each, 1000)), width, `    ${mark} `, '      '));
      return [...lines('-', resources.went).map(this.#paint.bad), ...lines('+', resources.came).map(this.#paint.good)];
    }
    if (!hasMessages(difference)) return [];
    const patch = messagePatch(difference, showSecrets);
    if (patch === undefined) return ['    too much of it differs to be shown line by line'];
    if (patch.length === 0) return ['    only secret values, or how it is encoded, differ'];
    const left = patch.length - MOST_LINES;
    return [
      ...patch.slice(0, MOST_LINES).map((line) => this.#painted(`    ${line}`, line)),
      ...(left > 0 ? [`    … ${count(left, 'more line')}; --json has all`] : []),
    ];
  }

  #painted(text: string, line: string): string {
    if (line.startsWith('+')) return this.#paint.good(text);
    return line.startsWith('-') ? this.#paint.bad(text) : this.#paint.dim(text);
  }

  /** What differs and is read by no agent. */
  end(): string {
    const all = this.#unread;
    if (all.length === 0) return '';
    const paths = all.slice(0, MOST_UNREAD).map(({ path, what }) => `  ${WORDS[what]}: ${shown(path)}`);
    const left = all.length - paths.length;
    return [
      '',
      wrap(
        `${count(all.length, 'difference')} that no agent reads ${verb(all.length, 'is', 'are')} left out above:`,
        this.#options.width,
      ),
      ...paths,
      ...(left > 0 ? [`  and ${left} more; --json has all`] : []),
      '',
    ].join('\n');
  }
}
