import { record } from '../harness/record.mjs';
import { springRetryTopics } from '../java/scenario.mjs';

await record(new URL('./', import.meta.url), springRetryTopics({}));
