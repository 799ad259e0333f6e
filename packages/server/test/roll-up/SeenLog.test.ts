import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Questioning } from '../../src/ask/Questioning.js';
import { SeenLog, type SeenProgress } from '../../src/roll-up/SeenLog.js';

/** Runs what asks for documents alone. */
function answered<Answer>(question: Questioning<Answer>, documents: ReadonlyMap<string, string>): Answer {
  for (let step = question.next(); ; ) {
    if (step.done) return step.value;
    if (step.value.type !== 'document') throw new Error(`asked for ${step.value.type}`);
    step = question.next(documents.get(step.value.name) ?? null);
  }
}

describe('IDs that were met, over a restart', () => {
  it('are all known again, whichever writes failed and wherever it stopped', () => {
    // Pages of new IDs; of some, the writing fails, and comes again with the next.
    const pages = fc.array(fc.record({ ids: fc.integer({ min: 0, max: 9_000 }), fails: fc.boolean() }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(pages, (all) => {
        const documents = new Map<string, string>();
        let log = new SeenLog();
        let progress: SeenProgress | null = null;
        let noted = 0;
        let next = 0;
        for (const { ids, fails } of all) {
          for (let n = 0; n < ids; n++) log.add(`order_${next++}`);
          const written = log.documents();
          if (fails) continue;
          for (const { name, text } of written) documents.set(name, text);
          progress = log.progress();
          log.written();
          noted = next;
        }
        if (progress === null) return;
        log = answered(SeenLog.resumed(progress), documents)!;
        for (let n = 0; n < noted; n++)
          if (!log.has(`order_${n}`)) throw new Error(`order_${n} is forgotten`);
        expect(log.has('another')).toBe(false);
      }),
      { numRuns: 20 },
    );
  }, 30_000);

  it('are not known where a part is gone', () => {
    const log = new SeenLog();
    for (let n = 0; n < 9_000; n++) log.add(`order_${n}`);
    expect(log.documents()).toHaveLength(1);
    expect(answered(SeenLog.resumed(log.progress()), new Map())).toBeNull();
  });

  it('are written whole in the end, after many pieces', () => {
    const documents = new Map<string, string>();
    const log = new SeenLog();
    for (let n = 0; n < 75 * 8_192; n++) {
      log.add(`order_${n}`);
      if (n % 1_000 !== 0) continue;
      for (const { name, text } of log.documents()) documents.set(name, text);
      log.written();
    }
    expect(documents.has('roll-up-seen')).toBe(true);
    const again = answered(SeenLog.resumed(log.progress()), documents)!;
    for (let n = 0; n < 74 * 8_192; n += 101) if (!again.has(`order_${n}`)) throw new Error(`order_${n}`);
  }, 30_000);
});
