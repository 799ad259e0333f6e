import type { Evidence } from '@upshot/model';
import type { MessageRef, Reading, SpanContext } from '../../interpret/Reading.js';
import type { Contexts } from '../Contexts.js';
import { type EvidenceSet, evidenceOf, withAll } from '../evidence.js';
import type { Roles } from '../roles.js';

/** How far a consumer's own context led. */
export type Lead =
  | { readonly to: 'publish'; readonly publication: Reading; evidence: EvidenceSet }
  | { readonly to: 'span'; readonly span: Reading; readonly evidence: EvidenceSet }
  | { readonly to: 'missing'; readonly context: SpanContext }
  | { readonly to: 'nothing' };

/** Where the messages of an attempt lead by context. Parent and link are taken together: two ways to one publish are one. */
export function leadsOf(
  reading: Reading,
  contexts: Contexts,
  carrierOf: ReadonlyMap<Reading, Reading>,
  publishing: ReadonlySet<Reading>,
  roles: Roles,
): { message: MessageRef; lead: Lead }[] {
  const leads: { message: MessageRef; lead: Lead }[] = reading.messages.map((message) => ({
    message,
    lead:
      message.link === null || contexts.at(message.link) === carrierOf.get(reading)
        ? { to: 'nothing' }
        : follow(message.link, 'link', reading, contexts, publishing, roles),
  }));
  const byParent = parentLead(reading, contexts, carrierOf, publishing, roles);
  if (byParent.to === 'nothing') return leads;
  const single = leads.length === 1 ? leads[0]! : null;
  if (byParent.to === 'publish') {
    const same = leads.find(({ lead }) => lead.to === 'publish' && lead.publication === byParent.publication);
    if (same !== undefined && same.lead.to === 'publish')
      // Through the fetch around it the way may have led by that one's link.
      same.lead.evidence = withAll(same.lead.evidence, byParent.evidence);
    else if (
      single !== null &&
      (single.lead.to === 'nothing' || single.lead.to === 'missing' || single.lead.to === 'span')
    ) {
      single.lead = byParent;
    } else leads.push({ message: { ...reading.messages[0]!, link: null }, lead: byParent });
  } else if (single !== null && single.lead.to === 'nothing') single.lead = byParent;
  return leads;
}

/** Where the parent leads: to a publish, up through a `receive`; to another service's span; nowhere, for a span of its own service. */
function parentLead(
  reading: Reading,
  contexts: Contexts,
  carrierOf: ReadonlyMap<Reading, Reading>,
  publishing: ReadonlySet<Reading>,
  roles: Roles,
): Lead {
  const carrier = carrierOf.get(reading);
  if (carrier !== undefined) {
    const around = parentLead(carrier, contexts, carrierOf, publishing, roles);
    if (around.to !== 'nothing') return around;
    const link = carrier.messages.length === 1 ? carrier.messages[0]!.link : null;
    return link === null ? around : follow(link, 'link', carrier, contexts, publishing, roles);
  }
  const { traceId, parentSpanId } = reading.span;
  if (parentSpanId === '') return { to: 'nothing' };
  const parent = contexts.parentOf(reading);
  if (parent === null) {
    return contexts.lacksParent(reading)
      ? { to: 'missing', context: { traceId, spanId: parentSpanId } }
      : { to: 'nothing' };
  }
  return reach(parent, 'parent', reading, contexts, publishing, roles);
}

function follow(
  context: SpanContext,
  evidence: Evidence,
  from: Reading,
  contexts: Contexts,
  publishing: ReadonlySet<Reading>,
  roles: Roles,
): Lead {
  const target = contexts.at(context);
  if (target === null) return { to: 'missing', context };
  return reach(target, evidence, from, contexts, publishing, roles);
}

/** A named span: a publish, a client span within one, or a span of another service whose context was carried as it was. */
function reach(
  target: Reading,
  evidence: Evidence,
  from: Reading,
  contexts: Contexts,
  publishing: ReadonlySet<Reading>,
  roles: Roles,
): Lead {
  let at: Reading | null = target;
  for (let hops = 0; at !== null && hops < 8; hops++) {
    if (publishing.has(at)) return { to: 'publish', publication: at, evidence: evidenceOf(evidence) };
    const created: readonly Reading[] | undefined = roles.senders.get(at);
    if (created !== undefined)
      return { to: 'publish', publication: created[0]!, evidence: evidenceOf(evidence) };
    if (isServerOf(at, from)) {
      const sender = contexts.parentOf(at);
      const { traceId, parentSpanId: spanId } = at.span;
      if (sender === null)
        return contexts.lacksParent(at) ? { to: 'missing', context: { traceId, spanId } } : { to: 'nothing' };
      target = sender;
      at = sender;
      continue;
    }
    if (at.role !== 'step' || at.span.kind !== 3 || at.service !== target.service) break;
    at = contexts.parentOf(at);
  }
  const local = evidence === 'parent' && target.service === from.service;
  if (local && target.role !== 'step') return { to: 'nothing' };
  if (local && (from.messages[0]!.link !== null || from.role === 'receive')) return { to: 'nothing' };
  if (local && from.stored && !sentByItself(target)) return { to: 'nothing' };
  return { to: 'span', span: target, evidence: evidenceOf(evidence) };
}

/** Whether a span is the HTTP server's by which an event came in to this consumer: who sent it is that one's parent. */
function isServerOf(at: Reading, consumer: Reading): boolean {
  return (
    consumer.system === 'http' && at.role === 'step' && at.span.kind === 2 && at.service === consumer.service
  );
}

/** Whether a span of the consumer's own service may be where the message came from, rather than what the consumer runs in. */
function sentByItself(parent: Reading): boolean {
  return parent.span.kind === 2 || parent.span.kind === 3;
}
