import type { ExecutorFacts } from '../../checkpoint/model.ts';
import type { Context } from '../context.ts';

/** What the agent takes an executor for that has no marker: whether it made it itself, for a command task. */
export const isGuessedGenerated = ({ command, name }: Pick<ExecutorFacts, 'command' | 'name'>): boolean =>
  (command?.value ?? '').endsWith('mesos-executor') && (name ?? '').startsWith('Command Executor');

/** Meets an executor without its marker. */
export const meetNoMarker = (context: Context, path: string, isGuessed: boolean): void => {
  const detail = `the agent guesses that the executor is ${isGuessed ? '' : 'not '}one of its own`;
  context.meet('generated-marker-missing', { path }, detail);
};
