import { Refusal } from '../apply/refusal.ts';
import type { Ways } from '../repair/ways/way.ts';
import { waysJson } from '../report/json/ways.ts';
import { choiceText } from '../report/ways/choice.ts';
import { jsonLine } from '../text/escape.ts';
import { EXIT } from './exit.ts';
import type { Io } from './io.ts';

/** The ways differ in what they keep, or the only one is a guess: nothing is applied before one of them is named. */
export class Undecided extends Refusal {
  override readonly name = 'Undecided';
  readonly #ways: Ways;
  readonly #path: string;
  readonly #behind: readonly string[];

  constructor(ways: Ways, path: string, behind: readonly string[]) {
    super(choiceText(ways, path, behind).lead);
    this.#ways = ways;
    this.#path = path;
    this.#behind = behind;
  }

  /** Says which ways there are, each with its command on a line of its own, and returns the exit code. */
  say(json: boolean, io: Io): number {
    const { lead, commands } = choiceText(this.#ways, this.#path, this.#behind);
    if (json) {
      const ways = waysJson(this.#ways, this.#path, this.#behind);
      io.out(`${jsonLine({ path: this.#path, error: lead, ways })}\n`);
    } else io.err(`mesos-ckpt: ${lead}:\n${commands.map((line) => `  ${line}\n`).join('')}`);
    return EXIT.unknown;
  }
}
