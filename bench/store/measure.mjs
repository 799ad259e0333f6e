// One size: fills a store, then looks up. Started by run.mjs: node measure.mjs DIRECTORY SPANS
import { openChdbStore } from '@upshot/storage-clickhouse';
import { fill } from './fill.mjs';
import { lookUp } from './lookUp.mjs';
import { pace } from './pace.mjs';

const [directory, spans] = [process.argv[2], Number(process.argv[3])];
const store = await openChdbStore({ directory });
console.log(`\n## ${spans.toLocaleString('en')} spans, 20,000 spans of telemetry a second\n`);
const filled = await fill(store, spans);
await lookUp(store, filled, 'alone');
const stop = pace(store, 20_000);
await lookUp(store, filled, '20,000 spans/s written beside');
console.log(await stop());
await store.close();
