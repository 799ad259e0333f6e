import type { RollUp, RollUpQuery } from '@upshot/model';
import { compareRollUps, matchesRollUp } from '@upshot/storage';

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
      .map((rollUp) => structuredClone(rollUp));
  }

  expire(before: bigint): void {
    for (const { id, timeUnixNano } of this.byId.values()) if (timeUnixNano < before) this.byId.delete(id);
  }

  clear(): void {
    this.byId.clear();
  }
}
