/** What the agent makes of a text, or its own words for why it makes nothing of it. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/** A value that was read. */
export const succeed = <T>(value: T): Parsed<T> => ({ ok: true, value });

/** A text that the agent refuses. */
export const fail = (message: string): Parsed<never> => ({ ok: false, message });
