/**
 * The thread on which questions are thought through: it decodes rows, assembles graphs and writes the answer's bytes, so that the thread
 * which acknowledges telemetry does none of that. It reads no store: it says which rows it wants and is given them.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { AskError } from '../AskError.js';
import type { Got, Questioning } from '../Questioning.js';
import { answerTo } from '../questions/answerTo.js';
import type { FromThread, ThreadData, ToThread } from './messages.js';
import { unpackFound } from './packFound.js';
import { standBack } from './standBack.js';

if (!parentPort) throw new Error('This file runs as a worker thread only');
const port = parentPort;
standBack((workerData as ThreadData).niceness);
const encoder = new TextEncoder();

interface UnderWay {
  readonly questioning: Questioning<string | null>;
  /** What came before it was waited for, by ticket. */
  readonly ready: Map<number, Got>;
  /** The ticket that is waited for; null while it works. */
  waitsFor: number | null;
}
const underWay = new Map<number, UnderWay>();

/** Of a want that is waited for at once. */
const AT_ONCE = 0;

port.on('message', (message: ToThread) => {
  switch (message.type) {
    case 'ask': {
      const questioning = answerTo(message.question, () => performance.now());
      underWay.set(message.id, { questioning, ready: new Map(), waitsFor: null });
      advance(message.id);
      return;
    }
    case 'found':
      take(message.id, message.ticket, unpackFound(message.found));
      return;
    case 'arrived': {
      const found = message.found === null ? null : unpackFound(message.found);
      take(message.id, message.ticket, { page: message.page, found });
      return;
    }
    case 'got':
      take(message.id, message.ticket, message.got);
      return;
    case 'drop':
      underWay.delete(message.id);
      send({ type: 'dropped', id: message.id });
      return;
  }
});

function take(id: number, ticket: number, got: Got): void {
  const question = underWay.get(id);
  if (question?.waitsFor === ticket) advance(id, got);
  else question?.ready.set(ticket, got);
}

/** Lets a question work until it must wait. `got` is left out where it has not begun. */
function advance(id: number, ...[got]: [got?: Got]): void {
  const question = underWay.get(id);
  if (!question) return;
  const { questioning, ready } = question;
  question.waitsFor = null;
  try {
    let step = got === undefined ? questioning.next() : questioning.next(got);
    while (!step.done) {
      const wanted = step.value;
      if (wanted.type === 'ahead') {
        send({ type: 'want', id, ticket: wanted.ticket, want: wanted.want });
        step = questioning.next(null);
      } else if (wanted.type === 'awaited' && ready.has(wanted.ticket)) {
        const { ticket } = wanted;
        const there = ready.get(ticket)!;
        ready.delete(ticket);
        step = questioning.next(there);
      } else {
        const isAhead = wanted.type === 'awaited';
        question.waitsFor = isAhead ? wanted.ticket : AT_ONCE;
        if (!isAhead) send({ type: 'want', id, ticket: AT_ONCE, want: wanted });
        return;
      }
    }
    underWay.delete(id);
    const body = step.value === null ? null : encoder.encode(step.value);
    port.postMessage({ type: 'answer', id, body } satisfies FromThread, body === null ? [] : [body.buffer]);
  } catch (error) {
    underWay.delete(id);
    send({ type: 'failed', id, ...failure(error) });
  }
}

function failure(error: unknown): { code: FailureCode; message: string } {
  if (error instanceof AskError) return { code: error.code, message: error.message };
  // What broke is for whoever runs the server; the caller is told that it did.
  console.error('upshot: a question failed:', error);
  return { code: 'internal', message: 'Upshot failed to work out this answer; its log says why' };
}

type FailureCode = Extract<FromThread, { type: 'failed' }>['code'];

function send(message: FromThread): void {
  port.postMessage(message);
}
