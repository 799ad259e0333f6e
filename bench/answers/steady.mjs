import { fresh, template } from '../ingest/payload.mjs';

const SPANS = 512;

/** Sends so many spans a second to an OTLP/HTTP address until it is stopped; then tells how many were acknowledged. */
export function steady(url, spansPerSecond) {
  const one = template(SPANS);
  const interval = (one.spans / spansPerSecond) * 1000;
  const started = performance.now();
  let acknowledged = 0;
  let refused = 0;
  let stopped = false;
  const underWay = new Set();
  const send = async () => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: fresh(one).body,
    }).catch(() => null);
    await response?.arrayBuffer();
    if (response?.ok) acknowledged += one.spans;
    else refused += one.spans;
  };
  const sending = (async () => {
    for (let n = 1; !stopped; n++) {
      const sent = send().finally(() => underWay.delete(sent));
      underWay.add(sent);
      const ahead = started + n * interval - performance.now();
      if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead));
    }
    await Promise.all(underWay);
  })();
  return {
    async stop() {
      stopped = true;
      await sending;
      const rate = Math.round(acknowledged / ((performance.now() - started) / 1000));
      return `acknowledged beside: ${rate.toLocaleString('en')} spans/s, refused: ${refused}`;
    },
  };
}
