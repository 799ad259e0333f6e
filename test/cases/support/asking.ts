import { askEvent, askWorkflow } from '@upshot/causality';
import type { EventAnswer, WorkflowGraph } from '@upshot/model';
import type { Store } from '@upshot/storage';
import { expect } from 'vitest';
import type { Case } from './Case.js';
import { drive } from './drive.js';
import type { ExpectedAsk } from './Expected.js';
import { matchEvent } from './matchEvent.js';
import { matchWorkflow } from './matchWorkflow.js';

/** Whatever answers questions: a store with causality before it, or a server. */
export interface Answers {
  workflow(key: string): Promise<WorkflowGraph | null>;
  event(eventId: string): Promise<EventAnswer | null>;
  /** The page of a workflow in text; null where nothing is known. */
  text(key: string): Promise<string | null>;
}

export type Ask = Pick<Answers, 'workflow' | 'event'>;

type Asked = Pick<Case, 'nowUnixNano' | 'conventions'>;

/** Causality over a store, at the time and with the conventions of a case. */
export function askingStore(store: Store, { nowUnixNano, conventions }: Asked): Ask {
  const options = { nowUnixNano, conventions };
  return {
    workflow: (key) => drive(store, askWorkflow(key, options)),
    event: (eventId) => drive(store, askEvent(eventId, options)),
  };
}

/** Holds each answer to what its case expects. */
export async function expectAnswers(asks: readonly ExpectedAsk[], answers: Answers): Promise<void> {
  for (const { key, alike = [], workflow, event, text = [] } of asks) {
    const answer = await answers.workflow(key);
    if (workflow === null) expect(answer, key).toBeNull();
    else if (workflow !== undefined) {
      expect(answer, `nothing is known of ${key}`).not.toBeNull();
      expect(matchWorkflow(workflow, answer!), key).toEqual([]);
    }
    if (answer !== null)
      expect(await answers.workflow(answer.key), 'its own key leads nowhere').not.toBeNull();
    for (const other of alike) expect(await answers.workflow(other), other).toEqual(answer);
    if (event !== undefined) {
      const about = await answers.event(key);
      if (event === null) expect(about, key).toBeNull();
      else expect(about === null ? ['nothing is known'] : matchEvent(event, about), key).toEqual([]);
    }
    const page = await answers.text(key);
    if (answer === null) expect(page, key).toBeNull();
    else for (const part of [answer.key, ...text]) expect(onOneLine(page ?? '')).toContain(onOneLine(part));
  }
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
