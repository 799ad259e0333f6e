import { record } from '../harness/record.mjs';
import { springBlocking } from '../java/scenario.mjs';

await record(new URL('./', import.meta.url), springBlocking({ observed: 'yes' }));
