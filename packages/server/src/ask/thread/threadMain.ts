/**
 * The thread on which questions are thought through: it decodes rows, assembles graphs and writes the answer's bytes, so that the thread
 * which acknowledges telemetry does none of that. It reads no store: it says which rows it wants and is given them.
 */
import { parentPort } from 'node:worker_threads';
import { AskError } from '../AskError.js';
import type { Got, Questioning } from '../Questioning.js';
import { answerTo } from '../questions/answerTo.js';
import type { FromThread, ToThread } from './messages.js';
import { unpackFound } from './packFound.js';

if (!parentPort) throw new Error('This file runs as a worker thread only');
const port = parentPort;
const underWay = new Map<number, Questioning<string | null>>();
const encoder = new TextEncoder();

port.on('message', (message: ToThread) => {
  switch (message.type) {
    case 'ask':
      underWay.set(
        message.id,
        answerTo(message.question, () => performance.now()),
      );
      advance(message.id);
      return;
    case 'found':
      advance(message.id, unpackFound(message.found));
      return;
    case 'got':
      advance(message.id, message.got);
      return;
    case 'drop':
      underWay.delete(message.id);
      send({ type: 'dropped', id: message.id });
      return;
  }
});

/** `got` is left out where the question has not begun. */
function advance(id: number, ...[got]: [got?: Got]): void {
  const question = underWay.get(id);
  if (!question) return;
  try {
    const step = got === undefined ? question.next() : question.next(got);
    if (!step.done) {
      send({ type: 'want', id, want: step.value });
      return;
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
