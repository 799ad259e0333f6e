import { record } from '../harness/record.mjs';
import { kafkaToRabbit } from '../scenarios/kafka-to-rabbit/scenario.mjs';

await record(new URL('./', import.meta.url), kafkaToRabbit);
