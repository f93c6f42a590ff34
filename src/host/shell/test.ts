import type { TestExpression, Word } from 'unbash';
import { type Host, isUnseen } from '../host.ts';
import type { ExpandedWord } from './expand.ts';

/** What of a word a test looks at. */
export type TestedWord = Pick<ExpandedWord, 'text' | 'unknown'>;

/** True, false, or undefined where it cannot be told without running something. */
export type Truth = boolean | undefined;

const negate = (truth: Truth): Truth => (truth === undefined ? undefined : !truth);

/** `-f FILE` and the like. */
const unary = (operator: string, operand: TestedWord, host: Host): Truth => {
  if (operand.unknown !== undefined) return undefined;
  const { text } = operand;
  if (operator === '-n') return text !== '';
  if (operator === '-z') return text === '';
  if (!/^-[aefdsrwxhL]$/.test(operator)) return undefined;
  if (operator === '-h' || operator === '-L') return typeof host.link(text) === 'string';
  if (!text.startsWith('/')) return text === '' ? false : undefined;
  const stat = host.stat(text);
  if (isUnseen(stat)) return undefined;
  if (stat === undefined) return false;
  if (operator === '-f') return stat.kind === 'file';
  if (operator === '-d') return stat.kind === 'folder';
  // Who may do what depends on the user; what nobody may run is run by nobody, and what everybody may by all.
  if (operator === '-x') return (stat.mode & 0o111) === 0 ? false : (stat.mode & 0o111) === 0o111 ? true : undefined;
  if (operator === '-w') return undefined;
  return operator === '-s' ? stat.size > 0 : true;
};

const COMPARISONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '-eq': (left, right) => left === right,
  '-ne': (left, right) => left !== right,
  '-gt': (left, right) => left > right,
  '-ge': (left, right) => left >= right,
  '-lt': (left, right) => left < right,
  '-le': (left, right) => left <= right,
};

const binary = (operator: string, left: TestedWord, right: TestedWord): Truth => {
  if (left.unknown !== undefined || right.unknown !== undefined) return undefined;
  if (/[*?[]/.test(right.text)) return undefined;
  if (operator === '=' || operator === '==') return left.text === right.text;
  const compare = COMPARISONS[operator];
  if (compare !== undefined) {
    const isNumber = [left, right].every(({ text }) => /^\s*[-+]?\d{1,15}\s*$/.test(text));
    return isNumber ? compare(Number(left.text), Number(right.text)) : undefined;
  }
  return operator === '!=' ? left.text !== right.text : undefined;
};

/** What `[ ... ]` and `test ...` say, their own words given. */
export const evaluateTest = (given: readonly TestedWord[], host: Host): Truth => {
  if (given[0]?.text === '!') return negate(evaluateTest(given.slice(1), host));
  const [first, second, third] = given;
  if (given.length === 0) return false;
  if (given.length === 1 && first !== undefined) return first.unknown === undefined ? first.text !== '' : undefined;
  if (given.length === 2 && first !== undefined && second !== undefined) return unary(first.text, second, host);
  if (given.length === 3 && first !== undefined && second !== undefined && third !== undefined) {
    return binary(second.text, first, third);
  }
  return undefined;
};

/** What `[[ ... ]]` says. */
export const evaluateExpression = (
  expression: TestExpression,
  host: Host,
  expand: (word: Word) => ExpandedWord,
): Truth => {
  switch (expression.type) {
    case 'TestUnary':
      return unary(expression.operator, expand(expression.operand), host);
    case 'TestBinary':
      return binary(expression.operator, expand(expression.left), expand(expression.right));
    case 'TestNot': {
      const truth = evaluateExpression(expression.operand, host, expand);
      return expression.negations.length % 2 === 0 ? truth : negate(truth);
    }
    case 'TestGroup':
      return evaluateExpression(expression.expression, host, expand);
    case 'TestLogical': {
      const truths = expression.operands.map((operand) => evaluateExpression(operand, host, expand));
      const decides = expression.operator === '||';
      if (truths.includes(decides)) return decides;
      return truths.includes(undefined) ? undefined : !decides;
    }
  }
};
