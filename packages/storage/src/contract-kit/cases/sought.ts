import { attributeHash, type RollUp, type RollUpQuery, SOUGHT_SEPARATOR } from '@upshot/model';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Bench } from '../Bench.js';
import { type KitRollUp, placeId, rollUp } from '../rollUp.js';
import { SOME_TIME } from '../spanBatch.js';

const SECOND = 1_000_000_000n;

/** What a note is looked for by, of texts and of attributes written as `key=value`; null: not known. */
function sought(texts: readonly string[] | null, attributes: readonly string[] | null) {
  return {
    sought: {
      texts: texts === null ? null : texts.join(SOUGHT_SEPARATOR),
      attributes: attributes === null ? null : Uint32Array.from(attributes, hash),
    },
  };
}

function hash(attribute: string): number {
  const [key, value] = attribute.split('=') as [string, string];
  return attributeHash(key, value);
}

export function soughtCases(bench: Bench): void {
  const write = (...notes: readonly KitRollUp[]) => bench.store().writeRollUps(notes.map(rollUp));
  const placesOf = (notes: readonly RollUp[]) => notes.map(({ id }) => Number.parseInt(id, 16));
  const find = async (query: Partial<RollUpQuery>) =>
    placesOf(await bench.store().rollUps({ limit: 1000, ...query }));
  const having = (...attributes: string[]) => find({ attributes: attributes.map(hash) });
  const holding = (text: string) => find({ text });

  describe('what notes are looked for by', () => {
    beforeEach(async () => {
      await write(
        { n: 1, ...sought(['order_441', 'order.placed', 'http 503'], ['tenant=gold', 'tier=1']) },
        { n: 2, ...sought(['order_442', 'order.placed'], ['tenant=gold', 'tier=2']), status: 'failed' },
        { n: 3, ...sought(['50 % off', 'a_b\\c', "quote'd"], []) },
        { n: 4, ...sought(['größe 😀', 'x'.repeat(100_000)], ['tenant=silver']) },
        { n: 5, ...sought([], ['tier=1']), facets: ['event:a'] },
      );
    });

    it('is each of some attributes', async () => {
      expect(await having('tenant=gold')).toEqual([2, 1]);
      expect(await having('tenant=gold', 'tier=1')).toEqual([1]);
      expect(await having('tier=1', 'tier=1')).toEqual([5, 1]);
      expect(await having('tenant=gold', 'tenant=silver')).toEqual([]);
      expect(await having('tenant=bronze')).toEqual([]);
      expect(await having()).toEqual([5, 4, 3, 2, 1]);
    });

    it('is a part of one text, whatever its characters', async () => {
      expect(await holding('order')).toEqual([2, 1]);
      expect(await holding('r_44')).toEqual([2, 1]);
      expect(await holding('order_442')).toEqual([2]);
      expect(await holding('503')).toEqual([1]);
      expect(await holding('p 5')).toEqual([1]);
      expect(await holding('placedhttp')).toEqual([]);
      expect(await holding('order%placed')).toEqual([]);
      expect(await holding('order.pla_ed')).toEqual([]);
      expect(await holding('50 % o')).toEqual([3]);
      expect(await holding('a_b\\c')).toEqual([3]);
      expect(await holding('a_bc')).toEqual([]);
      expect(await holding("quote'd")).toEqual([3]);
      expect(await holding('röße 😀')).toEqual([4]);
      expect(await holding('😀')).toEqual([4]);
      expect(await holding('xxxxxxxxxx')).toEqual([4]);
      expect(await holding('e')).toEqual([4, 3, 2, 1]);
    });

    it('goes with all other filters', async () => {
      const tier1 = { attributes: [hash('tier=1')] };
      expect(await find({ ...tier1, facets: ['event:a'] })).toEqual([5]);
      expect(await find({ ...tier1, text: '503' })).toEqual([1]);
      expect(await find({ ...tier1, limit: 1 })).toEqual([5]);
      const statuses = { any: ['failed'] as const, nowUnixNano: 0n };
      expect(await find({ text: 'order', statuses })).toEqual([2]);
      expect(await find({ text: 'order', since: SOME_TIME + 2n * SECOND })).toEqual([2]);
      const behind = { timeUnixNano: SOME_TIME + 2n * SECOND, id: placeId(2) };
      expect(await find({ text: 'order', behind })).toEqual([1]);
    });

    it('is that of the latest version', async () => {
      await write({ n: 1, version: SOME_TIME + 1n, ...sought(['late'], ['tenant=late']) });
      await write({ n: 2, version: SOME_TIME - 1n, ...sought(['early'], ['tenant=early']) });
      expect(await having('tenant=gold')).toEqual([2]);
      expect(await having('tenant=late')).toEqual([1]);
      expect(await having('tenant=early')).toEqual([]);
      expect(await holding('early')).toEqual([]);
      expect(await holding('late')).toEqual([1]);
    });

    it('may be anything where it is not known', async () => {
      await write(
        { n: 6 },
        { n: 7, ...sought(null, ['tier=7']), facets: ['event:a'] },
        { n: 8, ...sought(['order_448'], null) },
      );
      expect(await having('tenant=gold')).toEqual([8, 6, 2, 1]);
      expect(await holding('order')).toEqual([8, 7, 6, 2, 1]);
      expect(await find({ text: 'order', attributes: [hash('tier=7')] })).toEqual([8, 7, 6]);
      const unsure = { unsure: true };
      expect(await find({ ...unsure, text: 'order' })).toEqual([7, 6]);
      expect(await find({ ...unsure, text: '448', attributes: [hash('tier=1')] })).toEqual([8, 6]);
      expect(await find({ ...unsure, text: 'order', facets: ['event:a'] })).toEqual([7]);
    });

    it('is known of all that are counted', async () => {
      await write({ n: 6 }, { n: 7, ...sought(['order_447'], null) });
      const counts = async (query: Pick<RollUpQuery, 'attributes' | 'text'>) => {
        const range = { since: SOME_TIME, until: SOME_TIME + 60n * SECOND, width: 60n * SECOND };
        const found = await bench.store().countRollUps({ ...range, nowUnixNano: SOME_TIME, ...query });
        return found.map(({ status, count }) => `${status} ${count}`).sort();
      };
      expect(await counts({ text: 'order' })).toEqual(['completed 2', 'failed 1']);
      expect(await counts({ attributes: [hash('tenant=gold')] })).toEqual(['completed 1', 'failed 1']);
      expect(await counts({ attributes: [hash('tenant=gold')], text: '503' })).toEqual(['completed 1']);
      expect(await counts({})).toEqual(['completed 6', 'failed 1']);
    });

    it('finds few of many', async () => {
      await write(
        ...Array.from({ length: 3000 }, (_, n) => ({
          n: n + 10,
          ...sought([`customer_${n}`, 'order.placed'], [`serial=${n}`, 'tenant=all']),
        })),
      );
      expect(await having('serial=1234')).toEqual([1244]);
      expect(await having('serial=1234', 'tenant=all')).toEqual([1244]);
      expect(await holding('tomer_1234')).toEqual([1244]);
      expect(await find({ attributes: [hash('tenant=all')], limit: 2 })).toEqual([3009, 3008]);
      expect(await find({ text: 'customer_77', limit: 3 })).toEqual([789, 788, 787]);
    });
  });
}
