import { goKafka } from '../go/scenario.mjs';
import { record } from '../harness/record.mjs';

await record(new URL('./', import.meta.url), goKafka('kotel'));
