import type { RollUp, RollUpCount, RollUpCountQuery, RollUpQuery, WorkflowStatus } from '@upshot/model';
import { compareRollUps, isSoughtKnown, matchesRollUp, statusAt } from '@upshot/storage';

/** Notes of workflows: of each place the latest version. */
export class RollUpIndex {
  private readonly byId = new Map<string, RollUp>();

  add(rollUps: readonly RollUp[]): void {
    for (const rollUp of rollUps) {
      const known = this.byId.get(rollUp.id);
      if (known === undefined || known.version <= rollUp.version)
        this.byId.set(rollUp.id, structuredClone(rollUp));
    }
  }

  find(query: RollUpQuery): RollUp[] {
    return [...this.byId.values()]
      .filter((rollUp) => matchesRollUp(rollUp, query))
      .sort(compareRollUps)
      .slice(0, query.limit)
      .map(({ sought: _sought, ...told }) => structuredClone(told));
  }

  counts({ since, until, width, nowUnixNano, ...query }: RollUpCountQuery): RollUpCount[] {
    const counts = new Map<string, { span: number; status: WorkflowStatus; count: number }>();
    for (const rollUp of this.byId.values()) {
      if (!matchesRollUp(rollUp, { ...query, since, before: until, limit: 1 })) continue;
      if (!isSoughtKnown(rollUp, query)) continue;
      const span = Number((rollUp.timeUnixNano - since) / width);
      const status = statusAt(rollUp, nowUnixNano);
      const key = `${span} ${status}`;
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { span, status, count: 1 });
      else known.count++;
    }
    return [...counts.values()];
  }

  expire(before: bigint): void {
    for (const { id, timeUnixNano } of this.byId.values()) if (timeUnixNano < before) this.byId.delete(id);
  }

  clear(): void {
    this.byId.clear();
  }
}
