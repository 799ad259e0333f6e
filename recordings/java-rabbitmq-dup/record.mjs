import { record } from '../harness/record.mjs';
import { javaRabbit } from '../java/scenario.mjs';

await record(new URL('./', import.meta.url), javaRabbit({ OTEL_SEMCONV_STABILITY_OPT_IN: 'messaging/dup' }));
