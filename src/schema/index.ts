/** The message definitions, and what reads them by name. */

export { defaultOf, type FieldDefaults } from './defaults.ts';
export type * from './generated/types.ts';
export { isMessageName, messageNames, messageType } from './message-types.ts';
export { isSecret, type SecretField, secretFields } from './secrets.ts';
