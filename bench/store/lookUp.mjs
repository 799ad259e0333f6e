const RUNS = 200;
const LIMIT = 1000;

/** Looks up by each kind of key and prints latencies and CPU. `filled` is what `fill` returned. */
export async function lookUp(store, { ids, begin, newest }, circumstances) {
  console.log(`\nlook-ups, ${circumstances}:`.padEnd(50), '   p50 ms   p99 ms   CPU ms p50');
  const pick = () => ids[Math.floor(Math.random() * ids.length)];
  const many = (count, of) => Array.from({ length: count }, () => of(pick()));
  const find = async (lookup, rows) => {
    const found = await store.find({ limit: LIMIT, ...lookup });
    if (found.spans.rows !== rows) throw new Error(`found ${found.spans.rows} spans of ${rows}`);
  };
  const event = ({ id }) => `evt_${id}order.placed`;
  const correlation = ({ id }) => `order_${id}`;
  const linked = ids.filter(({ link }) => link);
  await time('one trace (16 spans)', () => find({ traceIds: [pick().trace] }, 16));
  await time('one correlation ID (10 spans)', () => find({ correlationIds: [correlation(pick())] }, 10));
  await time('one event ID (6 spans)', () => find({ eventIds: [event(pick())] }, 6));
  await time('one broker position (6 spans)', () => {
    const { partition, offset } = pick();
    return find({ eventIds: [`order.${partition}.${offset}`] }, 6);
  });
  await time('one span ID', () => find({ spanIds: [pick().span] }, 1));
  await time('who links to a span (1 span)', () => {
    const { link } = linked[Math.floor(Math.random() * linked.length)];
    return find({ linksTo: [link] }, 1);
  });
  await time('one ID, tried as every kind', () => {
    const id = correlation(pick());
    return find(
      { traceIds: [id], spanIds: [id], eventIds: [id], correlationIds: [id], causationIds: [id] },
      10,
    );
  });
  await time('an ID that is not there', () => find({ correlationIds: [`none_${Math.random()}`] }, 0));
  await time('trace, three events and correlation ID of one', () => {
    const one = pick();
    const eventIds = ['order.placed', 'inventory.reserved', 'payment.authorized'].map(
      (name) => `evt_${one.id}${name}`,
    );
    return find({ traceIds: [one.trace], eventIds, correlationIds: [correlation(one)] }, 16);
  });
  await time('50 events of 50 workflows', () => store.find({ limit: LIMIT, eventIds: many(50, event) }), 20);
  await time(
    '500 events of 500 workflows',
    () => store.find({ limit: LIMIT, eventIds: many(500, event) }),
    5,
  );
  await time('newest 50 entries', () => store.entries({ limit: 50 }));
  await time('newest 400 entries', () => store.entries({ limit: 400 }));
  await time('50 entries before some moment', () => {
    const before = begin + BigInt(Math.floor(Math.random() * Number(newest - begin)));
    return store.entries({ limit: 50, before });
  });
}

async function time(what, run, runs = RUNS) {
  const walls = [];
  const cpus = [];
  for (let i = 0; i < runs; i++) {
    const cpuBefore = process.cpuUsage();
    const started = performance.now();
    await run();
    walls.push(performance.now() - started);
    const cpu = process.cpuUsage(cpuBefore);
    cpus.push((cpu.user + cpu.system) / 1000);
  }
  const at = (values, share) =>
    values
      .sort((a, b) => a - b)
      [Math.min(values.length - 1, Math.floor(values.length * share))].toFixed(1)
      .padStart(8);
  console.log(`  ${what}`.padEnd(50), at(walls, 0.5), at(walls, 0.99), at(cpus, 0.5).padStart(12));
}
