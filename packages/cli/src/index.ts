export { run } from './program.js';
export { processTerminal, type Terminal } from './terminal/Terminal.js';
