import * as os from 'node:os';
import type { HostReport } from '../../fleet/report.ts';
import { isNoReport, reportOf } from '../../fleet/report.ts';
import type { GradualInspection } from '../../inspect/inspect.ts';
import { VERSION } from '../../program/version.ts';
import { summaryJson } from '../../report/fleet/json.ts';
import { beforeAgent, type InspectionAbout, Writer } from '../../report/inspect/json.ts';
import { inspectJsonPieces } from '../../report/inspect/json-pieces.ts';
import { failureJson } from '../../report/json/failure.ts';
import { type Assets, Blocks, PAGE_END, pageBegin, pageProgram } from '../../report/page/blocks.ts';
import { DetailsPacker } from '../../report/page/details.ts';
import type { AgentBlocks, Evidence } from '../../report/page/document.ts';
import { evidenceOf } from '../../report/page/evidence.ts';
import { IndexBuilder } from '../../report/page/index-builder.ts';
import { jsonLine, plainJsonLine } from '../../text/escape.ts';
import { worstFirst } from '../../verify/worst-first.ts';
import { aboutPath } from '../about.ts';
import type { Session } from '../command.ts';
import { EXIT } from '../exit.ts';
import { failureText } from '../failure.ts';
import { executorsOf, inspectionAbout, inspectionOf, timeLinesOf } from './entries.ts';
import { type JudgedAgent, judgeAgent } from './judge.ts';
import type { ReportOptions } from './options.ts';

/** The version of the document's form. */
const SCHEMA_VERSION = 1;

/** What is to be reported, and what came of it. */
export interface Reported {
  readonly paths: readonly (string | undefined)[];
  /** Whether a PATH that cannot be read is told among the others, and does not end the command. */
  readonly areSeveral: boolean;
  readonly summaries: HostReport[];
  exitCode: number;
  /** Is given each agent before anything of it is told. */
  readonly onJudged: (judged: JudgedAgent) => void;
}

const common = () => ({
  schemaVersion: SCHEMA_VERSION,
  command: 'report' as const,
  version: VERSION,
  time: new Date().toISOString(),
  judgedOn: os.hostname(),
  secrets: 'redacted' as const,
});

/** Judges the next PATH; its failure as JSON, where there are others. */
const next = async (
  path: string | undefined,
  reported: Reported,
  options: ReportOptions,
  session: Session,
): Promise<JudgedAgent | object> => {
  try {
    const judged = await judgeAgent(path, options, reported.areSeveral, session);
    reported.onJudged(judged);
    note(reported, judged.exitCode, judged.head.verify);
    return judged;
  } catch (error) {
    if (!reported.areSeveral || path === undefined) throw error;
    const failure = failureJson('verify', path, failureText(path, error), aboutPath(path));
    note(reported, EXIT.unknown, failure);
    return failure;
  }
};

const note = (reported: Reported, exitCode: number, value: object): void => {
  reported.exitCode = Math.max(reported.exitCode, exitCode);
  const report = reportOf(value);
  if (!isNoReport(report)) reported.summaries.push(report);
};

const isJudged = (value: JudgedAgent | object): value is JudgedAgent => 'opened' in value;

const end = ({ exitCode, summaries }: Reported) => ({ exitCode, summary: summaryJson('verify', summaries) });

/** What is found about the bytes of findings, in the order in which `verify --json` has the findings. */
function* evidenceIn({ opened, verification }: JudgedAgent): Generator<Evidence> {
  for (const [number, finding] of worstFirst(verification.findings, 'strict').entries()) {
    const evidence = evidenceOf(opened.tree, finding, number);
    if (evidence !== undefined) yield evidence;
  }
}

/** The document of all PATHs, as `report --json` prints it: in pieces, however many executors there are. */
export async function* documentPieces(
  reported: Reported,
  options: ReportOptions,
  session: Session,
): AsyncGenerator<string> {
  yield `${jsonLine(common()).slice(0, -1)},"reports":[`;
  for (const [i, path] of reported.paths.entries()) {
    const judged = await next(path, reported, options, session);
    yield i === 0 ? '' : ',';
    if (isJudged(judged)) yield* agentPieces(judged);
    else yield jsonLine(judged);
  }
  yield `],${jsonLine(end(reported)).slice(1)}\n`;
}

function* agentPieces(judged: JudgedAgent): Generator<string> {
  yield `${jsonLine(judged.head).slice(0, -1)},"evidence":[`;
  let isFirst = true;
  for (const evidence of evidenceIn(judged)) {
    yield `${isFirst ? '' : ','}${jsonLine(evidence)}`;
    isFirst = false;
  }
  yield '],"inspect":';
  const onFailure = (error: unknown): string => failureText(judged.path, error);
  for (const piece of inspectJsonPieces(inspectionOf(judged), inspectionAbout(judged), onFailure)) {
    yield typeof piece === 'string' ? piece.trimEnd() : Buffer.from(piece).toString();
  }
  yield ',"timeLines":[';
  isFirst = true;
  const all = inspectionOf(judged);
  for (const framework of all.agent?.frameworks ?? []) {
    for (const executor of executorsOf(all, framework)) {
      for (const line of timeLinesOf(all.reader, executor).values()) {
        yield `${isFirst ? '' : ','}${plainJsonLine(line)}`;
        isFirst = false;
      }
    }
  }
  yield ']}';
}

/** The page of all PATHs. That of one begins with the verdict and the program, which shows it while the rest is read. */
export async function* pagePieces(
  reported: Reported,
  assets: Assets,
  options: ReportOptions,
  session: Session,
): AsyncGenerator<Buffer> {
  const blocks = new Blocks();
  const agents: AgentBlocks[] = [];
  const program = function* (): Generator<Buffer> {
    const overview = blocks.add({ ...common(), ...end(reported), agents });
    yield* blocks.take();
    yield pageProgram(assets, overview);
  };
  yield pageBegin(assets);
  for (const path of reported.paths) {
    const judged = await next(path, reported, options, session);
    if (isJudged(judged)) {
      const packing = new Packing(judged, blocks);
      agents.push(packing.agent);
      yield* blocks.take();
      if (!reported.areSeveral) yield* program();
      yield* packing.entries();
    } else agents.push({ path: path ?? '', error: (judged as { readonly error: string }).error });
  }
  if (reported.areSeveral) yield* program();
  yield PAGE_END;
}

/** Of a longer text in an info the page has the beginning. */
const MOST_OF_TEXT = 64 * 1024;

/** So many findings have their bytes in one block. */
const PER_BLOCK = 50;

/** Packs one agent: first what is seen at once, then its entries. */
class Packing {
  readonly agent: AgentBlocks & { readonly index: number };
  readonly #judged: JudgedAgent;
  readonly #blocks: Blocks;
  readonly #all: GradualInspection;
  readonly #writer: Writer;
  readonly #about: InspectionAbout;

  constructor(judged: JudgedAgent, blocks: Blocks) {
    this.#judged = judged;
    this.#blocks = blocks;
    this.#all = inspectionOf(judged);
    this.#about = inspectionAbout(judged);
    this.#writer = new Writer(this.#about, MOST_OF_TEXT);
    const evidence = evidenceBlocks(judged, blocks);
    const { agent } = this.#all;
    const inspect = {
      ...beforeAgent(this.#writer, this.#all, this.#about),
      agent: agent === undefined ? null : this.#writer.agent(agent),
    };
    const head = blocks.add({ ...judged.head, evidence, verify: withoutLists(judged.head.verify), inspect });
    this.agent = { path: judged.path, head, index: blocks.reserve() };
  }

  *entries(): Generator<Buffer> {
    const index = new IndexBuilder(this.#judged.verification);
    const packer = new DetailsPacker(this.#blocks, this.#writer);
    const top = index.top(this.#all, this.#about.workDir);
    for (const framework of this.#all.agent?.frameworks ?? []) {
      const parent = index.framework(framework, top);
      for (const executor of executorsOf(this.#all, framework)) {
        const lines = timeLinesOf(this.#all.reader, executor);
        const at = packer.add(executor, lines);
        index.executor(executor, { parent, framework: framework.id, at }, lines);
        yield* this.#blocks.take();
      }
    }
    packer.end();
    const { head, verification } = this.#judged;
    this.#blocks.put(this.agent.index, index.end(worstFirst(verification.findings, 'strict'), head.said.assumptions));
    yield* this.#blocks.take();
  }
}

/** Packs what is found about bytes: the numbers of the blocks, each with that of the first finding in it. */
const evidenceBlocks = (judged: JudgedAgent, blocks: Blocks): readonly (readonly [number, number])[] => {
  const numbers: (readonly [number, number])[] = [];
  let waiting: Evidence[] = [];
  const pack = (): void => {
    const [first] = waiting;
    if (first !== undefined) numbers.push([blocks.add(waiting), first.finding]);
    waiting = [];
  };
  for (const evidence of evidenceIn(judged)) {
    waiting.push(evidence);
    if (waiting.length === PER_BLOCK) pack();
  }
  pack();
  return numbers;
};

/** What is predicted without the ids of all that is kept and lost: the index says it of each entry. */
const withoutLists = (verify: object): object => {
  const { impact, ...rest } = verify as { readonly impact: { readonly comesUp: boolean; readonly counts: object } };
  return { ...rest, impact: { comesUp: impact.comesUp, counts: impact.counts } };
};
