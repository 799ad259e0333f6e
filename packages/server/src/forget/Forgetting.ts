import { setTimeout as sleep } from 'node:timers/promises';
import type { ForgottenWorkflow } from '@upshot/api-contract';
import { hexAt, ProtobufReader, type SpanBatch } from '@upshot/model';
import { rereadSpans } from '@upshot/receiver';
import { gatherSpans, NO_ROWS, type SpanPlace, type Store } from '@upshot/storage';
import { AskError } from '../ask/AskError.js';
import type { Asker } from '../ask/Asker.js';
import type { NotePlace } from '../ask/Question.js';
import { minuteOf } from '../roll-up/CellCache.js';
import { sayForgotten } from './ForgottenLately.js';
import { type ForgottenRows, parseForgotten } from './forgottenRows.js';
import { parsePlaces } from './placesOfNotes.js';

export interface ForgettingOptions {
  readonly asker: Asker;
  readonly store: Store;
  /** Unix nanoseconds. */
  readonly clock: () => bigint;
  /** The background: what it noted goes as well. */
  readonly rollUp: {
    caughtUp(): Promise<void>;
    /** Notes that nothing begins at these places any more, and counts their minutes without it. Resolves when that is durable, with the version of these notes. */
    forget(places: readonly NotePlace[]): Promise<bigint>;
  };
  /** Other servers note in the same store. */
  readonly shared: boolean;
}

/** IDs of shared spans that are looked up at once, and rows of them. */
const SPANS_AT_ONCE = 1_000;
const ROWS = 100_000;
/** What another server was writing when it had not heard yet of what was forgotten is written by then. */
const UNDER_WAY_MS = 1_000;

/** Deletes one workflow for good: rows, notes, what was counted of it, and what spans that it shares with others say of it. */
export class Forgetting {
  /** One at a time: each reads what the one before has left. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ForgettingOptions) {}

  /** Null where nothing is known of the key. Rejects with `AskError`, `ambiguous` where the key names a part that several workflows share. */
  forget(key: string): Promise<ForgottenWorkflow | null> {
    const turn = this.last.then(() => this.forgetOne(key));
    this.last = turn.catch(() => {});
    return turn;
  }

  /** What is too large to be read whole goes part by part, until nothing is known of the key. */
  private async forgetOne(key: string): Promise<ForgottenWorkflow | null> {
    let all = await this.forgetPart(key);
    let part = all;
    while (part?.isPart && part.spans + part.records > 0) {
      part = await this.forgetPart(key);
      if (part === null) break;
      all = sumOf(all!, part);
    }
    if (all === null) return null;
    const { isPart: _, ...forgotten } = all;
    return forgotten;
  }

  private async forgetPart(key: string): Promise<ForgottenPart | null> {
    const { asker, clock, rollUp, store } = this.options;
    const text = await asker.ask({ kind: 'forgotten', key, nowUnixNano: clock() });
    if (text === null) return null;
    const forgotten = parseForgotten(new TextDecoder().decode(text));
    if (forgotten === 'several') {
      throw new AskError(
        'ambiguous',
        `${JSON.stringify(key)} belongs to several workflows: name the one to forget by its own correlation ID or trace ID`,
      );
    }
    const instead = await this.withoutPart(forgotten);
    await store.remove({
      spans: [...forgotten.spans, ...(instead.rows === 0 ? [] : forgotten.shared)],
      instead,
      records: forgotten.records,
      logs: forgotten.logs,
    });
    // What was being noted when the rows went may still be noted of them: notes are looked for after that.
    await sayForgotten(store, [forgotten.key, ...forgotten.traceIds]);
    if (this.options.shared) await sleep(UNDER_WAY_MS);
    await rollUp.caughtUp();
    await this.forgetNotes(forgotten);
    return {
      key: forgotten.key,
      spans: forgotten.spans.length,
      records: forgotten.records.length,
      logs: forgotten.logs.length,
      shared: forgotten.shared.length,
      isPart: forgotten.isPart,
    };
  }

  private async forgetNotes({ key, traceIds, times }: ForgottenRows): Promise<void> {
    const { asker, clock, rollUp, store } = this.options;
    const text = await asker.ask({ kind: 'notes', key, traceIds, times, nowUnixNano: clock() });
    const places = parsePlaces(new TextDecoder().decode(text!));
    if (places.length === 0) return;
    const before = await rollUp.forget(places);
    const minutes = [...new Set(places.map(({ timeUnixNano }) => minuteOf(timeUnixNano)))];
    await store.removeNotes({ places, minutes, before });
  }

  /** The shared spans without their links to what goes, read anew so that their keys are without it too. */
  private async withoutPart({ shared, spans, eventIds }: ForgottenRows): Promise<SpanBatch> {
    if (shared.length === 0) return NO_ROWS;
    const gone = new Set(spans.map(contextOf));
    const named = new Set(eventIds);
    const wanted = new Set(shared.map(contextOf));
    const rows = [];
    for (let at = 0; at < shared.length; at += SPANS_AT_ONCE) {
      const spanIds = shared.slice(at, at + SPANS_AT_ONCE).map(({ spanId }) => spanId);
      const { spans: found, more, unavailable } = await this.options.store.find({ spanIds, limit: ROWS });
      // What is not found now would go without anything in its place.
      if (unavailable.length > 0)
        throw new AskError('unavailable', 'A part of the store does not answer; try again');
      if (more) throw new AskError('too-large', 'More spans share this workflow than can be mended at once');
      for (let row = 0; row < found.rows; row++) {
        const context = `${hexAt(found.traceIds, row * 16, 16)}/${hexAt(found.spanIds, row * 8, 8)}`;
        if (wanted.has(context)) rows.push({ batch: found, row });
      }
    }
    return rereadSpans(
      gatherSpans(rows),
      (link) => !gone.has(contextOf(link)) && !link.attributes.some((bytes) => named.has(textOf(bytes))),
    );
  }
}

interface ForgottenPart extends ForgottenWorkflow {
  readonly isPart: boolean;
}

function sumOf(a: ForgottenPart, b: ForgottenPart): ForgottenPart {
  return {
    key: a.key,
    spans: a.spans + b.spans,
    records: a.records + b.records,
    logs: a.logs + b.logs,
    shared: a.shared + b.shared,
    isPart: b.isPart,
  };
}

function contextOf({ traceId, spanId }: SpanPlace): string {
  return `${traceId}/${spanId}`;
}

/** The text that a KeyValue holds; "" for another value. */
function textOf(keyValue: Uint8Array): string {
  const reader = new ProtobufReader(keyValue);
  while (reader.next()) {
    if (reader.field !== 2 || reader.wireType !== 2) {
      reader.skip();
      continue;
    }
    const value = reader.message();
    while (value.next()) {
      if (value.field === 1 && value.wireType === 2) return value.text();
      value.skip();
    }
  }
  return '';
}
