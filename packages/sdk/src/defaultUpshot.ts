import { Upshot } from './Upshot.js';

/** The one that adapters use unless they are given another: it works with whatever tracer the application registers, at any time. */
export const upshot = new Upshot();
