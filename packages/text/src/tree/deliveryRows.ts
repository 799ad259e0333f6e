import type { Cause } from '@upshot/model';
import { name } from '../layout/Part.js';
import { joinedWords } from './joinedWords.js';
import { logRows } from './logRows.js';
import { type AttemptContext, type AttemptNames, attemptParts } from './nodeParts.js';
import type { Child } from './Outline.js';
import { leaf, type Row } from './Row.js';
import type { NodeOf, RowMaker } from './RowMaker.js';
import { attemptsParts } from './stackParts.js';

/** A delivery with more attempts than twice this shows so many at either end, and counts those between. */
const TOLD_ATTEMPTS = 20;

/**
 * What stands below a delivery: each attempt on its own line with what it led to, then what hangs on the delivery itself. What the
 * only attempt led to stands beside it rather than below: nobody can take it for another's, and the tree stays shallow.
 * @param cause the edge that put the delivery there: what it says of its evidence no attempt says again.
 */
export function deliveryRows(maker: RowMaker, delivery: NodeOf<'delivery'>, cause: Cause | null): Row[] {
  const { attempts, others } = belowDelivery(maker, delivery);
  const shared = sharedNames(maker, delivery);
  const said = joinedWords(maker.outline, { id: delivery.id, cause });
  const rows: Row[] = [];
  const untold = maker.options.full ? 0 : attempts.length - 2 * TOLD_ATTEMPTS;
  for (const [index, attempt] of attempts.entries()) {
    const led = (): Row[] => maker.rows(maker.outline.children(attempt.id), attempt);
    if (untold > 0 && index >= TOLD_ATTEMPTS && index < TOLD_ATTEMPTS + untold) {
      if (index === TOLD_ATTEMPTS) rows.push(between(attempts.slice(index, index + untold)));
      for (const row of led()) rows.push(row);
      continue;
    }
    const row = attemptRow(maker, attempt, {
      now: maker.options.now,
      names: besides(namesOf(maker, delivery, attempt), shared),
      before: attempts[index - 1]?.outcome ?? null,
      said,
    });
    const logs = (): Row[] => logRows(attempt, maker.options);
    if (attempts.length > 1) rows.push({ ...row, expand: () => [...logs(), ...led()] });
    else for (const below of [{ ...row, expand: logs }, ...led()]) rows.push(below);
  }
  return [...rows, ...maker.rows(others, delivery)];
}

function between(untold: readonly NodeOf<'attempt'>[]): Row {
  const [count, ...rest] = attemptsParts(untold);
  return leaf([name('… between them:'), { ...count!, glue: ' ' }, ...rest]);
}

/** A delivery's attempts in order, claimed, and what else stands below it. */
export function belowDelivery(
  maker: RowMaker,
  delivery: NodeOf<'delivery'>,
): { attempts: NodeOf<'attempt'>[]; others: Child[] } {
  const attempts: NodeOf<'attempt'>[] = [];
  const others: Child[] = [];
  for (const child of maker.outline.children(delivery.id)) {
    const node = maker.outline.node(child.id);
    if (node.type !== 'attempt' || node.delivery !== delivery.id) others.push(child);
    else if (maker.claims.claim(child.id)) attempts.push(node);
  }
  return { attempts: attempts.sort((a, b) => a.number - b.number), others };
}

/** What all attempts of a delivery have in common; "" where they differ. */
export function sharedNames(maker: RowMaker, delivery: NodeOf<'delivery'>): AttemptNames {
  const names = delivery.attempts.flatMap((id) => {
    const node = maker.outline.nodes.get(id);
    return node?.type === 'attempt' ? [namesOf(maker, delivery, node)] : [];
  });
  const common = (field: keyof AttemptNames): string => {
    const value = names[0]?.[field] ?? '';
    return names.every((one) => one[field] === value) ? value : '';
  };
  return { step: common('step'), service: common('service') };
}

/**
 * What an attempt's step and service say beyond its consumer and event: a span that names only the transport got the consumer's
 * name with the event's as its step.
 */
function namesOf(maker: RowMaker, delivery: NodeOf<'delivery'>, attempt: NodeOf<'attempt'>): AttemptNames {
  const event = maker.outline.nodes.get(delivery.event);
  const transportStep = `${delivery.consumer} ${event?.type === 'event' ? event.eventName : ''}`;
  return {
    step: attempt.step === transportStep || attempt.step === delivery.consumer ? '' : attempt.step,
    service: attempt.service === delivery.consumer ? '' : attempt.service,
  };
}

/** What is left to say of these names where the shared ones stand above. */
function besides({ step, service }: AttemptNames, shared: AttemptNames): AttemptNames {
  return { step: step === shared.step ? '' : step, service: service === shared.service ? '' : service };
}

function attemptRow(
  maker: RowMaker,
  attempt: NodeOf<'attempt'>,
  context: AttemptContext & { readonly said: string | null },
): Row {
  const joined = joinedWords(maker.outline, {
    id: attempt.id,
    cause: maker.outline.attemptCause(attempt.id),
  });
  const marks = maker.marks([attempt.id], joined === context.said ? null : joined);
  return leaf([...attemptParts(attempt, context), ...marks], maker.options.critical.has(attempt.id));
}
