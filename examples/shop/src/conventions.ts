import { fileURLToPath } from 'node:url';

/** The shop's conventions file: who reacts to which event, and how soon. */
export const CONVENTIONS = fileURLToPath(new URL('../conventions.yaml', import.meta.url));
