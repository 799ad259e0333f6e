// What people and machines ask of a server in the course of a day, and whether it is right.
const NANOS_PER_DAY = 86_400_000_000_000n;
/** Workflows remembered of each step, to be asked for later. */
const REMEMBERED = 6;
const COUNTED_MS = 120_000;

export class Asking {
  /** Of each step: its clock, some of its workflows, and how many it had. */
  steps = [];
  wrong = [];

  constructor(ui) {
    this.ui = ui;
  }

  sent(flows, clock) {
    const every = Math.max(1, Math.floor(flows.length / REMEMBERED));
    const some = flows.filter((_, i) => i % every === 0).map(({ key, spans }) => ({ key, spans }));
    const firstNano = BigInt(flows[0].now[0].startTimeUnixNano);
    this.steps.push({ clock, firstNano, some, count: flows.length });
  }

  /** Resolves when lists hold all that was sent until then, by the server's clock. */
  async untilCounted(clock) {
    for (const end = Date.now() + COUNTED_MS; ; ) {
      const { asOf } = await this.json('/api/workflows?limit=1');
      if (BigInt(asOf) >= clock) return;
      if (Date.now() > end) throw new Error(`not counted within ${COUNTED_MS / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** What is looked at beside: by one kind of caller after the other. */
  async lookAround(n) {
    const { some } = this.steps.at(-1);
    const { key, spans } = some[n % some.length];
    switch (n % 8) {
      case 0:
        return this.whole(key, spans);
      case 1:
        return void (await Promise.all([
          this.json('/api/topology?since=2h'),
          this.json('/api/propagation?since=2h'),
        ]));
      case 2:
        return void (await this.json('/api/workflows?status=failed&limit=50'));
      case 3:
        return this.liveView(key);
      case 4:
        return void (await Promise.all([
          this.json('/api/findings/groups'),
          this.json('/api/histogram?since=6h&buckets=60'),
        ]));
      case 5:
        return void (await this.json(`/api/workflows?q=${key}&limit=10`));
      case 6:
        return void (await (await fetch(`${this.ui}/metrics`)).text());
      default:
        return this.forget();
    }
  }

  /** Spans and bytes that are kept. */
  async store() {
    const text = await (await fetch(`${this.ui}/metrics`)).text();
    const figure = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
    return { spans: figure('upshot_store_spans'), bytes: figure('upshot_store_bytes') };
  }

  /** What is wrong at the end: workflows that are not whole, that should be gone, that are counted too often or too seldom. */
  async faults(clock, retention) {
    const firstKept = (await this.oldestKept(clock, retention)) * NANOS_PER_DAY;
    const kept = this.steps.filter(({ firstNano }) => firstNano >= firstKept);
    const gone = this.steps.filter(({ clock: at }) => at < firstKept - NANOS_PER_DAY / 24n);
    for (const { some } of kept.slice(-24)) for (const { key, spans } of some) await this.whole(key, spans);
    for (const { some } of gone.slice(-5)) {
      const { status } = await fetch(`${this.ui}/api/workflows/${some[0].key}`);
      if (status !== 404)
        this.wrong.push(`${some[0].key} is older than the retention, and answers ${status}`);
    }
    if (gone.length === 0 || kept.length === 0) this.wrong.push('nothing was dropped, or nothing kept');
    const expected = kept.reduce((sum, { count }) => sum + count, 0);
    const { buckets } = await this.json(`/api/histogram?since=${kept[0]?.firstNano ?? 0}&buckets=1`);
    const counted = buckets.flatMap(({ counts }) => Object.values(counts)).reduce((a, b) => a + b, 0);
    if (counted !== expected) this.wrong.push(`${expected} workflows are kept, and ${counted} are counted`);
    return this.wrong;
  }

  /** The day of the oldest row that is left: age and size drop whole days. */
  async oldestKept(clock, retention) {
    let day = (clock - retention) / NANOS_PER_DAY;
    const today = clock / NANOS_PER_DAY;
    for (; day < today; day++) {
      const [first] = this.steps.filter(({ firstNano }) => firstNano >= day * NANOS_PER_DAY);
      const { status } = await fetch(`${this.ui}/api/workflows/${first?.some.at(-1).key}`);
      if (status === 200) break;
    }
    return day;
  }

  async whole(key, spans) {
    const graph = await this.json(`/api/workflows/${key}`);
    const found = new Set();
    for (const { traceId, spanId, spanIds = [] } of [...graph.events, ...graph.attempts, ...graph.steps])
      for (const id of [spanId, ...spanIds]) if (id !== null && id !== '') found.add(`${traceId}/${id}`);
    const ids = new Set([...found].map((one) => one.split('/')[1]));
    // What comes late comes with the next step.
    if (ids.size !== spans && ids.size !== spans - 2)
      this.wrong.push(`${key} has ${ids.size} spans of ${spans}`);
  }

  /** Somebody looks for a moment, and leaves. */
  async liveView(key) {
    const leaving = new AbortController();
    const response = await fetch(`${this.ui}/api/workflows/${key}/live`, { signal: leaving.signal });
    await response.body.getReader().read();
    leaving.abort();
  }

  /** Somebody has the right to be forgotten. */
  async forget() {
    const step = this.steps.at(-1);
    const { key } = step.some.pop();
    const response = await fetch(`${this.ui}/api/workflows/${key}`, { method: 'DELETE' });
    if (response.status !== 200)
      this.wrong.push(`forgetting ${key} answers ${response.status} ${await response.text()}`);
    else step.count--;
  }

  async json(path) {
    const response = await fetch(this.ui + path);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${(await response.text()).slice(0, 300)}`);
    return response.json();
  }
}
