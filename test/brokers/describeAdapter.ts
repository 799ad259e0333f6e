import { BROKERS, type BrokerName } from '@upshot/brokers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CASES, type CaseName } from './cases.js';
import { Rig } from './Rig.js';
import { shapeOf } from './shapeOf.js';

/** An adapter, and how to run the cases on it. */
export interface AdapterUnderTest {
  /** With the library's version: `amqplib 2`. */
  readonly name: string;
  /** null for a transport that needs none. */
  readonly broker: BrokerName | null;
  /** The module that speaks for it; see service/Driver.d.ts. */
  readonly driver: URL;
  /** What the driver loads as the library. */
  readonly library: string;
  /** Packages of official instrumentations of the same library: all cases run with them, too, and the graphs must be equal. */
  readonly official?: readonly string[];
  /** Of a version or a backend beside one that runs all: those cases in which it may differ. By default all. */
  readonly only?: readonly CaseName[];
  /** Cases that can't hold on this transport, each with the reason. They are run, and must fail: an exception that is none fails the build. */
  readonly unable?: Readonly<Partial<Record<CaseName, string>>>;
}

/** A case takes seconds where a broker delivers again, and half a minute where it restarts. */
const CASE_TIMEOUT_MS = 120_000;

/**
 * Runs the one case file of all adapters: on the adapter's real broker, against a real Upshot, with and without the official instrumentations.
 * Where the broker can't be started, that is a failure in CI, and a skip that says why elsewhere.
 */
export function describeAdapter(adapter: AdapterUnderTest): void {
  const why = adapter.broker === null ? null : BROKERS[adapter.broker].missing();
  if (why !== null && !process.env.CI) {
    // Brokers are no packages of npm: a developer may lack one, CI installs all and fails without them.
    describe.skip(`${adapter.name}: ${why}`, () => {
      it('needs its broker', () => {});
    });
    return;
  }
  const official = adapter.official ?? [];
  const ways = official.length === 0 ? [[]] : [[], official];
  const shapes = ways.map(() => new Map<CaseName, string[]>());
  ways.forEach((instrumentations, way) => {
    describe(`${adapter.name}, ${instrumentations.length === 0 ? 'alone' : `beside ${instrumentations.join(', ')}`}`, () => {
      let rig: Rig;
      beforeAll(async () => {
        if (why !== null) throw new Error(why);
        rig = await Rig.start({ ...adapter, official: instrumentations });
      }, CASE_TIMEOUT_MS);
      afterAll(() => rig?.close());
      for (const [name, { about, run }] of Object.entries(CASES) as [CaseName, (typeof CASES)[CaseName]][]) {
        if (adapter.only?.includes(name) === false) continue;
        const reason = adapter.unable?.[name];
        const test = reason === undefined ? it : it.fails;
        test(
          reason === undefined ? `${name}: ${about}` : `${name}: not here, for ${reason}`,
          async () => {
            const graph = await run(rig);
            if (ways.length > 1) shapes[way]!.set(name, shapeOf(await rig.settled(graph.key)));
            // Beside the official instrumentation, the same graph says nothing unless that was at work.
            if (name === 'single hop')
              await expect
                .poll(() => rig.scopes(graph.key))
                .toEqual(expect.arrayContaining([...instrumentations]));
          },
          CASE_TIMEOUT_MS,
        );
      }
    });
  });
  if (ways.length > 1) {
    it(`${adapter.name}: the graphs are the same with and without the official instrumentation`, () => {
      const [alone, beside] = shapes;
      expect(Object.fromEntries(beside!)).toEqual(Object.fromEntries(alone!));
    });
  }
}
