import type { RollUp, RollUpCount, RollUpCountQuery, RollUpQuery, WorkflowStatus } from '@upshot/model';
import { compareRollUps, isSoughtKnown, matchesRollUp, statusAt } from '@upshot/storage';

/** Notes of workflows: of each place the latest version. */
export class RollUpIndex {
  private readonly byPlace = new Map<string, RollUp>();

  add(rollUps: readonly RollUp[]): void {
    for (const rollUp of rollUps) {
      const place = placeOf(rollUp);
      const known = this.byPlace.get(place);
      if (known === undefined || known.version <= rollUp.version)
        this.byPlace.set(place, structuredClone(rollUp));
    }
  }

  find(query: RollUpQuery): RollUp[] {
    return [...this.byPlace.values()]
      .filter((rollUp) => matchesRollUp(rollUp, query))
      .sort(compareRollUps)
      .slice(0, query.limit)
      .map(({ sought: _sought, ...told }) => structuredClone(told));
  }

  counts({ since, until, width, nowUnixNano, ...query }: RollUpCountQuery): RollUpCount[] {
    const counts = new Map<string, { span: number; status: WorkflowStatus; count: number }>();
    for (const rollUp of this.byPlace.values()) {
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
    for (const [place, { timeUnixNano }] of this.byPlace)
      if (timeUnixNano < before) this.byPlace.delete(place);
  }

  clear(): void {
    this.byPlace.clear();
  }
}

function placeOf({ timeUnixNano, id }: Pick<RollUp, 'timeUnixNano' | 'id'>): string {
  return `${timeUnixNano} ${id}`;
}
