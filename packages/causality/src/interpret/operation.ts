import { type Span, SpanKind } from '@upshot/model';
import { said } from './concepts.js';
import type { Role } from './Reading.js';

/** What a span does, and on what ground that was said. */
export interface Operation {
  readonly role: Role;
  readonly creates: boolean;
  /** True where nothing but the kind said it. */
  readonly byKind: boolean;
}

/** Values of `messaging.operation(.type)` in all generations, and those in the wild. */
const OPERATIONS: Readonly<Record<string, Role | 'create'>> = {
  publish: 'publish',
  send: 'publish',
  produce: 'publish',
  create: 'create',
  receive: 'receive',
  received: 'receive',
  poll: 'receive',
  process: 'process',
  deliver: 'process',
  consume: 'process',
  settle: 'settle',
  ack: 'settle',
  nack: 'settle',
  reject: 'settle',
  complete: 'settle',
  abandon: 'settle',
  defer: 'settle',
  dead_letter: 'settle',
  modack: 'settle',
};

const NAMED =
  /^(send|publish|process|poll|receive|create|settle|ack|nack|consume)\b| (send|publish|receive|process|create|ack|nack)$/;

/**
 * Classifies by evidence, in this order: operation attribute, then kind, then name. The kind beats an operation that contradicts it: a
 * producer publishes whatever it calls that (watermill-opentelemetry sends producers with `messaging.operation=process`).
 */
export function operationOf(span: Span, messaging: boolean): Operation {
  const stated = said(span.attributes, 'operation') ?? said(span.attributes, 'operationName');
  const known = stated === null ? undefined : OPERATIONS[stated.toLowerCase()];
  if (span.kind === SpanKind.producer) {
    return { role: 'publish', creates: known === 'create', byKind: known === undefined };
  }
  if (span.kind === SpanKind.consumer) {
    if (known === 'receive' || known === 'settle') return { role: known, creates: false, byKind: false };
    return { role: 'process', creates: false, byKind: known === undefined };
  }
  if (known === 'create') return { role: 'publish', creates: true, byKind: false };
  if (known !== undefined) return { role: known, creates: false, byKind: false };
  if (span.attributes.has('upshot.consumer')) return { role: 'process', creates: false, byKind: false };
  if (span.kind === SpanKind.client && messaging) {
    const named = NAMED.exec(span.name);
    const role = named === null ? undefined : OPERATIONS[(named[1] ?? named[2])!];
    if (role === 'create') return { role: 'publish', creates: true, byKind: false };
    if (role !== undefined) return { role, creates: false, byKind: false };
  }
  return { role: 'step', creates: false, byKind: true };
}
