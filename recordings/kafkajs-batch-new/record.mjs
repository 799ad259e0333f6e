import { record } from '../harness/record.mjs';
import { kafkaBatch } from '../scenarios/kafka-batch/scenario.mjs';

await record(new URL('./', import.meta.url), kafkaBatch('kafkajs-new'));
