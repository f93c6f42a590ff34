import { setFlagsFromString } from 'node:v8';

/** Has V8 inline less from now on: every thread compiles the same functions, and beside two that read there is no core free for it. */
export const inlineLittle = (): void => setFlagsFromString('--max-inlined-bytecode-size-cumulative=100');
