import type { Figures } from '@upshot/knowledge';
import { WORKFLOW_STATUSES } from '@upshot/model';
import { safeText } from '@upshot/text';
import { Gauge, type Registry } from 'prom-client';

/** Begun so long ago at the most: long enough for a slow workflow to show, short enough that what was mended is gone soon. */
export const FIGURES_NANO = 3_600_000_000_000n;

/** Series of one metric: a sender that puts IDs into names must not fill a Prometheus. What comes beyond is `other`. */
const MOST_SERIES = 200;
const OTHER = 'other';
/** Characters of a label. */
const MOST_CHARACTERS = 200;

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

/** What monitoring wants to know of the workflows of the last hour; absent while nothing tells it, and never what fails a scrape. */
export function addFleetGauges(figures: () => Promise<Figures | null>, registers: Registry[]): void {
  const gauge = (
    name: string,
    help: string,
    labelNames: string[],
    samples: (figures: Figures) => readonly Sample[],
  ) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      async collect() {
        const latest = await figures();
        this.reset();
        if (latest === null) return;
        for (const [labels, value] of bounded(samples(latest))) this.set(labels, value);
      },
    });
  gauge('upshot_workflows', 'Workflows that began in the last hour, by state.', ['state'], ({ workflows }) =>
    WORKFLOW_STATUSES.map((state) => [{ state }, workflows[state]]),
  );
  gauge(
    'upshot_hops',
    'Hops over which workflows of the last hour went, by state: whole, broken, mended.',
    ['state'],
    ({ hops }) => Object.entries(hops).map(([state, count]) => [{ state }, count]),
  );
  gauge(
    'upshot_hop_lost_deliveries',
    'Deliveries of workflows of the last hour that lost their trace context, by hop; hops that are broken now.',
    ['producer', 'event', 'consumer', 'fault'],
    ({ brokenHops }) =>
      brokenHops.map(({ producer, eventName, consumer, fault, lost }) => [
        // To Prometheus an empty label is none.
        { producer: producer || 'unknown', event: eventName, consumer, fault },
        lost,
      ]),
  );
  gauge(
    'upshot_dead_letters',
    'Deliveries of workflows of the last hour that were dead-lettered, by consumer.',
    ['consumer'],
    ({ deadLetters }) => deadLetters.map(([consumer, count]) => [{ consumer }, count]),
  );
  gauge(
    'upshot_convention_findings',
    'How often services broke a convention in workflows of the last hour.',
    ['service'],
    ({ conventionFindings }) => conventionFindings.map(([service, count]) => [{ service }, count]),
  );
}

/** Samples with labels of a sane length, those of equal labels together, and the rest of too many as one. */
export function bounded(samples: readonly Sample[]): Sample[] {
  const sums = new Map<string, { labels: Labels; value: number }>();
  for (const [given, value] of samples) {
    // A control character in a name would be read as the end of the scrape, or steer where the label is shown.
    const cut = Object.entries(given).map(([name, text]) => [name, safeText(text.slice(0, MOST_CHARACTERS))]);
    let key = JSON.stringify(cut);
    if (!sums.has(key) && sums.size >= MOST_SERIES) key = OTHER;
    const sum = sums.get(key);
    if (sum !== undefined) sum.value += value;
    else {
      const labels = Object.fromEntries(key === OTHER ? cut.map(([name]) => [name, OTHER]) : cut);
      sums.set(key, { labels, value });
    }
  }
  return [...sums.values()].map(({ labels, value }) => [labels, value]);
}
