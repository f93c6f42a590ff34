/** The folder beside `meta` in which journals and locks lie. The agent does not look at it. */
export { JOURNALS as BASE } from '../layout/names.ts';
