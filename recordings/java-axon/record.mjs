import { record } from '../harness/record.mjs';
import { axonDeadLetters } from '../java/scenario.mjs';

await record(new URL('./', import.meta.url), axonDeadLetters);
