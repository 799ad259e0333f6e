import { record } from '../harness/record.mjs';
import { sqsFunction } from '../scenarios/sqs-function/scenario.mjs';

await record(new URL('./', import.meta.url), sqsFunction);
