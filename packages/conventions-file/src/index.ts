export { ConventionsFileError, type ConventionsRead, parseConventionsText } from './parseConventionsText.js';
export { readConventionsFile } from './readConventionsFile.js';
export { type Watch, watchConventionsFile } from './watchConventionsFile.js';
