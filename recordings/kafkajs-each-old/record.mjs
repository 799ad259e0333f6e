import { record } from '../harness/record.mjs';
import { kafkaEach } from '../scenarios/kafka-each/scenario.mjs';

await record(new URL('./', import.meta.url), kafkaEach('kafkajs-old'));
