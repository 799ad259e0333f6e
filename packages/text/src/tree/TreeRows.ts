import type { DeliveryStatus, GraphNode } from '@upshot/model';
import { counted, formatCount } from '@upshot/model';
import { name, type Part, phrase } from '../layout/Part.js';
import { Claims } from './Claims.js';
import { deliveryRows, sharedNames } from './deliveryRows.js';
import { joinedWords } from './joinedWords.js';
import { logRows } from './logRows.js';
import { attemptParts, deliveryParts, eventParts, stepParts, titleParts } from './nodeParts.js';
import type { Child, Outline } from './Outline.js';
import { leaf, type Row } from './Row.js';
import type { RowMaker, TreeOptions } from './RowMaker.js';
import { LIKE_BRANCHES, stackRow } from './stackRow.js';

const EXPECTED: ReadonlySet<DeliveryStatus> = new Set(['missing', 'waiting']);

/** References to like nodes name so many of their numbers. */
const TOLD_NUMBERS = 5;

/** The rows of the tree, made as they are printed. Every node gets one place: a row, a share of a stack, or a share of a count. */
export class TreeRows implements RowMaker {
  readonly claims: Claims;

  constructor(
    readonly outline: Outline,
    readonly options: TreeOptions,
  ) {
    this.claims = new Claims(outline);
  }

  roots(): Row[] {
    return this.rows(
      this.outline.roots.map((id) => ({ id, cause: null })),
      null,
    );
  }

  /** One by one what no root leads to: cycles. To be drained after all else was expanded. */
  *unreached(): Generator<Row[]> {
    for (const id of this.outline.byTime()) {
      if (this.claims.has(id)) continue;
      this.claims.addRoot(id);
      yield this.rows([{ id, cause: null }], null);
    }
  }

  rows(children: readonly Child[], above: GraphNode | null, inStack = false): Row[] {
    const fresh = new Map<string, Child[]>();
    const again = new Map<string, Child[]>();
    for (const child of children) {
      const groups = this.claims.claim(child.id) ? fresh : again;
      const key = likeness(this.outline.node(child.id));
      const group = groups.get(key);
      if (group) group.push(child);
      else groups.set(key, [child]);
    }
    const stacked = this.stackedFrom(inStack);
    const byFirst = new Map<string, Row>();
    for (const group of fresh.values()) {
      const stack = group.length >= stacked ? stackRow(this, group, above) : null;
      if (stack) byFirst.set(group[0]!.id, stack);
      else for (const child of group) byFirst.set(child.id, this.single(child, above, inStack));
    }
    const inOrder = children.flatMap(({ id }) => {
      const row = byFirst.get(id);
      byFirst.delete(id);
      return row ?? [];
    });
    return [...inOrder, ...[...again.values()].flatMap((group) => this.references(group, stacked))];
  }

  single(child: Child, above: GraphNode | null, alone: boolean): Row {
    const { outline, options } = this;
    const node = outline.node(child.id);
    const service = above && 'service' in above ? above.service : null;
    const below = (): Row[] => [
      ...(node.type === 'delivery' ? [] : logRows(node, options)),
      ...this.rows(outline.children(node.id), node),
    ];
    switch (node.type) {
      case 'event': {
        const followed = outline.children(node.id).length > 0;
        const context = { start: options.start, root: above === null && !alone, followed };
        return this.row(child, eventParts(node, context), below);
      }
      case 'delivery': {
        const event = outline.nodes.get(node.event);
        const parts = deliveryParts(node, {
          now: options.now,
          event: event?.type === 'event' ? event : null,
          shared: sharedNames(this, node),
          alone: alone || above?.type !== 'event',
          evidence: node.status === 'missing' ? (options.evidence.get(node.id) ?? null) : null,
        });
        // That a missing delivery, or one that is waited for, is expected and not seen, its status says.
        const cause = node.attempts.length === 0 && EXPECTED.has(node.status) ? null : child.cause;
        return this.row({ id: child.id, cause }, parts, () => deliveryRows(this, node, cause));
      }
      case 'attempt':
        return this.row(child, attemptParts(node, { now: options.now, names: node, before: null }), below);
      case 'step':
        return this.row(child, stepParts(node, service), below);
    }
  }

  marks(ids: readonly string[], joined: string | null): Part[] {
    const parts: Part[] = [];
    if (joined !== null) parts.push(phrase(joined, 'retry'));
    const folded = { count: 0, failed: 0 };
    for (const id of ids) {
      const fold = this.outline.folded(id);
      folded.count += fold?.count ?? 0;
      folded.failed += fold?.failed ?? 0;
    }
    if (folded.count > 0) {
      const failed = folded.failed > 0 ? `, ${formatCount(folded.failed)} failed` : '';
      parts.push(phrase(counted(folded.count, 'transport step') + failed, 'dim'));
    }
    const number = this.claims.sharedNumber(ids);
    if (number !== null) parts.push(name(`[${number}]`, 'dim', ' '));
    return parts;
  }

  private row(child: Child, parts: readonly Part[], expand: () => Row[]): Row {
    return {
      parts: [...parts, ...this.marks([child.id], joinedWords(this.outline, child))],
      critical: this.options.critical.has(child.id),
      expand,
    };
  }

  /** Rows for what has its place elsewhere. */
  private references(group: readonly Child[], stacked: number): Row[] {
    if (group.length >= stacked) return [this.reference(group)];
    return group.map((child) => this.reference([child]));
  }

  private reference(group: readonly Child[]): Row {
    const numbers = [...new Set(group.map(({ id }) => this.claims.numberOf(id)))];
    const told = numbers.slice(0, TOLD_NUMBERS).map((number) => `[${number}]`);
    const more = numbers.length - told.length;
    return leaf([
      ...titleParts(this.outline.node(group[0]!.id), group.length),
      name(`see ${told.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`, 'dim'),
      ...(group.length === 1 ? [phrase(joinedWords(this.outline, group[0]!) ?? '', 'retry')] : []),
    ]);
  }

  private stackedFrom(inStack: boolean): number {
    if (this.options.full) return Number.POSITIVE_INFINITY;
    return inStack ? 2 : LIKE_BRANCHES + 1;
  }
}

/** Branches that are equal in this are alike. */
function likeness(node: GraphNode): string {
  switch (node.type) {
    case 'event':
      return JSON.stringify([
        'e',
        node.kind,
        node.eventName,
        node.destination,
        node.system,
        node.producer,
        node.error !== undefined,
      ]);
    case 'delivery':
      return JSON.stringify(['d', node.consumer]);
    case 'step':
      return JSON.stringify(['s', node.step, node.service, node.layer]);
    case 'attempt':
      return JSON.stringify(['a', node.step, node.service]);
  }
}
