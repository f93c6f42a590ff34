import { type CatalogueEntry, catalogue, type FindingCode } from './catalogue.ts';

/** What is known of a code. What asks for nothing else of the catalogue has it loaded with the first finding. */
export const entryOf = (code: FindingCode): CatalogueEntry => catalogue[code];
