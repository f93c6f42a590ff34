import { mendRandomly } from '../randomly-mended.ts';

mendRandomly(4);
