import { record } from '../harness/record.mjs';
import { javaKafka } from '../java/scenario.mjs';

await record(new URL('./', import.meta.url), javaKafka({}, { maxPollRecords: '500' }));
