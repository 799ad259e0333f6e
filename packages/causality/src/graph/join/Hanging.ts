import type { Evidence } from '@upshot/model';
import type { Reading } from '../../interpret/Reading.js';
import type { Contexts } from '../Contexts.js';
import { attemptAbove } from '../Draft.js';
import {
  type AttemptDraft,
  connect,
  type EventDraft,
  type GraphDraftNode,
  type StepDraft,
} from '../nodes.js';
import type { Roles } from '../roles.js';
import { type Batch, type Batches, lastTries } from './Batches.js';
import type { Narrowing } from './Narrowing.js';
import { type Narrowed, narrow } from './narrow.js';

/** Hangs a step or an event under the nodes of its parent and of the targets of its links. */
export class Hanging {
  constructor(
    private readonly contexts: Contexts,
    private readonly senders: Roles['senders'],
    private readonly nodesOf: ReadonlyMap<Reading, readonly GraphDraftNode[]>,
    private readonly narrowing: Narrowing,
    private readonly batches: Batches,
  ) {}

  hang(node: StepDraft | EventDraft, reading: Reading, kind: 'called' | 'published'): void {
    this.hangUnderParent(node, reading, kind);
    // A step of the work that links to the message once more says nothing that its attempt does not say.
    const known = node.type === 'step' ? attemptAbove(node)?.event : undefined;
    for (const link of reading.span.links) {
      const target = this.contexts.at(link);
      if (target === null || target === reading || this.carries(target, reading)) continue;
      const linked = this.nodesOf.get(target) ?? [];
      for (const one of linked) {
        if (one === node || one === known) continue;
        const several = linked.length > 1;
        connect(one, node, kind, ['link'], several ? 1 / linked.length : 1, { ambiguous: several });
      }
    }
  }

  private hangUnderParent(
    node: StepDraft | EventDraft,
    reading: Reading,
    kind: 'called' | 'published',
  ): void {
    let parent = this.contexts.parentOf(reading);
    while (parent !== null && this.carries(parent, reading)) parent = this.contexts.parentOf(parent);
    const around = parent === null ? [] : (this.nodesOf.get(parent) ?? []);
    const batch = parent === null ? null : this.batches.of(parent);
    if (batch !== null) {
      const candidates = batch.retried ? lastTries(batch.attempts, reading) : batch.attempts;
      const { attempts: owners, by } = this.narrowing.of(reading, candidates);
      hangUnderSeveral(node, kind, owners, by, batch);
      if (node.type === 'step') node.parent = owners[0]!;
      return;
    }
    for (const one of around) {
      connect(one, node, kind, ['parent'], around.length > 1 ? 1 / around.length : 1, {
        owners: ownersBelow(one, reading),
        ambiguous: around.length > 1,
      });
    }
    if (node.type === 'step' && around.length > 0) node.parent = around[0]!;
  }

  /** Whether a span only sent what another one had created: both ways of telling so, by link or by parent, name no cause. */
  private carries(sender: Reading, created: Reading): boolean {
    return this.senders.get(sender)?.includes(created) ?? false;
  }
}

function hangUnderSeveral(
  node: StepDraft | EventDraft,
  kind: 'called' | 'published',
  owners: readonly AttemptDraft[],
  by: Narrowed['by'],
  batch: Batch,
): void {
  const all = owners === batch.attempts;
  const set = all ? batch.set : new Set(owners);
  const several = owners.length > 1;
  const evidence: Evidence[] = ['parent', ...(by === null || by === 'key' ? [] : [by])];
  const confidence = several ? 1 / owners.length : by === 'key' ? 0.9 : 1;
  for (const owner of all ? batch.drawn : owners) {
    connect(owner, node, kind, evidence, confidence, { owners: set, ambiguous: several, fresh: true });
  }
}

/** What hangs under a step that several attempts share holds, where its own IDs say so, for some of them alone. */
function ownersBelow(parent: GraphDraftNode, reading: Reading): ReadonlySet<AttemptDraft> | null {
  if (parent.type !== 'step') return null;
  const shared = ownersOf(parent);
  if (shared === null || shared.size <= 1) return shared;
  const { attempts } = narrow(reading, [...shared]);
  return new Set(attempts);
}

function ownersOf(step: StepDraft): ReadonlySet<AttemptDraft> | null {
  let at: GraphDraftNode = step;
  for (let hops = 0; hops < 64 && at.type === 'step'; hops++) {
    const cause: StepDraft['causes'][number] | undefined = at.causes[0];
    if (cause === undefined) return null;
    if (cause.owners !== null) return cause.owners;
    at = cause.from;
  }
  return null;
}
