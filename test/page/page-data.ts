import { gunzipSync } from 'node:zlib';
import type { AgentHead, DetailsBlock, Evidence, Index, Overview } from '../../src/report/page/document.ts';

/** What is in a page, as its own program unpacks it. */
export class PageData {
  readonly #blocks: ReadonlyMap<number, string>;
  readonly overview: Overview;

  constructor(html: string) {
    const all = html.matchAll(/<script type="application\/octet-stream" id="block-(\d+)">([\w+/=]*)<\/script>/g);
    this.#blocks = new Map(
      [...all].map(([, number, packed = '']) => [Number(number), gunzipSync(Buffer.from(packed, 'base64')).toString()]),
    );
    this.overview = this.block(Number(/<meta id="overview" data-block="(\d+)">/.exec(html)?.[1]));
  }

  block<T>(number: number): T {
    return JSON.parse(this.#blocks.get(number) ?? '');
  }

  head(agent = 0): AgentHead {
    return this.block(this.overview.agents[agent]?.head ?? -1);
  }

  index(agent = 0): Index {
    return this.block(this.overview.agents[agent]?.index ?? -1);
  }

  evidence(agent = 0): readonly Evidence[] {
    return this.head(agent).evidence.flatMap(([number]) => this.block<readonly Evidence[]>(number));
  }

  details(agent = 0): readonly DetailsBlock[] {
    const numbers = new Set(this.index(agent).blocks.filter((number) => number >= 0));
    return [...numbers].sort((a, b) => a - b).map((number) => this.block(number));
  }

  /** All texts of all blocks. */
  get text(): string {
    return [...this.#blocks.values()].join('\n');
  }
}
